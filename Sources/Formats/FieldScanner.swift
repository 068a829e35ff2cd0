// The state machine under DelimitedText: bytes to rows of fields.

struct FieldScanner: Sendable {
  typealias Row = (line: Int, fields: [String])

  private let bytes: [UInt8]
  private let separator: UInt8
  private let file: String
  private var position = 0
  private var line = 1
  /// What the rows read so far looked like.
  private(set) var form = TextForm()

  private static let quote = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(bytes: [UInt8], separator: UInt8, file: String) {
    self.bytes = bytes
    self.separator = separator
    self.file = file
    form.hasMark = bytes.starts(with: [0xef, 0xbb, 0xbf])
    if form.hasMark { position = 3 }
  }

  /// All rows; blank lines are skipped.
  consuming func rows() throws -> [Row] {
    var rows: [Row] = []
    while let row = try next() { rows.append(row) }
    return rows
  }

  /// The next row that is not blank; nil at the end.
  mutating func next() throws -> Row? {
    while position < bytes.count {
      if skipLineEnd() { continue }
      let first = line
      return (first, try row())
    }
    return nil
  }

  private mutating func row() throws -> [String] {
    var fields: [String] = []
    while true {
      fields.append(try field())
      if position < bytes.count, bytes[position] == separator {
        position += 1
      } else {
        skipLineEnd()
        return fields
      }
    }
  }

  private mutating func field() throws -> String {
    let first = line
    let isQuoted = position < bytes.count && bytes[position] == Self.quote
    if isQuoted { form.quotes += 1 }
    let content = isQuoted ? try quoted() : try plain()
    guard let text = String(validating: content, as: UTF8.self) else {
      throw Problem(file, line: first, "not UTF-8; expected UTF-8 text")
    }
    return text
  }

  private mutating func plain() throws -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, bytes[position] != separator, !isLineEnd(position) {
      guard bytes[position] != Self.carriageReturn else {
        throw Problem(
          file, line: line,
          "a line ends in CR alone, as old Macs write them; expected LF or CR LF")
      }
      position += 1
    }
    return bytes[start..<position]
  }

  /// A field in quotes; two quotes inside stand for one, line ends are kept.
  private mutating func quoted() throws -> ArraySlice<UInt8> {
    let first = line
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.newline { line += 1 }
      guard byte == Self.quote else {
        content.append(byte)
        continue
      }
      guard position < bytes.count, bytes[position] == Self.quote else {
        try checkAfterQuote()
        return content[...]
      }
      content.append(byte)
      position += 1
    }
    throw Problem(file, line: first, "quote never closed; expected another \"")
  }

  private func checkAfterQuote() throws {
    guard position < bytes.count, bytes[position] != separator, !isLineEnd(position) else { return }
    throw Problem(
      file, line: line, "text after a closing quote; expected a separator")
  }

  private func isLineEnd(_ index: Int) -> Bool {
    bytes[index] == Self.newline
      || (bytes[index] == Self.carriageReturn
        && (index + 1 == bytes.count || bytes[index + 1] == Self.newline))
  }

  /// Steps over LF or CRLF and counts the line; false when something else follows.
  @discardableResult
  private mutating func skipLineEnd() -> Bool {
    guard position < bytes.count, isLineEnd(position) else { return false }
    if bytes[position] == Self.carriageReturn {
      position += 1
      form.carriageReturns += 1
    } else {
      form.newlines += 1
    }
    if position < bytes.count { position += 1 }
    line += 1
    return true
  }
}
