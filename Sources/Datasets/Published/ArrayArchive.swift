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

extension NPZ: ArrayArchive {
  package func numbers(_ name: String) throws -> (shape: [Int], values: [Float])? {
    names.contains(name) ? try array(name) : nil
  }

  package func strings(_ name: String) throws -> [String]? {
    names.contains(name) ? try (strings(name) as (shape: [Int], values: [String])).values : nil
  }
}
