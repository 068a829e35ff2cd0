// Named arrays of numbers, whatever kind of file they lie in.
import Formats
import Foundation

/// What a file of weights holds: names, shapes and types at once, values when asked for. Nothing in
/// such a file is ever executed.
public struct WeightFile: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    case safetensors, npy, npz
    /// `torch.save`: a ZIP archive since PyTorch 1.6, a row of pickles before.
    case pyTorch = "pytorch"
    case legacyPyTorch = "pytorch-legacy"
    /// Layers and weights as Keras names them, or just all datasets of an HDF5 file.
    case keras = "keras-hdf5"
    case hdf5
  }

  /// A part of the file that is not read, so that nothing is left out without a word.
  public struct Unread: Sendable, Equatable {
    /// Where it lies, named as a tensor there would be.
    public let name: String
    /// Why it is not read, such as "array [3] of <c8".
    public let reason: String
  }

  /// One array, row-major.
  public struct Tensor: Sendable {
    public let name: String
    public let shape: [Int]
    public let type: ElementType
    let load: @Sendable () throws -> [Float]

    /// How many numbers, and how many bytes they take in their own type. A file's tensors all have
    /// shapes for which these fit an `Int`: `WeightFile` refuses others.
    public var count: Int { elementCount(shape) ?? 0 }
    public var byteCount: Int { elementCount([count, type.size]) ?? 0 }

    /// Reads the numbers, row-major, converted to `Float`. Throws `Problem`.
    public func values() throws -> [Float] { try load() }
  }

  /// The file, as errors name it.
  public let file: String
  public let format: Format
  /// In the file's order.
  public let tensors: [Tensor]
  /// Free text the file carries.
  public let metadata: [String: String]
  /// Parts of the file that are not read, in its order.
  public let unread: [Unread]
  /// All numbers of all tensors, and the bytes they take.
  public let parameterCount, byteCount: Int
  private let places: [String: Int]

  /// Opens `url`, also one packed by gzip, and finds out by its first bytes what it is. Throws
  /// `Problem`.
  public init(_ url: URL) throws { try self.init(OpenFile(url)) }

  /// The same from memory; `name` stands for the file in errors.
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
        "no file of weights; expected safetensors, npz, npy, PyTorch's .pth or Keras' .h5")
    }
  }

  /// Throws `Problem` when two tensors have one name, or have more numbers than can be counted.
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

  /// The values of a tensor that must be there with this shape. Throws `Problem`.
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

  /// Keras 3 saves a model as an archive that holds its weights as an HDF5 file.
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
    unread += archive.others.map { Unread(name: $0, reason: "no array") }
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

/// The sum, or nil where it overflows.
func total(_ counts: some Sequence<Int>) -> Int? {
  var sum = 0
  for count in counts {
    let (next, overflow) = sum.addingReportingOverflow(count)
    if overflow { return nil }
    sum = next
  }
  return sum
}
