// Tables as text: CSV and TSV with quotes, either line ending, byte-order mark, line numbers.
import Foundation

/// A table: a header, and rows with the same number of fields. Grammar: RFC 4180, with any ASCII
/// separator.
public struct DelimitedText: Sendable {
  /// Column names; empty for a table without header.
  public let header: [String]
  /// The rows that are not blank, and the line on which each begins, from 1.
  public let rows: [(line: Int, fields: [String])]

  private let file: String

  /// Reads the table at `url`. Throws `Problem` with the line of an unclosed quote, of a CR without
  /// LF, of text that is not UTF-8, or of a row with more or fewer fields than the first.
  public static func read(
    _ url: URL, separator: Character = ",", hasHeader: Bool = true
  ) throws -> DelimitedText {
    try DelimitedText(
      bytes: try OpenFile(url).contents(), file: url.relativePath, separator: separator,
      hasHeader: hasHeader)
  }

  /// Parses a table in memory; `file` names it in errors.
  public init(
    _ text: String, file: String, separator: Character = ",", hasHeader: Bool = true
  ) throws {
    try self.init(
      bytes: Array(text.utf8), file: file, separator: separator, hasHeader: hasHeader)
  }

  /// Parses bytes that should be UTF-8.
  package init(
    bytes: [UInt8], file: String, separator: Character = ",", hasHeader: Bool = true
  ) throws {
    var reader = try DelimitedRows(bytes: bytes, file: file, separator: separator)
    var lines: [(line: Int, fields: [String])] = []
    while let row = try reader.next() { lines.append(row) }
    let width = lines.first?.fields.count ?? 0
    if let other = lines.first(where: { $0.fields.count != width }) {
      throw Problem(
        file, line: other.line,
        "\(other.fields.count) fields; expected \(width) as in the first row")
    }
    if hasHeader, lines.isEmpty {
      throw Problem(file, line: 1, "no header; expected column names")
    }
    header = hasHeader ? lines.removeFirst().fields : []
    rows = lines
    self.file = file
  }

  /// The index of a column. Throws `Problem` if the header lacks it.
  public func column(_ name: String) throws -> Int {
    guard let index = header.firstIndex(of: name) else {
      let names = header.joined(separator: ", ")
      throw Problem(
        file, line: 1, "no column \(name) among \(names); expected one")
    }
    return index
  }
}

/// How a table is written.
public struct TextForm: Sendable, Equatable {
  /// Whether it begins with a byte-order mark.
  public var hasMark = false
  /// Numbers of lines that end in CR LF, and in LF.
  public var carriageReturns = 0
  public var newlines = 0
  /// The number of fields in quotes.
  public var quotes = 0

  public init() {}
}

/// Rows in the order of the file, of any number of fields each. Grammar as in `DelimitedText`.
public struct DelimitedRows: Sendable {
  private let bytes: [UInt8]
  private let separator: UInt8
  private let file: String
  private var position = 0
  private var line = 1
  /// The form of the rows read so far.
  public private(set) var form = TextForm()

  private static let quote = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Opens the table at `url`. Throws `Problem`.
  public init(_ url: URL, separator: Character = ",") throws {
    try self.init(
      bytes: try OpenFile(url).contents(), file: url.relativePath, separator: separator)
  }

  init(bytes: [UInt8], file: String, separator: Character) throws {
    guard let byte = separator.asciiValue else {
      throw Problem(file, "separator '\(separator)'; expected one ASCII character")
    }
    (self.bytes, self.file, self.separator) = (bytes, file, byte)
    form.hasMark = bytes.starts(with: [0xef, 0xbb, 0xbf])
    if form.hasMark { position = 3 }
  }

  /// The next row that is not blank, and the line it begins on, from 1; nil at the end. Throws
  /// `Problem` with the line of an unclosed quote, of a CR without LF or of text that is not UTF-8;
  /// reading cannot go on after that.
  public mutating func next() throws -> (line: Int, fields: [String])? {
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

  /// A field in quotes. Two quotes inside are one; line ends are kept.
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

  /// Skips LF or CR LF and counts the line; false if something else follows.
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

/// Writes fields of comma-separated text (RFC 4180).
package enum CSVText {
  package static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\r\n".contains($0) || $0 == "\r\n" }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
