// Object headers: the messages that describe a group or a dataset (§IV.A).
import Formats

/// An object with the messages of its header.
struct HDF5Object {
  /// The message types that are read.
  enum Kind: Int {
    case dataspace = 1, linkInfo = 2, datatype = 3, oldFill = 4, fill = 5, link = 6
    case external = 7, layout = 8, filters = 0xb
    case attribute = 0xc, continuation = 0x10, symbolTable = 0x11, attributeInfo = 0x15
  }

  struct Message {
    let kind: Kind
    let isShared: Bool
    let body: Cursor
  }

  let file: HDF5File
  private(set) var messages: [Message] = []

  /// More blocks than in any header.
  private static let mostBlocks = 256

  /// Reads the header at `address` with all its continuations. Throws `Problem`.
  init(_ file: HDF5File, at address: Int) throws {
    self.file = file
    let start = try Start(file, at: address)
    var blocks = [(address: start.address, count: start.count)]
    var next = 0
    while next < blocks.count {
      guard blocks.count <= Self.mostBlocks else {
        throw file.source.problem(
          "HDF5 header in \(blocks.count) pieces; expected at most \(Self.mostBlocks)")
      }
      let block = try file.metadata(
        at: blocks[next].address, count: blocks[next].count, of: "HDF5 object header")
      next += 1
      try start.isNew ? readNew(block, start.hasOrder, &blocks) : readOld(block, &blocks)
    }
  }

  /// The part of a header before the first message.
  private struct Start {
    let isNew: Bool
    /// Whether messages are numbered.
    var hasOrder = false
    /// The place of the first block of messages.
    let address, count: Int

    init(_ file: HDF5File, at address: Int) throws {
      var cursor = try file.metadata(at: address, upTo: 64, of: "HDF5 object header")
      isNew = try cursor.take(4) == Array("OHDR".utf8)
      if isNew {
        guard try cursor.number(1) == 2 else {
          throw cursor.problem("has an unknown version; expected 2")
        }
        let flags = try cursor.number(1)
        try cursor.skip((flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0))
        hasOrder = flags & 4 != 0
        count = try cursor.number(1 << (flags & 3))
        self.address = address + cursor.position
      } else {
        cursor = try file.metadata(at: address, count: 16, of: "HDF5 object header")
        guard try cursor.number(1) == 1 else {
          throw cursor.problem("has an unknown version; expected 1 or 2")
        }
        try cursor.skip(7)
        count = try cursor.number(4)
        self.address = address + 16
      }
    }
  }

  /// Version 1: each message follows eight bytes.
  private mutating func readOld(
    _ block: Cursor, _ blocks: inout [(address: Int, count: Int)]
  ) throws {
    var block = block
    while block.remaining >= 8 {
      let (type, size) = (try block.number(2), try block.number(2))
      let flags = try block.number(1)
      try block.skip(3)
      try add(type, flags, try block.take(size), &blocks, isNew: false)
    }
  }

  /// Version 2: each message follows four or six bytes; the rest is a gap.
  private mutating func readNew(
    _ block: Cursor, _ hasOrder: Bool, _ blocks: inout [(address: Int, count: Int)]
  ) throws {
    var block = block
    while block.remaining >= (hasOrder ? 6 : 4) {
      let (type, size) = (try block.number(1), try block.number(2))
      let flags = try block.number(1)
      try block.skip(hasOrder ? 2 : 0)
      try add(type, flags, try block.take(size), &blocks, isNew: true)
    }
  }

  private mutating func add(
    _ type: Int, _ flags: Int, _ bytes: [UInt8],
    _ blocks: inout [(address: Int, count: Int)], isNew: Bool
  ) throws {
    guard let kind = Kind(rawValue: type) else { return }
    var body = Cursor(bytes, file: file.source.name, what: "HDF5 \(kind) message")
    guard kind == .continuation else {
      return messages.append(Message(kind: kind, isShared: flags & 2 != 0, body: body))
    }
    let (address, count) = (try body.number(8), try body.number(8))
    guard isNew else { return blocks.append((address, count)) }
    // "OCHK" before the messages, a checksum behind them.
    var start = try file.metadata(at: address, count: 4, of: "HDF5 object header")
    try start.expect("OCHK")
    guard count >= 8, address <= .max - 4 else { throw body.problem("is too short; expected 8") }
    blocks.append((address + 4, count - 8))
  }

  func bodies(_ kind: Kind) -> [Cursor] {
    messages.filter { $0.kind == kind }.map(\.body)
  }

  /// The first message of a kind. Throws `Problem` if it is shared, so that it lies elsewhere.
  func body(_ kind: Kind) throws -> Cursor? {
    guard let message = messages.first(where: { $0.kind == kind }) else { return nil }
    guard !message.isShared else {
      throw message.body.problem("is shared among objects; expected it in the object's header")
    }
    return message.body
  }
}
