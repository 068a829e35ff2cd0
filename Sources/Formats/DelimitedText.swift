// Tables as text: CSV and TSV with quotes, either line ending, byte-order mark, line numbers.
import Foundation

/// A header and rows of equally many fields. Grammar: RFC 4180, with any ASCII separator.
public struct DelimitedText: Sendable {
  /// Column names; empty when the table was read as having none.
  public let header: [String]
  /// Rows and the line each begins on, counted from 1. Blank lines are left out.
  public let rows: [(line: Int, fields: [String])]

  private let file: String

  /// Reads the table at `url`. Throws `Problem` with the line of an open quote, of a CR
  /// without LF, of text that is not UTF-8, or of a row whose fields differ in number from the
  /// first one's.
  public static func read(
    _ url: URL, separator: Character = ",", hasHeader: Bool = true
  ) throws -> DelimitedText {
    try DelimitedText(
      bytes: try OpenFile(url).contents(), file: url.relativePath, separator: separator,
      hasHeader: hasHeader)
  }

  /// Parses a table already in memory; `file` names it in errors.
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
    guard let byte = separator.asciiValue else {
      throw Problem(
        file, line: nil, "separator '\(separator)'; expected one ASCII character")
    }
    var lines = try FieldScanner(bytes: bytes, separator: byte, file: file).rows()
    let width = lines.first?.fields.count ?? 0
    if let odd = lines.first(where: { $0.fields.count != width }) {
      throw Problem(
        file, line: odd.line,
        "\(odd.fields.count) fields; expected \(width) as in the first row")
    }
    if hasHeader, lines.isEmpty {
      throw Problem(file, line: 1, "no header; expected column names")
    }
    header = hasHeader ? lines.removeFirst().fields : []
    rows = lines
    self.file = file
  }

  /// The index of a column. Throws `Problem` when the header lacks it.
  public func column(_ name: String) throws -> Int {
    guard let index = header.firstIndex(of: name) else {
      let names = header.joined(separator: ", ")
      throw Problem(
        file, line: 1, "no column \(name) among \(names); expected one")
    }
    return index
  }
}
