// What events about the course of a run carry; `EvaluationBodies` has those about its networks.
import Foundation

/// First event of a run: everything a screen needs to draw itself.
public struct RunStarted: EventBody {
  public static let kind = "hello"

  public var build: String
  public var seed: Int
  public var threads: Int
  public var dataset: String
  public var model: String
  public var method: String
  public var classes: [String]
  public var plannedSteps: Int
  public var plannedEpochs: Int
  public var stepsPerEpoch: Int
  public var parameters: Int
  public var trainableParameters: Int
  /// Entries observed and entries there are, in the training split.
  public var observed: Int
  public var entries: Int
  public var hasTeacher: Bool
  /// `pause`, `phaseStep`, `stepBack`, `perTermGrad`, `reprogrammedInput`.
  public var capabilities: [String]
  /// Absent in runs that were trained outside Scant.
  public var recipe: LoggedRecipe?
  /// Settings of a run that was trained outside Scant: name to value as text.
  public var settings: [String: String]?
  /// Names of the stages of a method that trains more than one network; else absent.
  public var stages: [String]?
  /// Clips of the data set's tables whose files are missing or hold no sound, so that the run does
  /// without them; absent if there are none, and in logs of earlier builds.
  public var lostClips: Int?
  /// The metrics of its session's table, the main one first; absent where no session names any,
  /// and in logs of earlier builds.
  public var columns: [String]?

  /// The capability of a network whose first part changes what the rest of it sees.
  public static let reprogramsInput = "reprogrammedInput"

  /// Whether another program trained the run.
  public var isOutside: Bool { recipe == nil }

  public func note(of event: Event, in run: RunStarted?) -> LogLine? {
    let share = Double(observed) / Double(max(entries, 1)) * 100
    return LogLine(
      level: .info, code: "start",
      text: (isOutside ? "trained outside Scant: " : "")
        + "\(method), seed \(seed), \(threads) threads, "
        + String(format: "%.0f %% observed", share))
  }
}

/// The resolved recipe of a run: YAML text in the log, so that a log that is copied keeps its
/// bytes, and a value for whoever reads it.
public struct LoggedRecipe: Codable, Sendable, Equatable {
  private let yaml: String

  /// As it stands in the log.
  package var text: String { yaml }

  package init(_ recipe: Recipe, dataDigest: String? = nil, remarks: [String: String] = [:]) {
    yaml = recipe.yaml(dataDigest: dataDigest, remarks: remarks)
  }

  public init(from decoder: any Decoder) throws {
    yaml = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(yaml)
  }

  /// Throws `RecipeError` if a build with other settings wrote it.
  public func value() throws -> Recipe { try Recipe(yaml: yaml, file: "recipe of the run") }
}

public struct StateChange: EventBody {
  public static let kind = "state"

  public enum Name: String, Codable, Sendable, CaseIterable {
    case idle, preparing, running, pausing, paused, evaluating, stopping, done, failed
  }
  public var state: Name
  /// Preparing: 0…1 and what is being prepared. Paused: why.
  public var fraction: Double?
  public var what: String?

  public func note(of event: Event, in run: RunStarted?) -> LogLine? {
    guard state == .paused else { return nil }
    return LogLine(level: .info, code: "hold", text: "held at step \(event.step)")
  }
}

public struct PhaseChange: EventBody {
  public static let kind = "phase"
  public static let isCoalescable = true

  public enum Name: String, Codable, Sendable, CaseIterable {
    case batch, studentFwd, teacherFwd, losses, backward, optim, ema, eval
  }
  public var phase: Name
  /// Nanoseconds the previous phase took.
  public var duration: UInt64
}

public struct Progress: EventBody {
  public static let kind = "progress"
  public static let isCoalescable = true

  public var plannedSteps: Int
  public var clipsSeen: Int
  public var observedCellsSeen: Int
  public var lr: Double
  public var stepsPerSec: Double
  /// Seconds left.
  public var eta: Double
}

public struct CheckpointSaved: EventBody {
  public static let kind = "checkpoint"

  /// `best` or `last`.
  public var file: String
  /// `epoch`, `manual`, `stop`, `best`.
  public var reason: String
  public var bytes: Int
  public var ms: Double

  public func note(of event: Event, in run: RunStarted?) -> LogLine? {
    LogLine(level: .info, code: "ckpt", text: "\(file) saved (\(reason))")
  }
}

public struct LogLine: EventBody {
  public static let kind = "log"

  public enum Level: String, Codable, Sendable { case info, warn, error }
  public var level: Level
  public var code: String
  public var text: String
}

public struct Fault: EventBody {
  public static let kind = "fault"
  /// The code of a loss or gradient that is not finite; its message names the step.
  public static let nonFinite = "non-finite"

  public var code: String
  public var message: String
  public var tensor: String?
  public var lastGoodCheckpoint: Int?
  public var suggestion: [String]
}

public struct Resources: EventBody {
  public static let kind = "resources"
  public static let isCoalescable = true

  /// Percent of one processor.
  public var cpu: Double
  /// Resident memory in bytes.
  public var rss: Int
  public var threads: Int
  /// Bytes written to disks a second; absent in older logs, and where the system does not say.
  public var written: Double?
}

public struct Reply: EventBody {
  public static let kind = "reply"

  public var command: String
  public var ok: Bool
  public var reason: String?
}

public struct RunEnded: EventBody {
  public static let kind = "bye"

  public enum Reason: String, Codable, Sendable { case done, stopped, interrupted, failed }
  public var reason: Reason
  /// Split to model to metric to value.
  public var scores: [String: [String: [String: Double]]]
  /// Seconds of training, evaluation included.
  public var wall: Double
  /// As in `RunStarted`.
  public var lostClips: Int?

  public func note(of event: Event, in run: RunStarted?) -> LogLine? {
    LogLine(
      level: .info, code: "end",
      text: "\(reason.rawValue) after " + String(format: "%.0f s", wall))
  }
}
