// Events made from logs that other programs write. They are shown like those of a run and never
// written, so `EventRegistry` does not hold them.
import Formats
import Foundation

/// The form of another program's log.
public enum LogFormat: String, Codable, Sendable, CaseIterable {
  case tensorBoard = "tensorboard"
  case csv

  /// "a TensorBoard log".
  public var title: String {
    switch self {
    case .tensorBoard: "a TensorBoard log"
    case .csv: "a CSV log"
    }
  }

  /// What is shown of it, and what it lacks.
  public var limits: String { "\(title) holds scalars only: no classes, labels, clips or settings" }
}

/// First event of another program's log, and again if the log is written anew.
public struct OtherLogOpened: EventBody {
  public static let kind = "otherLog"
  public static let form = EventForm("Never written.", screens: "3 Train", [])

  public var format: LogFormat
  /// The number of files it is in.
  public var files: Int

  public func note(of event: Event, in run: RunStarted?) -> LogLine? {
    let count = files == 1 ? "1 file" : "\(files) files"
    return LogLine(level: .info, code: "log", text: "\(format.title) in \(count)")
  }
}

/// Points of curves, in the order of their log; any steps.
public struct OtherLogPoints: EventBody {
  public static let kind = "otherLogPoints"
  public static let form = EventForm("Never written.", screens: "3 Train", [])

  /// Names of curves; more than the points use.
  let names: [String]
  /// A point each: the place of its name, its step, its value.
  let tags: [Int32]
  let steps: [UInt32]
  let values: [Float]
  /// Whether they stood in the log when it was opened, whenever they were written.
  public var isBacklog = false

  public var count: Int { values.count }

  init(names: [String], points: some Collection<LoggedPoint>) {
    self.names = names
    tags = points.map(\.tag)
    steps = points.map(\.step)
    values = points.map(\.value)
  }

  /// Those up to a step.
  package func through(_ step: Int) -> OtherLogPoints {
    let kept = steps.indices.filter { Int(steps[$0]) <= step }
    return OtherLogPoints(
      names: names, tags: kept.map { tags[$0] }, steps: kept.map { steps[$0] },
      values: kept.map { values[$0] })
  }

  private init(names: [String], tags: [Int32], steps: [UInt32], values: [Float]) {
    (self.names, self.tags, self.steps, self.values) = (names, tags, steps, values)
  }

  /// Each point with the name of its curve.
  func forEach(_ body: (_ name: String, _ step: Int, _ value: Float) -> Void) {
    for place in values.indices where names.indices.contains(Int(tags[place])) {
      body(names[Int(tags[place])], Int(steps[place]), values[place])
    }
  }
}

extension Event {
  /// Whether it says nothing about when a log of another program was written last.
  public var isBacklog: Bool {
    switch body {
    case is OtherLogOpened: true
    case let points as OtherLogPoints: points.isBacklog
    case let line as LogLine: line.code == LogLine.leftOut
    default: false
    }
  }
}

extension LogLine {
  /// The code of a line about what of a log is not shown.
  static let leftOut = "left-out"
}

/// How names of another program's curves are read. Names are kept as they are; words are what lies
/// between characters that are neither letters nor digits, and case does not count.
public enum CurveName {
  private static let losses: Set<String> = ["loss", "losses"]
  private static let validation: Set<String> = [
    "val", "valid", "validation", "dev", "eval", "test",
  ]
  private static let training: Set<String> = ["train", "training"]

  static func words(_ name: String) -> [String] {
    name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  /// Whether a word of the name is "loss" or "losses".
  public static func isLoss(_ name: String) -> Bool { !losses.isDisjoint(with: words(name)) }

  /// Whether a word of the name says that it is of clips that are not trained on.
  public static func isValidation(_ name: String) -> Bool {
    !validation.isDisjoint(with: words(name))
  }

  /// What curves of the same quantity share: the words that do not say of which clips it is.
  public static func quantity(_ name: String) -> String {
    words(name).filter { !validation.contains($0) && !training.contains($0) }
      .joined(separator: " ")
  }
}
