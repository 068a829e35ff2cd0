// The bytes of a pickle, one after another, fetched in pieces: what follows it may be gigabytes.

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
