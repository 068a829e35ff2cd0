// Attributes: small named values of groups and datasets. Only texts are read (§IV.A.2.m).
import Formats

extension HDF5Object {
  /// The strings of the attribute `name`: one for a scalar, none for an empty array of any type.
  /// Nil if there is no such attribute or it is not text. Throws `Problem`.
  func strings(_ name: String) throws -> [String]? {
    for body in bodies(.attribute) {
      if let strings = try strings(name, body) { return strings }
    }
    if var info = try body(.attributeInfo) {
      try info.skip(1)
      try info.skip(try info.number(1) & 1 != 0 ? 2 : 0)
      guard try info.number(8) == HDF5File.nowhere else {
        throw info.problem("stores attributes in a heap; expected at most eight, in the header")
      }
    }
    return nil
  }

  private func strings(_ name: String, _ body: Cursor) throws -> [String]? {
    var body = body
    let version = try body.number(1)
    guard (1...3).contains(version) else {
      throw body.problem("is of version \(version); expected 1 to 3")
    }
    let flags = try body.number(1)
    let sizes = (try body.number(2), try body.number(2), try body.number(2))
    try body.skip(version == 3 ? 1 : 0)
    // Version 1 pads each part to a multiple of eight bytes.
    func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
    guard try body.text(padded(sizes.0)) == name else { return nil }
    guard version == 1 || flags & 3 == 0 else { return nil }  // a shared type
    let type = try part(&body, padded(sizes.1))
    let space = try part(&body, padded(sizes.2))
    guard let shape = try hdf5Shape(space), let count = elementCount(shape) else { return nil }
    if count == 0 { return [] }
    let kind = try HDF5Type(type)
    guard let width = kind.size else { return nil }
    guard let size = elementCount([count, width]), size <= body.remaining else {
      throw body.problem("'\(name)' has \(count) elements; expected as many as there are bytes for")
    }
    return try elements(count, kind, &body)
  }

  private func part(_ body: inout Cursor, _ count: Int) throws -> Cursor {
    Cursor(try body.take(count), file: body.file, what: body.what)
  }

  private func elements(
    _ count: Int, _ type: HDF5Type, _ body: inout Cursor
  ) throws -> [String]? {
    switch type {
    case .number, .other: nil
    case .text(let size): try (0..<count).map { _ in try body.text(size) }
    case .anyText:
      try (0..<count).map { _ in
        let length = try body.number(4)
        let (heap, index) = (try body.number(8), try body.number(4))
        return length == 0 ? "" : try text(length, inHeap: heap, index)
      }
    }
  }

  /// One object of a global heap (§III.E): a sequence of objects, each after its index and size.
  private func text(_ length: Int, inHeap address: Int, _ wanted: Int) throws -> String {
    var header = try file.metadata(at: address, count: 16, of: "HDF5 global heap")
    try header.expect("GCOL")
    try header.skip(4)
    let size = max(try header.number(8), 16) - 16
    var heap = try file.metadata(at: address + 16, upTo: min(size, 1 << 20), of: "HDF5 global heap")
    while heap.remaining >= 16 {
      let index = try heap.number(2)
      try heap.skip(6)
      let count = try heap.number(8)
      guard index != 0, count <= heap.remaining else { break }
      if index == wanted {
        guard length <= count else { break }
        return try heap.text(length)
      }
      try heap.skip((count + 7) / 8 * 8)
    }
    throw heap.problem("has no object \(wanted) of \(length) bytes; expected one")
  }
}
