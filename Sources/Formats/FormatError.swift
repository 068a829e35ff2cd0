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
    // Names out of a damaged file could hold anything, also what a terminal would obey.
    self.message = String(
      String.UnicodeScalarView(
        message.unicodeScalars.map { Self.isPlain($0) ? $0 : "\u{fffd}" }))
  }

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
    line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
  }
}
