// One kind of fault, as a row of numbered cases.
import Foundation

/// What a case came to.
struct CaseResult {
  /// What was tried: `write 7 in run: No space left on device`.
  var title: String
  /// How many things were tried at once.
  var tries = 1
  /// What was lost, one entry each; none where everything survived.
  var losses: [String] = []
  /// How to do it again.
  var command: [String] = []
}

protocol Campaign: Sendable {
  static var name: String { get }
  /// Cases that are there whatever the seed; the short lane runs these alone.
  var briefCases: Int { get }
  /// Cases after which there is nothing new; nil where chance makes more.
  var allCases: Int? { get }

  /// Runs one case in a folder of its own, which is kept when something is lost.
  func run(case number: Int, in folder: URL, _ chance: inout Chance) throws -> CaseResult
}

/// A value that is made by whoever needs it first.
final class Once<Value: Sendable>: @unchecked Sendable {
  // Safe: `value` is read and written inside the lock alone.
  private let lock = NSLock()
  private var value: Value?

  func get(_ make: () throws -> Value) rethrows -> Value {
    try lock.withLock {
      if let value { return value }
      let made = try make()
      value = made
      return made
    }
  }
}
