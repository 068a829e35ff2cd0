// Damage to a file: bits, lengths that lie, pieces moved, tokens that mean something.
import Foundation

enum Mutation {
  /// One to eight changes, most of them near the beginning, where the structure is.
  static func bytes(
    _ original: [UInt8], others: [[UInt8]], _ chance: inout Chance
  ) -> [UInt8] {
    var bytes = original
    for _ in 0..<[1, 1, 1, 2, 3, 8][chance.below(6)] {
      if bytes.isEmpty { bytes = [0] }
      let reach = min(bytes.count, [64, 512, 4096, bytes.count][chance.below(4)])
      let at = chance.below(reach)
      switch chance.below(10) {
      case 0, 1, 2: bytes[at] ^= 1 << UInt8(chance.below(8))
      case 3: bytes[at] = UInt8(chance.below(256))
      case 4: bytes.removeLast(bytes.count - chance.below(bytes.count + 1))
      case 5, 6: write(chance.pick(numbers), to: &bytes, at, &chance)
      case 7: write(number(in: bytes, at) &+ UInt64(1 + chance.below(3)), to: &bytes, at, &chance)
      case 8:
        let piece = piece(of: others.isEmpty ? bytes : chance.pick(others), 200, &chance)
        let end = min(bytes.count, at + (chance.below(2) == 0 ? 0 : piece.count))
        bytes.replaceSubrange(at..<end, with: piece)
      default: bytes.insert(contentsOf: piece(of: bytes, 300, &chance), at: at)
      }
    }
    return bytes
  }

  /// One to four changes: numbers replaced, tokens put in, lines moved, ends cut off.
  static func text(
    _ original: [UInt8], others: [[UInt8]], _ chance: inout Chance
  ) -> [UInt8] {
    var bytes = original
    for _ in 0..<[1, 1, 1, 2, 4][chance.below(5)] {
      let at = chance.below(bytes.count + 1)
      switch chance.below(10) {
      case 0, 1, 2, 3: replaceNumber(in: &bytes, from: at, &chance)
      case 4, 5: bytes.insert(contentsOf: Array(chance.pick(tokens).utf8), at: at)
      case 6: moveLines(of: &bytes, &chance)
      case 7: bytes.insert(contentsOf: chance.pick(strangeBytes), at: at)
      case 8: bytes = Array(bytes[..<at])
      default: bytes = Self.bytes(bytes, others: others, &chance)
      }
    }
    return bytes
  }

  /// A safetensors file whose header is damaged as text, with a length that is right again.
  static func header(_ original: [UInt8], _ chance: inout Chance) -> [UInt8] {
    let length = Int(truncatingIfNeeded: number(in: original, 0))
    guard chance.below(10) < 6, length > 0, length <= original.count - 8 else {
      return bytes(original, others: [], &chance)
    }
    let header = text(Array(original[8..<8 + length]), others: [], &chance)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
      + original[(8 + length)...]
  }

  // MARK: parts

  private static let numbers: [UInt64] = [
    0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
    0x1_0000_0000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, .max,
  ]

  private static let tokens = [
    "0", "-1", "1", "1e308", "1e-320", "nan", "inf", "-inf", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "1e400", "0x7fffffff", "", "null", "true", "~",
    "[]", "{}", "[[[[", "\"", "'", "\r", "\n", "\r\n", ",", "\t", ";", "../../etc/passwd", "&a",
    "*a", "<<: *a", "!!binary aGk=", "- ", ": ", "?", "%", "|\n", "\"\\u0000\"", "\\ud800",
    "100000000", "4294967296", "-0", ".5", "1_000", "0o17", "yes",
    String(repeating: "A", count: 3000), String(repeating: "{\"a\":", count: 40),
  ]

  /// What a terminal would obey, and what is no text at all.
  private static let strangeBytes: [[UInt8]] = [
    [0], [7], [0x1b, 0x5b, 0x32, 0x4a], [0x1b, 0x5d, 0x30, 0x3b, 0x78, 7], [0x7f], [0xff, 0xfe],
    [0xc2, 0x9b, 0x31, 0x6d], [0xc2, 0x85], [0xe2, 0x80, 0xae], [0xed, 0xa0, 0x80],
    [0xf0, 0x9f, 0x92, 0xa9], [8, 8, 8],
  ]

  private static func write(
    _ value: UInt64, to bytes: inout [UInt8], _ at: Int, _ chance: inout Chance
  ) {
    let width = [1, 2, 4, 8][chance.below(4)]
    let isBig = chance.below(2) == 0
    for place in 0..<width where at + place < bytes.count {
      let shift = 8 * (isBig ? width - 1 - place : place)
      bytes[at + place] = UInt8(truncatingIfNeeded: value >> UInt64(shift))
    }
  }

  private static func number(in bytes: [UInt8], _ at: Int) -> UInt64 {
    bytes[at..<min(bytes.count, at + 8)].enumerated().reduce(0) {
      $0 | UInt64($1.element) << UInt64(8 * $1.offset)
    }
  }

  private static func piece(of bytes: [UInt8], _ most: Int, _ chance: inout Chance) -> [UInt8] {
    let start = chance.below(bytes.count)
    return Array(bytes[start..<min(bytes.count, start + 1 + chance.below(most))])
  }

  /// The first number after a place becomes a token.
  private static func replaceNumber(
    in bytes: inout [UInt8], from place: Int, _ chance: inout Chance
  ) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let start = bytes[place...].firstIndex(where: digits.contains) else { return }
    let isNumber = { (byte: UInt8) in digits.contains(byte) || byte == UInt8(ascii: ".") }
    let end = bytes[start...].firstIndex { !isNumber($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: Array(chance.pick(tokens).utf8))
  }

  private static func moveLines(of bytes: inout [UInt8], _ chance: inout Chance) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let (one, other) = (chance.below(lines.count), chance.below(lines.count))
    switch chance.below(4) {
    case 0: lines.remove(at: one)
    case 1: lines.insert(lines[one], at: other)
    case 2: lines.swapAt(one, other)
    default: lines[one] = [0x20, 0x20] + lines[one]
    }
    bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }
}
