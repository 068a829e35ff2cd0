// Datasets: arrays stored in one piece or in chunks (§IV.A.2.i).
import Formats

/// A dataset of numbers.
struct HDF5Dataset: Sendable {
  let shape: [Int]
  let type: ElementType
  private let source: any ByteSource
  private let layout: Layout
  private let count: Int

  /// The most bytes of unwritten elements, since they take no space in the file.
  static let mostUnwritten = 1 << 20

  private enum Layout: Sendable {
    /// Never written; the fill value.
    case unwritten(Float)
    case inHeader([UInt8])
    case contiguous(Int)
    case chunked(HDF5Chunks)
  }

  /// Why a dataset cannot be read; nil if it can, or if the object is not a dataset.
  static func obstacle(_ object: HDF5Object) throws -> String? {
    guard let space = try object.body(.dataspace), try object.body(.layout) != nil,
      let typeMessage = try object.body(.datatype)
    else { return nil }
    guard let shape = try hdf5Shape(space) else { return "an empty dataset" }
    guard try object.body(.external) == nil else { return "array \(shape) in another file" }
    let type = try HDF5Type(typeMessage)
    if case .number = type { return nil }
    return "array \(shape) of \(type.name)"
  }

  /// Nil if the object is not a dataset of numbers. Throws `Problem` if it cannot be read or if its
  /// size does not fit its shape.
  init?(_ object: HDF5Object) throws {
    guard let space = try object.body(.dataspace), let layout = try object.body(.layout),
      try object.body(.external) == nil, let typeMessage = try object.body(.datatype),
      case .number(let type) = try HDF5Type(typeMessage), let shape = try hdf5Shape(space)
    else { return nil }
    source = object.file.source
    self.shape = shape
    self.type = type
    guard let count = elementCount(shape), let bytes = elementCount([count, type.size]) else {
      throw space.problem("has shape \(shape); expected a smaller one")
    }
    self.count = count
    self.layout = try Self.layout(layout, object, shape, type, bytes: bytes)
  }

  private static func layout(
    _ message: Cursor, _ object: HDF5Object, _ shape: [Int], _ type: ElementType, bytes: Int
  ) throws -> Layout {
    var message = message
    let version = try message.number(1)
    let kind = try message.number(1)
    guard (3...4).contains(version) else {
      throw message.problem("is of version \(version); expected 3 or 4")
    }
    switch kind {
    case 0:
      let content = try message.take(try message.number(2))
      guard content.count == bytes else {
        throw message.problem("holds \(content.count) bytes; expected \(bytes)")
      }
      return .inHeader(content)
    case 1:
      return try contiguous(&message, object, type, bytes: bytes)
    case 2 where version == 3:
      return .chunked(try HDF5Chunks(message, object, shape, type))
    default:
      throw message.problem(
        "is of kind \(kind), version \(version); expected one that h5py writes by default")
    }
  }

  private static func contiguous(
    _ message: inout Cursor, _ object: HDF5Object, _ type: ElementType, bytes: Int
  ) throws -> Layout {
    let (address, size) = (try message.number(8), try message.number(8))
    if address == HDF5File.nowhere {
      guard bytes <= mostUnwritten, let fill = try object.fillValue(type) else {
        throw message.problem("holds no data; expected \(bytes) bytes")
      }
      return .unwritten(fill)
    }
    guard size == bytes else { throw message.problem("holds \(size) bytes; expected \(bytes)") }
    _ = try object.file.source.section(at: address, count: bytes, of: "HDF5 dataset")
    return .contiguous(address)
  }

  /// All values, row-major. Throws `Problem`.
  func values() throws -> [Float] {
    switch layout {
    case .unwritten(let fill): [Float](repeating: fill, count: count)
    case .inHeader(let bytes): type.floats(bytes)
    case .contiguous(let start):
      try type.floats(of: source, at: start, count: count, of: "HDF5 dataset")
    case .chunked(let chunks): try chunks.values(type, source)
    }
  }
}
