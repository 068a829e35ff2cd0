// Large tables one row at a time: memory stays that of the file, whatever the number of fields.
import Foundation

/// How a table is written, beside what it says.
public struct TextForm: Sendable, Equatable {
  /// Begins with a byte-order mark.
  public var hasMark = false
  /// Lines that end in CR LF, and in LF alone.
  public var carriageReturns = 0
  public var newlines = 0
  /// Fields in quotes.
  public var quotes = 0

  public init() {}
}

/// Rows in the order of the file, of any number of fields each. Grammar as in `DelimitedText`.
public struct DelimitedRows: Sendable {
  private var scanner: FieldScanner

  /// Throws `Problem` where `url` is no readable file.
  public init(_ url: URL, separator: Character = ",") throws {
    guard let byte = separator.asciiValue else {
      throw Problem(url, "separator '\(separator)'; expected one ASCII character")
    }
    scanner = FieldScanner(
      bytes: try OpenFile(url).contents(), separator: byte, file: url.relativePath)
  }

  /// The form of the rows read so far.
  public var form: TextForm { scanner.form }

  /// The next row and the line it begins on, counted from 1; nil at the end. Throws `Problem`
  /// with the line of an open quote, of a CR without LF or of text that is not UTF-8; nothing can
  /// be read after that.
  public mutating func next() throws -> (line: Int, fields: [String])? { try scanner.next() }
}
