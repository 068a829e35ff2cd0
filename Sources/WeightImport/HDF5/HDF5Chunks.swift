// Arrays in chunks of one shape, each compressed on its own.
import Formats

/// The chunks of a dataset.
struct HDF5Chunks: Sendable {
  private struct Chunk: Sendable {
    /// The address and size of its compressed bytes in the file.
    let address, packed: Int
    /// The filters that were not applied to it, one bit each.
    let skipped: Int
    /// The index of its first element in the array.
    let corner: [Int]
  }

  /// A filter of the bytes of a chunk.
  private enum Filter: Int { case deflate = 1, shuffle, fletcher32 }

  private let shape, chunkShape: [Int]
  private let chunkBytes: Int
  private let chunks: [Chunk]
  private let filters: [Filter]
  /// The value of elements whose chunk was never written.
  private let fill: Float?

  /// Reads the index: layout version 3, a B-tree of chunks. Throws `Problem` unless each chunk is a
  /// part of the array and occurs once.
  init(_ layout: Cursor, _ object: HDF5Object, _ shape: [Int], _ type: ElementType) throws {
    var layout = layout
    let rank = try layout.number(1) - 1
    let tree = try layout.number(8)
    guard rank == shape.count, rank > 0 else {
      throw layout.problem("has chunks of rank \(rank); expected \(shape.count)")
    }
    let chunkShape = try (0..<rank).map { _ in try layout.number(4) }
    guard try layout.number(4) == type.size, chunkShape.allSatisfy({ $0 > 0 }),
      let elements = elementCount(chunkShape), let bytes = elementCount([elements, type.size]),
      bytes <= 1 << 30
    else { throw layout.problem("has chunks \(chunkShape); expected sizes that fit the type") }
    filters = try object.body(.filters).map(Self.filters) ?? []
    var chunks: [Chunk] = []
    if tree != HDF5File.nowhere {
      try HDF5Tree.leaves(object.file, at: tree, type: 1, keySize: 16 + 8 * rank) { key, address in
        chunks.append(try Self.chunk(key, address, rank))
      }
    }
    self.shape = shape
    self.chunkShape = chunkShape
    self.chunks = chunks
    chunkBytes = bytes
    fill = try object.fillValue(type)
    try check(object.file.source, type)
  }

  private static func chunk(_ key: Cursor, _ address: Int, _ rank: Int) throws -> Chunk {
    var key = key
    let (packed, skipped) = (try key.number(4), try key.number(4))
    let corner = try (0..<rank).map { _ in try key.number(8) }
    return Chunk(address: address, packed: packed, skipped: skipped, corner: corner)
  }

  /// Checks that each chunk occurs at most once and lies in the file. So the size of the array is
  /// bounded by its chunks and by the limit for unwritten elements.
  private func check(_ source: any ByteSource, _ type: ElementType) throws {
    let needed = elementCount(zip(shape, chunkShape).map { $0 == 0 ? 0 : ($0 - 1) / $1 + 1 })
    guard let needed, Set(chunks.map(\.corner)).count == chunks.count,
      needed == chunks.count || isPartly(needed, type)
    else {
      throw source.problem(
        "HDF5 dataset has \(chunks.count) chunks; expected each of its array once")
    }
    for chunk in chunks {
      let isInside = zip(chunk.corner, zip(shape, chunkShape)).allSatisfy { corner, sizes in
        corner < sizes.0 && corner % sizes.1 == 0
      }
      _ = try source.section(at: chunk.address, count: chunk.packed, of: "HDF5 chunk")
      guard isInside, chunk.packed >= chunkBytes / 1100 else {
        throw source.problem(
          "HDF5 chunk at \(chunk.corner) of \(chunk.packed) bytes; expected one of array \(shape)")
      }
    }
  }

  /// Whether missing chunks may count as unwritten.
  private func isPartly(_ needed: Int, _ type: ElementType) -> Bool {
    guard let count = elementCount(shape), let bytes = elementCount([count, type.size]),
      fill != nil, chunks.count < needed
    else { return false }
    return bytes <= HDF5Dataset.mostUnwritten || needed / 4 <= chunks.count
  }

