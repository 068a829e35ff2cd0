// What a pickle says, as plain data: nothing in it is ever called.

/// One value. Whatever contains others is an index into `Pickle.nodes`, so that values that contain
/// themselves, or nest a million deep, are as harmless as any.
package enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer too long for `Int`: two's complement, lowest byte first.
  case long([UInt8])
  case float(Double)
  case text(String)
  /// Bytes, and byte strings of Python 2.
  case bytes([UInt8])
  case list(Int), tuple(Int)
  /// Keys and values by turns.
  case dictionary(Int)
  /// A call that is noted and never made: what would be called, its arguments, and perhaps the
  /// state its result would be given.
  case object(Int)
  /// What the pickle calls by a name of its own; one item.
  case persistent(Int)
  /// A name such as `collections.OrderedDict`. Nothing is looked up by it.
  case global(String)
}

package struct Pickle: Sendable {
  package internal(set) var root: PickleValue = .none
  package internal(set) var nodes: [[PickleValue]] = []
  /// Every `.persistent`, in the pickle's order.
  package internal(set) var persistent: [PickleValue] = []

  /// The items of a list, tuple or dictionary; empty for anything else.
  package func items(_ value: PickleValue) -> [PickleValue] {
    switch value {
    case .list(let node), .tuple(let node), .dictionary(let node), .persistent(let node):
      nodes[node]
    default: []
    }
  }

  /// What an opaque object would be made by, for the list of what is not read.
  package func origin(_ value: PickleValue) -> String {
    switch value {
    case .global(let name): return name
    case .persistent: return "a value of the program's own"
    case .object(let node):
      if case .global(let name)? = nodes[node].first { return name }
      return "a call of something unnamed"
    default: return "plain data"
    }
  }

  /// The arguments and the state of a call of one of `callables`; nil for anything else.
  package func call(
    _ value: PickleValue, of callables: Set<String>
  ) -> (arguments: [PickleValue], state: PickleValue?)? {
    guard case .object(let node) = value, nodes[node].count >= 2,
      case .global(let name) = nodes[node][0], callables.contains(name)
    else { return nil }
    return (items(nodes[node][1]), nodes[node].count > 2 ? nodes[node][2] : nil)
  }

  /// Sizes, offsets and the like: a tuple or list of integers.
  package func integers(_ value: PickleValue) -> [Int]? {
    switch value {
    case .tuple(let node), .list(let node):
      let numbers = nodes[node].compactMap(\.integer)
      return numbers.count == nodes[node].count ? numbers : nil
    default: return nil
    }
  }
}

extension PickleValue {
  package var integer: Int? { if case .int(let value) = self { value } else { nil } }

  /// Text, or the byte string that Python 2 wrote instead.
  package var string: String? {
    switch self {
    case .text(let text): text
    case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
    default: nil
    }
  }

  package var isTrue: Bool {
    switch self {
    case .bool(let value): value
    case .int(let value): value != 0
    default: false
    }
  }
}

struct PickleInput {
  private let source: any ByteSource
  private let start: Int
  private(set) var position: Int
  private var piece: [UInt8] = []
  private var pieceStart: Int

  private static let pieceLength = 1 << 16
  /// Longer than any that describes arrays.
  private static let longest = 64 << 20

  init(_ source: any ByteSource, at offset: Int) {
    self.source = source
    start = offset
    position = offset
    pieceStart = offset
  }

  mutating func byte() throws -> UInt8 {
    if position >= pieceStart + piece.count { try refill() }
    defer { position += 1 }
    return piece[position - pieceStart]
  }

  private mutating func refill() throws {
    guard position < source.count else { throw problem("is cut off; expected more of it") }
    guard position - start < Self.longest else {
      throw problem("is endless; expected at most \(Self.longest) bytes")
    }
    pieceStart = position
    piece = try source.fetch(position..<min(position + Self.pieceLength, source.count))
  }

  mutating func take(_ count: Int) throws -> [UInt8] {
    guard count <= Self.longest else {
      throw problem("has a string of \(count) bytes; expected at most \(Self.longest)")
    }
    if count <= pieceStart + piece.count - position, position >= pieceStart {
      defer { position += count }
      return Array(piece[position - pieceStart..<position - pieceStart + count])
    }
    defer { position += count }
    return try source.bytes(at: position, count: count, of: "a string of the pickle")
  }

  mutating func skip(_ count: Int) throws { _ = try take(count) }

  /// An unsigned little-endian number; what exceeds `Int` becomes `Int.max`.
  mutating func number(_ width: Int) throws -> Int {
    let value = try take(width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(clamping: value)
  }

  mutating func text(_ count: Int) throws -> String {
    String(decoding: try take(count), as: UTF8.self)
  }

  /// Up to the next line feed.
  mutating func line() throws -> String {
    var bytes: [UInt8] = []
    while true {
      let byte = try byte()
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
      guard bytes.count <= 1024 else { throw problem("has a name without end; expected a line") }
    }
  }

  func problem(_ message: String) -> Problem {
    source.problem("the pickle \(message)")
  }
}
