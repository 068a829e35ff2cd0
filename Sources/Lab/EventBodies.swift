/// What each event carries beside the common header. Field names are the JSON keys.

/// First event of a run: everything a screen needs to draw itself.
public struct Hello: Codable, Sendable, Equatable {
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
  /// `pause`, `phaseStep`, `stepBack`, `perTermGrad`.
  public var capabilities: [String]
  /// The resolved recipe as YAML text.
  public var recipe: String
}

public struct StateChange: Codable, Sendable, Equatable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    case idle, preparing, running, pausing, paused, evaluating, stopping, done, failed
  }
  public var state: Name
  /// Preparing: 0…1 and what is being prepared. Paused: why.
  public var fraction: Double?
  public var what: String?
}

public struct PhaseChange: Codable, Sendable, Equatable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    case batch, studentFwd, teacherFwd, losses, backward, optim, ema, eval
  }
  public var phase: Name
  /// Nanoseconds the previous phase took.
  public var duration: UInt64
}

public struct Progress: Codable, Sendable, Equatable {
  public var plannedSteps: Int
  public var clipsSeen: Int
  public var observedCellsSeen: Int
  public var lr: Double
  public var stepsPerSec: Double
  /// Seconds left.
  public var eta: Double
}

/// Up to 64 consecutive steps of every series; `nil` where a series has no value at a step.
public struct Scalars: Codable, Sendable, Equatable {
  public var first: Int
  public var n: Int
  public var series: [String: [Float?]]
}

/// One loss term at one step.
public struct TermReport: Codable, Sendable, Equatable {
  public var name: String
  public var value: Double
  public var weight: Double
  public var contribution: Double
  /// L2 norm of the term's gradient over all trainable parameters; absent when not measured.
  public var gradNorm: Double?
  /// How many (clip, class) entries the mean runs over, and of how many.
  public var denominator: Int
  public var entries: Int
  /// `dead`, `exploding`, `nonFinite`.
  public var flags: [String]
}

public struct Terms: Codable, Sendable, Equatable {
  public var terms: [TermReport]
}

public struct EvalStart: Codable, Sendable, Equatable {
  public var split: String
  public var model: String
}

public struct ClassScore: Codable, Sendable, Equatable {
  public var name: String
  /// Absent where the class has no observed positive (or no negative) in the split.
  public var ap: Double?
  public var rocAUC: Double?
  public var precision: Double?
  public var recall: Double?
  public var f1: Double?
  public var observed: Int
  public var positives: Int
}

public struct EvalEnd: Codable, Sendable, Equatable {
  public var split: String
  /// `student` or `teacher`.
  public var model: String
  public var seconds: Double
  /// Metric id to value; a metric that is undefined here is absent.
  public var metrics: [String: Double]
  public var perClass: [ClassScore]
  /// The metrics' denominator: entries scored, of entries there are.
  public var scored: Int
  public var entries: Int
}

public struct ClipPrediction: Codable, Sendable, Equatable {
  public var clip: String
  public var model: String
  public var probs: [Float]
  /// One letter a class, as in `LabelState`.
  public var labels: String
}

public struct TensorSummary: Codable, Sendable, Equatable {
  public var name: String
  public var shape: [Int]
  public var min: Float
  public var max: Float
  public var mean: Float
  public var norm: Float
  public var nonFinite: Int
}

public struct StepSnapshot: Codable, Sendable, Equatable {
  public var phase: PhaseChange.Name
  public var clips: [String]
  public var tensors: [TensorSummary]
  public var terms: [TermReport]
}

public struct CheckpointSaved: Codable, Sendable, Equatable {
  /// `best` or `last`.
  public var file: String
  /// `epoch`, `manual`, `stop`, `best`.
  public var reason: String
  public var bytes: Int
  public var ms: Double
}

public struct LogLine: Codable, Sendable, Equatable {
  public enum Level: String, Codable, Sendable { case info, warn, error }
  public var level: Level
  public var code: String
  public var text: String
}

public struct Fault: Codable, Sendable, Equatable {
  public var code: String
  public var message: String
  public var tensor: String?
  public var lastGoodCheckpoint: Int?
  public var suggestion: [String]
}

public struct Resources: Codable, Sendable, Equatable {
  public var cpu: Double
  public var rss: Int
  public var threads: Int
}

public struct Reply: Codable, Sendable, Equatable {
  public var command: String
  public var ok: Bool
  public var reason: String?
}

public struct Bye: Codable, Sendable, Equatable {
  public enum Reason: String, Codable, Sendable { case done, stopped, interrupted, failed }
  public var reason: Reason
  /// Split to model to metric to value.
  public var scores: [String: [String: [String: Double]]]
  /// Seconds of training, evaluation included.
  public var wall: Double
}