  private static func filters(_ message: Cursor) throws -> [Filter] {
    var message = message
    let version = try message.number(1)
    let count = try message.number(1)
    try message.skip(version == 1 ? 6 : 0)
    return try (0..<count).map { _ in
      let id = try message.number(2)
      let nameLength = version == 1 || id >= 256 ? try message.number(2) : 0
      try message.skip(2)
      let values = try message.number(2)
      try message.skip(nameLength + 4 * values + (version == 1 && values % 2 == 1 ? 4 : 0))
      guard let filter = Filter(rawValue: id) else {
        throw message.problem("names filter \(id); expected deflate, shuffle or fletcher32")
      }
      return filter
    }
  }
}

extension HDF5Chunks {
  /// The whole array, row-major.
  func values(_ type: ElementType, _ source: any ByteSource) throws -> [Float] {
    var values = [Float](repeating: fill ?? 0, count: elementCount(shape) ?? 0)
    for chunk in chunks {
      let packed = try source.section(at: chunk.address, count: chunk.packed, of: "HDF5 chunk")
      let bytes = try unpacked(packed, chunk.skipped, type.size)
      copy(type.floats(bytes), at: chunk.corner, to: &values)
    }
    return values
  }

  /// Undoes the filters, from the last to the first.
  private func unpacked(
    _ packed: some ByteSource, _ skipped: Int, _ elementSize: Int
  ) throws -> [UInt8] {
    var source: any ByteSource = packed
    for (index, filter) in filters.enumerated().reversed() where skipped >> index & 1 == 0 {
      switch filter {
      case .deflate:
        let size = chunkBytes + (filters[..<index].contains(.fletcher32) ? 4 : 0)
        let bytes = try Inflate.bytes(source, .zlib, size: size, of: "HDF5 chunk")
        source = MemoryBytes(name: packed.name, content: bytes)
      case .shuffle:
        let bytes = Self.unshuffled(try source.fetch(0..<source.count), elementSize)
        source = MemoryBytes(name: packed.name, content: bytes)
      case .fletcher32:
        source = try source.section(at: 0, count: source.count - 4, of: "HDF5 chunk")
      }
    }
    guard source.count == chunkBytes else {
      throw packed.problem("HDF5 chunk of \(source.count) bytes; expected \(chunkBytes)")
    }
    return try source.fetch(0..<source.count)
  }

  /// Reorders all first bytes, all second bytes, … into whole elements.
  private static func unshuffled(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
    let count = bytes.count / size
    var result = bytes
    for index in 0..<count {
      for byte in 0..<size { result[index * size + byte] = bytes[byte * count + index] }
    }
    return result
  }

  /// Copies a chunk row by row and drops what exceeds the array.
  private func copy(_ chunk: [Float], at corner: [Int], to values: inout [Float]) {
    let rank = shape.count
    let width = min(chunkShape[rank - 1], shape[rank - 1] - corner[rank - 1])
    var index = [Int](repeating: 0, count: rank)  // of the row's first element, in the chunk
    for start in stride(from: 0, to: chunk.count, by: chunkShape[rank - 1]) {
      let place = zip(corner, index).map { $0 + $1 }
      if zip(place, shape).allSatisfy({ $0 < $1 }) {
        let target = zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 }
        for column in 0..<width { values[target + column] = chunk[start + column] }
      }
      for axis in (0..<rank - 1).reversed() {
        index[axis] += 1
        if index[axis] < chunkShape[axis] { break }
        index[axis] = 0
      }
    }
  }
}

extension HDF5Object {
  /// The value of elements that were never written: 0, or the fill value of the file. Nil if the
  /// file states that they have none. Throws `Problem`.
  func fillValue(_ type: ElementType) throws -> Float? {
    if var message = try body(.fill) {
      let version = try message.number(1)
      guard (1...3).contains(version) else {
        throw message.problem("is of version \(version); expected 1 to 3")
      }
      if version == 3 {
        let flags = try message.number(1)
        if flags & 0x10 != 0 { return nil }
        return flags & 0x20 != 0 ? try value(&message, type) : 0
      }
      try message.skip(2)
      let isDefined = try message.number(1) != 0
      // Version 1 always has a size, perhaps 0; a negative size means no fill value.
      guard isDefined || version == 1 else { return nil }
      return try value(&message, type)
    }
    guard var message = try body(.oldFill) else { return 0 }
    return try value(&message, type)
  }

  /// One element after its size; a size of 0 means the value 0.
  private func value(_ message: inout Cursor, _ type: ElementType) throws -> Float? {
    let size = try message.number(4)
    if size == 0 { return 0 }
    if size == UInt32.max { return nil }
    guard size == type.size else {
      throw message.problem("has \(size) bytes; expected the \(type.size) of an element")
    }
    return type.floats(try message.take(size)).first
  }
}
