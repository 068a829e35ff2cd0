// What a reader finds while it reads annotation tables, each with its place.
import Formats

/// One thing that is wrong, or merely odd, with a data set's files.
package struct DataIssue: Sendable, Equatable, Encodable, CustomStringConvertible {
  package enum Severity: String, Sendable, Encodable {
    /// The set cannot be trusted before this is put right.
    case wrong
    /// Read all the same.
    case odd
  }

  package let severity: Severity
  /// A file, or `FILE:LINE`.
  package let place: String
  /// What is wrong; what was expected.
  package let message: String

  package var description: String { "\(place): \(message)" }
}

/// Issues in the order found. Keeps the first thousand and counts the others, so that a table of
/// another kind altogether does not fill the memory.
package struct IssueLog: Sendable {
  package private(set) var issues: [DataIssue] = []
  /// How many are not among `issues`.
  package private(set) var left = 0
  /// Of all found, kept or not.
  package private(set) var wrongCount = 0
  private static let capacity = 1000

  mutating func wrong(_ place: String, _ message: String) { add(.wrong, place, message) }

  mutating func odd(_ place: String, _ message: String) { add(.odd, place, message) }

  mutating func append(_ error: Problem) { wrong(error.position, error.message) }

  private mutating func add(_ severity: DataIssue.Severity, _ place: String, _ message: String) {
    if severity == .wrong { wrongCount += 1 }
    guard issues.count < IssueLog.capacity else {
      left += 1
      return
    }
    issues.append(DataIssue(severity: severity, place: place, message: message))
  }

  /// The first thing wrong as the reason why a data set does not open; nil where all is well.
  func refusal(_ id: String) -> Problem? {
    guard let first = issues.first(where: { $0.severity == .wrong }) else { return nil }
    let others = wrongCount - 1
    let more = others > 0 ? " (and \(others) more: scant data check \(id))" : ""
    return Problem(first.place, first.message + more)
  }
}
