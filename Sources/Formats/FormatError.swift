// Why a file of data could not be read or written, in one line.
import Foundation

/// Prints `FILE:LINE: what is wrong; what was expected`, or `FILE: …` where lines mean nothing.
public struct FormatError: Error, CustomStringConvertible, Equatable {
  public let file: String
  /// Counted from 1.
  public let line: Int?
  public let message: String

  public init(file: String, line: Int? = nil, message: String) {
    self.file = file
    self.line = line
    self.message = Self.shortened(Self.plain(message))
  }

  /// Names out of a damaged file could hold anything, also what a terminal would obey.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "\u{fffd}" }))
  }

  /// A file may claim a shape of 200,000 axes. What is left out comes from the middle, since the
  /// end says what was expected.
  private static func shortened(_ text: String) -> String {
    guard text.unicodeScalars.count > 2 * halfLength else { return text }
    let scalars = text.unicodeScalars
    return String(scalars.prefix(halfLength)) + " … " + String(scalars.suffix(halfLength))
  }

  private static let halfLength = 400

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format: false
    default: true
    }
  }

  init(_ url: URL, line: Int? = nil, _ message: String) {
    self.init(file: url.relativePath, line: line, message: message)
  }

  public var description: String {
    let place = Self.plain(file)
    return line.map { "\(place):\($0): \(message)" } ?? "\(place): \(message)"
  }
}
