// One answer to the question whether a class is in a clip.
import Foundation

/// What a person said of a missing label, when, and beside which run.
public struct LabelAnswer: Sendable, Equatable {
  public enum Value: String, Sendable, CaseIterable {
    case yes = "1"
    case no = "0"
    /// Listened to and left open: not asked again, never trained on.
    case open = "-"

    /// How a screen shows the answer; nil for one left open.
    public var state: LabelState? {
      switch self {
      case .yes: .answeredYes
      case .no: .answeredNo
      case .open: nil
      }
    }
  }

  public var clip: String
  /// The class by its name.
  public var className: String
  public var value: Value
  /// UTC to the second, as in `2026-03-01T17:05:09Z`.
  public var when: String
  /// The run whose suggestion it answers; may be empty.
  public var run: String

  public init(clip: String, className: String, value: Value, when: String = "", run: String = "") {
    self.clip = clip
    self.className = className
    self.value = value
    self.when = when
    self.run = run
  }

  /// Now, in the form of `when`.
  static var now: String { Date().formatted(.iso8601) }

  /// Whether a text has the form of `when`.
  static func isMoment(_ text: String) -> Bool {
    (try? Date(text, strategy: .iso8601)) != nil
  }
}
