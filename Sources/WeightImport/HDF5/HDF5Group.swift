// Groups: names and the addresses of their objects (§III.A, §III.C to E, §IV.A.2).
import Formats

/// A link in a group. Soft and external links have no address, since they lead to another name.
struct HDF5Link {
  let name: String
  let address: Int?
}

extension HDF5Object {
  /// The links of a group, as stored. Throws `Problem`.
  func links() throws -> [HDF5Link] {
    var links = try bodies(.link).map(Self.link)
    if let table = try body(.symbolTable) { links += try symbols(table) }
    if var info = try body(.linkInfo) {
      try info.skip(1)
      try info.skip(try info.number(1) & 1 != 0 ? 8 : 0)
      let (heap, tree) = (try info.number(8), try info.number(8))
      if heap != HDF5File.nowhere {
        let heap = try HDF5FractalHeap(file, at: heap)
        for id in try HDF5NameTree(file, at: tree).heapIDs() {
          links.append(try Self.link(heap.object(id)))
        }
      }
    }
    return links
  }

  private static func link(_ body: Cursor) throws -> HDF5Link {
    var body = body
    guard try body.number(1) == 1 else { throw body.problem("has an unknown version; expected 1") }
    let flags = try body.number(1)
    let type = flags & 8 != 0 ? try body.number(1) : 0
    try body.skip((flags & 4 != 0 ? 8 : 0) + (flags & 0x10 != 0 ? 1 : 0))
    let name = try body.text(try body.number(1 << (flags & 3)))
    return HDF5Link(name: name, address: type == 0 ? try body.number(8) : nil)
  }

  /// The older form: a B-tree of symbol tables, with names in a heap.
  private func symbols(_ table: Cursor) throws -> [HDF5Link] {
    var table = table
    let (tree, heap) = (try table.number(8), try table.number(8))
    let names = try nameHeap(at: heap)
    var links: [HDF5Link] = []
    try HDF5Tree.leaves(file, at: tree, type: 0, keySize: 8) { _, address in
      var node = try file.metadata(at: address, upTo: 8, of: "HDF5 symbol table")
      try node.expect("SNOD")
      try node.skip(2)
      let count = try node.number(2)
      var entries = try file.metadata(at: address + 8, count: 40 * count, of: "HDF5 symbol table")
      for _ in 0..<count {
        let (name, header) = (try entries.number(8), try entries.number(8))
        let cache = try entries.number(4)
        try entries.skip(20)
        guard name < names.count else {
          throw entries.problem("names byte \(name) of its heap; expected at most \(names.count)")
        }
        let text = names[name...].prefix { $0 != 0 }
        let isSoft = cache == 2
        links.append(
          HDF5Link(name: String(decoding: text, as: UTF8.self), address: isSoft ? nil : header))
      }
    }
    return links
  }

  private func nameHeap(at address: Int) throws -> [UInt8] {
    var heap = try file.metadata(at: address, count: 32, of: "HDF5 local heap")
    try heap.expect("HEAP")
    try heap.skip(4)
    let size = try heap.number(8)
    try heap.skip(8)
    var data = try file.metadata(at: try heap.number(8), count: size, of: "HDF5 local heap")
    return try data.take(size)
  }
}

/// B-trees, version 1 (§III.A.1), of symbol tables (type 0) or chunks (type 1).
enum HDF5Tree {
  private static let deepest = 32

  /// Calls `body` with the key and the address of each entry of the leaves.
  static func leaves(
    _ file: HDF5File, at address: Int, type: Int, keySize: Int, depth: Int = 0,
    _ body: (Cursor, Int) throws -> Void
  ) throws {
    var node = try file.metadata(at: address, count: 24, of: "HDF5 B-tree")
    try node.expect("TREE")
    guard try node.number(1) == type, depth < deepest else {
      throw node.problem("is of another type or too deep; expected type \(type)")
    }
    let level = try node.number(1)
    let count = try node.number(2)
    let size = count * (keySize + 8)
    var entries = try file.metadata(at: address + 24, count: size, of: "HDF5 B-tree")
    for _ in 0..<count {
      let key = Cursor(try entries.take(keySize), file: file.source.name, what: "HDF5 B-tree key")
      let child = try entries.number(8)
      if level == 0 {
        try body(key, child)
      } else {
        try leaves(file, at: child, type: type, keySize: keySize, depth: depth + 1, body)
      }
    }
  }
}
