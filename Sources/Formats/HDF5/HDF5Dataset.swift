// Datasets: where an array's numbers lie, in one piece or in chunks (§IV.A.2.i).

struct HDF5Dataset: Sendable {
  let shape: [Int]
  let type: ElementType
  private let source: any ByteSource
  private let layout: Layout
  private let count: Int

  private enum Layout: Sendable {
    /// Never written: zeros.
    case none
    case inHeader([UInt8])
    case contiguous(Int)
    case chunked(HDF5Chunks)
  }

  /// Nil when the object is no dataset of numbers. Throws `FormatError` when it is one that cannot
  /// be read or whose size is not what its shape needs.
  init?(_ object: HDF5Object) throws {
    guard let space = try object.body(.dataspace), let layout = try object.body(.layout),
      let typeMessage = try object.body(.datatype),
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
      return try contiguous(&message, object.file.source, bytes: bytes)
    case 2 where version == 3:
      return .chunked(try HDF5Chunks(message, object, shape, type))
    default:
      throw message.problem(
        "is of kind \(kind), version \(version); expected one that h5py writes by default")
    }
  }

  private static func contiguous(
    _ message: inout Cursor, _ source: any ByteSource, bytes: Int
  ) throws -> Layout {
    let (address, size) = (try message.number(8), try message.number(8))
    if address == HDF5File.nowhere {
      // Zeros cost nothing in the file, so they may not cost much here either.
      guard bytes <= 1 << 20 else { throw message.problem("holds no data; expected \(bytes)") }
      return .none
    }
    guard size == bytes else { throw message.problem("holds \(size) bytes; expected \(bytes)") }
    _ = try source.section(at: address, count: bytes, of: "HDF5 dataset")
    return .contiguous(address)
  }

  /// All numbers, row-major. Throws `FormatError`.
  func values() throws -> [Float] {
    switch layout {
    case .none: [Float](repeating: 0, count: count)
    case .inHeader(let bytes): type.floats(bytes)
    case .contiguous(let start):
      try type.floats(of: source, at: start, count: count, of: "HDF5 dataset")
    case .chunked(let chunks): try chunks.values(type, source)
    }
  }
}
