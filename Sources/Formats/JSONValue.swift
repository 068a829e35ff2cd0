// Reads JSON text of unknown origin: what it holds, or at which byte it is wrong.
import Foundation

/// A JSON value. Numbers keep their text, so that large integers stay exact.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case flag(Bool)
  case number(String)
  case text(String)
  case list([JSONValue])
  /// A key that is there twice has its last value.
  case object([String: JSONValue])

  /// Reads one value that fills the text.
  package init(reading bytes: [UInt8]) throws(JSONFault) {
    var reader = JSONReader(bytes)
    self = try reader.whole()
  }

  /// `a number`, `text`, for a message.
  package var kind: String {
    switch self {
    case .null: "null"
    case .flag: "true or false"
    case .number: "a number"
    case .text: "text"
    case .list: "a list"
    case .object: "an object"
    }
  }

  package var isNumber: Bool { if case .number = self { true } else { false } }

  /// The number as an integer of 0 or more; nil for others.
  package var count: UInt64? { if case .number(let text) = self { UInt64(text) } else { nil } }

  package var text: String? { if case .text(let text) = self { text } else { nil } }

  package var list: [JSONValue]? { if case .list(let items) = self { items } else { nil } }

  package var object: [String: JSONValue]? {
    if case .object(let fields) = self { fields } else { nil }
  }
}

/// Where a text is no JSON, and why.
package struct JSONFault: Error, Equatable {
  /// From 1 on.
  package let byte: Int
  /// What is wrong; what was expected.
  package let message: String
}

/// A strict reader (RFC 8259). Its depth is bounded, so no text can exhaust the stack.
private struct JSONReader {
  private let bytes: [UInt8]
  private var at = 0
  private static let deepest = 32

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func whole() throws(JSONFault) -> JSONValue {
    let value = try value(0)
    skipSpace()
    guard at == bytes.count else { throw fault("more after the value; expected its end") }
    return value
  }

  private func fault(_ message: String) -> JSONFault { JSONFault(byte: at + 1, message: message) }

  private mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
  }

  private mutating func take(_ expected: Unicode.Scalar) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: expected) else { return false }
    at += 1
    return true
  }

  private mutating func value(_ depth: Int) throws(JSONFault) -> JSONValue {
    guard depth <= Self.deepest else {
      throw fault("nested over \(Self.deepest) deep; expected less")
    }
    skipSpace()
    guard at < bytes.count else { throw fault("the line ends; expected a value") }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try list(depth)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(
    _ text: StaticString, _ value: JSONValue
  ) throws(JSONFault) -> JSONValue {
    let length = text.utf8CodeUnitCount
    let isThere = text.withUTF8Buffer { bytes[at...].prefix(length).elementsEqual($0) }
    guard isThere else { throw fault("no JSON value; expected one such as \(text)") }
    at += length
    return value
  }

  private mutating func object(_ depth: Int) throws(JSONFault) -> JSONValue {
    at += 1
    var fields: [String: JSONValue] = [:]
    if take("}") { return .object(fields) }
    repeat {
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
        throw fault("no key; expected text in quotes")
      }
      let key = try string()
      guard take(":") else { throw fault("no value of '\(key)'; expected a colon") }
      fields[key] = try value(depth + 1)
    } while take(",")
    guard take("}") else { throw fault("an object goes on; expected , or }") }
    return .object(fields)
  }

  private mutating func list(_ depth: Int) throws(JSONFault) -> JSONValue {
    at += 1
    var items: [JSONValue] = []
    if take("]") { return .list(items) }
    repeat { items.append(try value(depth + 1)) } while take(",")
    guard take("]") else { throw fault("a list goes on; expected , or ]") }
    return .list(items)
  }

  // MARK: numbers

  private mutating func digits() -> Int {
    let start = at
    while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
    return at - start
  }

  private mutating func skip(_ choices: String) -> Bool {
    guard at < bytes.count, choices.utf8.contains(bytes[at]) else { return false }
    at += 1
    return true
  }

  private mutating func number() throws(JSONFault) -> String {
    let start = at
    _ = skip("-")
    let lead = at, whole = digits()
    var isNumber = whole == 1 || (whole > 1 && bytes[lead] != UInt8(ascii: "0"))
    if skip(".") { isNumber = digits() > 0 && isNumber }
    if isNumber, skip("eE") {
      _ = skip("+-")
      isNumber = digits() > 0
    }
    guard isNumber else {
      at = start
      throw fault("no JSON value; expected one (numbers that are not finite are \"nan\", \"inf\")")
    }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }
}

// MARK: text

extension JSONReader {
  private mutating func string() throws(JSONFault) -> String {
    let start = at
    at += 1
    var text: [UInt8] = []
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      guard bytes[at] >= 0x20 else {
        throw fault("a control character in text; expected it escaped")
      }
      if bytes[at] == UInt8(ascii: "\\") {
        text += String(try escape()).utf8
      } else {
        text.append(bytes[at])
        at += 1
      }
    }
    guard at < bytes.count else {
      at = start
      throw fault("text without an end; expected \"")
    }
    at += 1
    guard let whole = String(validating: text, as: UTF8.self) else {
      at = start
      throw fault("text that is not UTF-8; expected UTF-8")
    }
    return whole
  }

  private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
    guard at + 1 < bytes.count else { throw fault("an escape without a letter; expected one") }
    let letter = bytes[at + 1]
    let plain: [UInt8: Unicode.Scalar] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{08}", 0x66: "\u{0C}", 0x6E: "\n", 0x72: "\r",
      0x74: "\t",
    ]
    if let scalar = plain[letter] {
      at += 2
      return scalar
    }
    guard letter == UInt8(ascii: "u"), let first = unit(at + 2) else {
      throw fault("an unknown escape; expected one of JSON")
    }
    at += 6
    if let scalar = Unicode.Scalar(first) { return scalar }
    // Two halves of one character; a half alone stands for none.
    guard (0xD800..<0xDC00).contains(first), at + 1 < bytes.count, bytes[at] == 0x5C,
      bytes[at + 1] == UInt8(ascii: "u"), let second = unit(at + 2),
      (0xDC00..<0xE000).contains(second)
    else { return "\u{FFFD}" }
    at += 6
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  /// Four hexadecimal digits.
  private func unit(_ start: Int) -> UInt32? {
    guard start + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<start + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
