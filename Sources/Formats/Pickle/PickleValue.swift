// The content of a pickle as plain data. Nothing in it is ever called.

/// One value. A container is an index into `Pickle.nodes`, so that values that contain themselves
/// or nest a million deep are harmless.
package enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer too long for `Int`: two's complement, lowest byte first.
  case long([UInt8])
  case float(Double)
  case text(String)
  /// Bytes, or a byte string of Python 2.
  case bytes([UInt8])
  case list(Int), tuple(Int)
  /// Keys and values alternate.
  case dictionary(Int)
  /// A call that is recorded and never made: the callable, its arguments, and perhaps the state of
  /// the result.
  case object(Int)
  /// A persistent id; one item.
  case persistent(Int)
  /// A name such as `collections.OrderedDict`, which is never looked up.
  case global(String)
}

/// A pickle that was read.
package struct Pickle: Sendable {
  package internal(set) var root: PickleValue = .none
  package internal(set) var nodes: [[PickleValue]] = []
  /// Every `.persistent`, in order.
  package internal(set) var persistent: [PickleValue] = []

  /// The items of a list, tuple or dictionary; empty for anything else.
  package func items(_ value: PickleValue) -> [PickleValue] {
    switch value {
    case .list(let node), .tuple(let node), .dictionary(let node), .persistent(let node):
      nodes[node]
    default: []
    }
  }

  /// The callable of an opaque object, for the list of values that are not read.
  package func origin(_ value: PickleValue) -> String {
    switch value {
    case .global(let name): return name
    case .persistent: return "a persistent value"
    case .object(let node):
      if case .global(let name)? = nodes[node].first { return name }
      return "a call without name"
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

  /// A tuple or list of integers, such as a shape.
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

  /// Text, or a byte string of Python 2.
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

/// The bytes of a pickle, read in pieces.
struct PickleInput {
  private let source: any ByteSource
  private let start: Int
  private(set) var position: Int
  private var piece: [UInt8] = []
  private var pieceStart: Int

  private static let pieceLength = 1 << 16
  /// More than any pickle that describes arrays, in bytes.
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
    guard position < source.count else { throw problem("is truncated; expected more bytes") }
    guard position - start < Self.longest else {
      throw problem("is too long; expected at most \(Self.longest) bytes")
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

  /// An unsigned little-endian number; a number that exceeds `Int` becomes `Int.max`.
  mutating func number(_ width: Int) throws -> Int {
    let value = try take(width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(clamping: value)
  }

  mutating func text(_ count: Int) throws -> String {
    String(decoding: try take(count), as: UTF8.self)
  }

  /// The text up to the next line feed.
  mutating func line() throws -> String {
    var bytes: [UInt8] = []
    while true {
      let byte = try byte()
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
      guard bytes.count <= 1024 else { throw problem("has an endless name; expected a line") }
    }
  }

  func problem(_ message: String) -> Problem {
    source.problem("the pickle \(message)")
  }
}
