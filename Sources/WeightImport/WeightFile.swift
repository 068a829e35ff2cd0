// Named arrays of numbers from weight files of any supported format.
import Formats
import Foundation

/// The content of a weight file: names, shapes and types, and values on demand. Nothing in such a
/// file is ever executed.
public struct WeightFile: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    case safetensors, npy, npz
    /// `torch.save`: a ZIP archive since PyTorch 1.6, a sequence of pickles before.
    case pyTorch = "pytorch"
    case legacyPyTorch = "pytorch-legacy"
    /// Layers and weights by the names in Keras, or all datasets of an HDF5 file.
    case keras = "keras-hdf5"
    case hdf5
  }

  /// A part of the file that cannot be read, so that nothing is left out silently.
  public struct Unread: Sendable, Equatable {
    /// Its place, named like a tensor.
    public let name: String
    /// Why it cannot be read, such as "array [3] of <c8".
    public let reason: String
  }

  /// One array, row-major.
  public struct Tensor: Sendable {
    public let name: String
    public let shape: [Int]
    public let type: ElementType
    let load: @Sendable () throws -> [Float]

    /// The number of elements, and of bytes in their own type. Both fit an `Int`: `WeightFile`
    /// refuses other shapes.
    public var count: Int { elementCount(shape) ?? 0 }
    public var byteCount: Int { elementCount([count, type.size]) ?? 0 }

    /// Reads the values, row-major, converted to `Float`. Throws `Problem`.
    public func values() throws -> [Float] { try load() }
  }

  /// The name of the file in errors.
  public let file: String
  public let format: Format
  /// All tensors, in the order of the file.
  public let tensors: [Tensor]
  /// Metadata in the file.
  public let metadata: [String: String]
  /// The parts that cannot be read, in the order of the file.
  public let unread: [Unread]
  /// The numbers of elements and bytes of all tensors.
  public let parameterCount, byteCount: Int
  private let places: [String: Int]

  /// Opens a file, which gzip may have compressed, and recognizes its format by its first bytes.
  /// Throws `Problem`.
  public init(_ url: URL) throws { try self.init(OpenFile(url)) }

  /// The same from memory; `name` names it in errors.
  package init(_ bytes: [UInt8], name: String) throws {
    try self.init(MemoryBytes(name: name, content: bytes))
  }

  private init(_ packed: some ByteSource) throws {
    let source = try packed.expanded()
    let start = try source.fetch(0..<min(TorchArchive.legacyStart, source.count))
    if start.starts(with: HDF5File.signature) {
      self = try KerasHDF5.open(source)
    } else if start.starts(with: [0x50, 0x4b]) {
      try self.init(archive: ZipArchive(source))
    } else if start.starts(with: NPYArray.magic) {
      try self.init(array: NPYArray(source), source)
    } else if TorchArchive.isLegacy(start) {
      self = try TorchArchive.openLegacy(source)
    } else if try Safetensors.isOne(source) {
      try self.init(safetensors: source)
    } else if try HDF5File.start(source) != nil {
      self = try KerasHDF5.open(source)
    } else {
      throw source.problem(
        "not a weight file; expected safetensors, npz, npy, PyTorch's .pth or Keras' .h5")
    }
  }

  /// Throws `Problem` if two tensors have the same name, or if the number of elements overflows.
  init(
    _ source: any ByteSource, _ format: Format, _ tensors: [Tensor],
    metadata: [String: String] = [:], unread: [Unread] = []
  ) throws {
    for tensor in tensors {
      guard let count = elementCount(tensor.shape), elementCount([count, tensor.type.size]) != nil
      else {
        throw source.problem(
          "tensor '\(tensor.name)' has shape \(tensor.shape); expected one that can be counted")
      }
    }
    guard let parameters = total(tensors.map(\.count)), let bytes = total(tensors.map(\.byteCount))
    else { throw source.problem("the sum of all shapes overflows; expected fewer numbers") }
    (parameterCount, byteCount) = (parameters, bytes)
    var places: [String: Int] = [:]
    for (index, tensor) in tensors.enumerated() {
      guard places.updateValue(index, forKey: tensor.name) == nil else {
        throw source.problem("two tensors '\(tensor.name)'; expected one")
      }
    }
    file = source.name
    self.format = format
    self.tensors = tensors
    self.metadata = metadata
    self.unread = unread
    self.places = places
  }

  public subscript(name: String) -> Tensor? { places[name].map { tensors[$0] } }

  /// The values of a tensor of this shape. Throws `Problem` if there is none.
  public func values(_ name: String, shape: [Int]) throws -> [Float] {
    guard let tensor = self[name] else {
      throw Problem(
        file, "no tensor '\(name)' among \(tensors.count); expected shape \(shape)")
    }
    guard tensor.shape == shape else {
      throw Problem(
        file, "tensor '\(name)' has shape \(tensor.shape); expected \(shape)")
    }
    return try tensor.values()
  }
}

extension WeightFile {
  private init(array: NPYArray, _ source: any ByteSource) throws {
    guard let type = array.type else {
      throw source.problem("elements of type \(array.header.descr); expected numbers such as <f4")
    }
    let tensor = Tensor(name: "array", shape: array.header.shape, type: type) {
      try array.values()
    }
    try self.init(source, .npy, [tensor])
  }

  /// The member with the weights in a model of Keras 3.
  private static let kerasMember = "model.weights.h5"

  private init(archive: ZipArchive) throws {
    if TorchArchive.isOne(archive) {
      self = try TorchArchive.open(archive)
    } else if let member = archive.members.first(where: { $0.name == Self.kerasMember }) {
      self = try KerasHDF5.open(archive.contents(of: member))
    } else {
      try self.init(NPZ(archive))
    }
  }

  private init(_ archive: NPZ) throws {
    var tensors: [Tensor] = []
    var unread: [Unread] = []
    for name in archive.names {
      let header = try archive.header(name)
      if let type = ElementType(numpy: header.descr) {
        tensors.append(
          Tensor(name: name, shape: header.shape, type: type) { try archive.array(name).values })
      } else {
        unread.append(Unread(name: name, reason: "array \(header.shape) of \(header.descr)"))
      }
    }
    unread += archive.others.map { Unread(name: $0, reason: "not an array") }
    try self.init(archive.source, .npz, tensors, unread: unread)
  }

  private init(safetensors source: any ByteSource) throws {
    let layout = try Safetensors.layout(source)
    let tensors = layout.spans.map { span in
      Tensor(name: span.name, shape: span.shape, type: span.type) {
        try span.type.floats(
          of: source, at: span.start, count: span.count, of: "tensor '\(span.name)'")
      }
    }
    try self.init(
      source, .safetensors, tensors, metadata: layout.metadata,
      unread: layout.unread.map { Unread(name: $0.name, reason: $0.reason) })
  }
}

/// The sum; nil if it overflows.
func total(_ counts: some Sequence<Int>) -> Int? {
  var sum = 0
  for count in counts {
    let (next, overflow) = sum.addingReportingOverflow(count)
    if overflow { return nil }
    sum = next
  }
  return sum
}
