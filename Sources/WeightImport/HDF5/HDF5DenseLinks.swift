// Groups with many links in the newer form: a heap of links, and a tree of their names.
import Formats

/// A fractal heap (§III.G) of a group: unfiltered objects in direct blocks, which the root or one
/// table of blocks points to.
struct HDF5FractalHeap {
  private let file: HDF5File
  private let offsetWidth, lengthWidth: Int
  private let blockSize, tableWidth: Int
  private let rows: Int
  private let root: Int
  private let largestBlock: Int

  /// The most rows of direct blocks; enough for half a gigabyte of names.
  private static let mostRows = 64

  init(_ file: HDF5File, at address: Int) throws {
    self.file = file
    var header = try file.metadata(at: address, count: 146, of: "HDF5 fractal heap")
    try header.expect("FRHP")
    try header.skip(1)
    let idLength = try header.number(2)
    guard try header.number(2) == 0 else {
      throw header.problem("is filtered; expected a plain one")
    }
    try header.skip(1)
    let largestObject = try header.number(4)
    try header.skip(12 * 8)
    tableWidth = try header.number(2)
    (blockSize, largestBlock) = (try header.number(8), try header.number(8))
    let bits = try header.number(2)
    try header.skip(2)
    (root, rows) = (try header.number(8), try header.number(2))
    offsetWidth = (bits + 7) / 8
    lengthWidth = min((Self.log2(largestBlock) + 7) / 8, (Self.log2(largestObject) + 7) / 8)
    guard idLength >= 1 + offsetWidth + lengthWidth, (1...8).contains(offsetWidth), tableWidth > 0,
      (1...1 << 30).contains(blockSize), rows <= Self.mostRows, lengthWidth > 0,
      root <= file.source.count
    else { throw header.problem("has impossible sizes; expected what h5py writes") }
  }

  private static func log2(_ value: Int) -> Int {
    value > 0 ? Int.bitWidth - 1 - value.leadingZeroBitCount : 0
  }

  /// The object with an id.
  func object(_ id: Cursor) throws -> Cursor {
    var id = id
    guard try id.number(1) & 0x30 == 0 else {
      throw id.problem("is of a huge or tiny object; expected a managed one")
    }
    let (offset, length) = (try id.number(offsetWidth), try id.number(lengthWidth))
    let (block, within) = try block(of: offset)
    guard block <= .max - within else { throw id.problem("points nowhere; expected a block") }
    return try file.metadata(at: block + within, count: length, of: "HDF5 link")
  }

  /// The block that contains an offset of the heap, and the position in it. Rows have `tableWidth`
  /// blocks. The first two rows have blocks of the same size; in each later row it doubles.
  private func block(of offset: Int) throws -> (address: Int, within: Int) {
    guard rows > 0 else { return (root, offset) }
    var (start, size) = (0, blockSize)
    for row in 0..<rows {
      guard let next = elementCount([size, row > 1 ? 2 : 1]),
        let span = elementCount([next, tableWidth]), next <= largestBlock, start <= .max - span
      else { break }
      size = next
      if offset < start + span {
        let index = row * tableWidth + (offset - start) / size
        let entry = root + 13 + offsetWidth + 8 * index
        var table = try file.metadata(at: entry, count: 8, of: "HDF5 fractal heap")
        return (try table.number(8), (offset - start) % size)
      }
      start += span
    }
    throw file.source.problem("HDF5 heap has no byte \(offset); expected directly addressed blocks")
  }
}

/// A B-tree, version 2 (§III.A.2), of links by name (type 5), which lists the objects of the heap.
struct HDF5NameTree {
  private let file: HDF5File
  private let nodeSize, recordSize, depth, root, rootCount: Int
  /// The widths in bytes of the counts of records, by level above the leaves: of those in a child,
  /// and of those in all nodes below.
  private var widths: [(own: Int, all: Int)] = []

  init(_ file: HDF5File, at address: Int) throws {
    self.file = file
    var header = try file.metadata(at: address, count: 38, of: "HDF5 name tree")
    try header.expect("BTHD")
    try header.skip(1)
    let type = try header.number(1)
    (nodeSize, recordSize) = (try header.number(4), try header.number(2))
    depth = try header.number(2)
    try header.skip(2)
    (root, rootCount) = (try header.number(8), try header.number(2))
    guard type == 5, recordSize > 4, depth <= 8, nodeSize > 10 + recordSize, nodeSize <= 1 << 20
    else { throw header.problem("is of another kind; expected one of links by name") }
    var most = (nodeSize - 10) / recordSize
    var total = most
    widths = [(Self.width(most), 0)]
    for _ in 0..<depth {
      let pointer = 8 + widths[widths.count - 1].own + widths[widths.count - 1].all
      most = max((nodeSize - 10 - pointer) / (recordSize + pointer), 1)
      // No file has more, and the width is then that of the address space.
      total = total > 1 << 40 ? total : (total + 1) * (most + 1)
      widths.append((Self.width(most), Self.width(total)))
    }
  }

  private static func width(_ most: Int) -> Int {
    (Int.bitWidth - 1 - most.leadingZeroBitCount) / 8 + 1
  }

  /// The heap ids of all records.
  func heapIDs() throws -> [Cursor] {
    var ids: [Cursor] = []
    if root != HDF5File.nowhere { try collect(root, rootCount, depth, &ids) }
    return ids
  }

  private func collect(
    _ address: Int, _ count: Int, _ level: Int, _ ids: inout [Cursor]
  ) throws {
    var node = try file.metadata(at: address, upTo: nodeSize, of: "HDF5 name tree")
    try node.expect(level == 0 ? "BTLF" : "BTIN")
    try node.skip(2)
    for _ in 0..<count {
      try node.skip(4)  // the name's hash
      let id = try node.take(recordSize - 4)
      ids.append(Cursor(id, file: file.source.name, what: "HDF5 heap ID"))
    }
    guard level > 0 else { return }
    for _ in 0...count {
      let child = try node.number(8)
      let records = try node.number(widths[level - 1].own)
      try node.skip(widths[level - 1].all)
      try collect(child, records, level - 1, &ids)
    }
  }
}
