// What data sets need of NumPy's archives of arrays, and the one place where they are opened.
import Formats
import Foundation

/// Named arrays of numbers or of strings.
package protocol ArrayArchive {
  /// Shape and row-major values; nil where there is no such array.
  func numbers(_ name: String) throws -> (shape: [Int], values: [Float])?
  /// Nil where there is no such array.
  func strings(_ name: String) throws -> [String]?
}

enum ArrayArchives {
  /// Throws `FormatError` where `url` is no archive that can be read.
  static func open(_ url: URL) throws -> any ArrayArchive {
    throw FormatError(
      file: url.path, message: "NumPy archives cannot be read; expected tables as text")
  }
}
