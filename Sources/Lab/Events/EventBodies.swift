// What each event carries beside the common header. Field names are the JSON keys.

/// First event of a run: everything a screen needs to draw itself.
public struct RunStarted: Codable, Sendable, Equatable {
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
  /// The resolved recipe as YAML text.
  public var recipe: String
  /// What is trained one after the other, where a method trains more than one network.
  public var stages: [String]?
  /// Clips that the data set's tables name and that the run is without, their files being missing
  /// or no sound; absent where there is none, and in logs of earlier builds.
  public var lostClips: Int?

  /// The capability of a network whose first part changes what the rest of it sees.
  public static let reprogramsInput = "reprogrammedInput"

  package init(
    build: String, seed: Int, threads: Int, dataset: String, model: String, method: String,
    classes: [String], plannedSteps: Int, plannedEpochs: Int, stepsPerEpoch: Int, parameters: Int,
    trainableParameters: Int, observed: Int, entries: Int, hasTeacher: Bool, capabilities: [String],
    recipe: String, stages: [String]? = nil, lostClips: Int? = nil
  ) {
    self.stages = stages
    self.lostClips = lostClips
    self.build = build
    self.seed = seed
    self.threads = threads
    self.dataset = dataset
    self.model = model
    self.method = method
    self.classes = classes
    self.plannedSteps = plannedSteps
    self.plannedEpochs = plannedEpochs
    self.stepsPerEpoch = stepsPerEpoch
    self.parameters = parameters
    self.trainableParameters = trainableParameters
    self.observed = observed
    self.entries = entries
    self.hasTeacher = hasTeacher
    self.capabilities = capabilities
    self.recipe = recipe
  }
}

public struct StateChange: Codable, Sendable, Equatable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    case idle, preparing, running, pausing, paused, evaluating, stopping, done, failed
  }
  public var state: Name
  /// Preparing: 0…1 and what is being prepared. Paused: why.
  public var fraction: Double?
  public var what: String?

  package init(state: Name, fraction: Double? = nil, what: String? = nil) {
    self.state = state
    self.fraction = fraction
    self.what = what
  }
}

public struct PhaseChange: Codable, Sendable, Equatable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    case batch, studentFwd, teacherFwd, losses, backward, optim, ema, eval
  }
  public var phase: Name
  /// Nanoseconds the previous phase took.
  public var duration: UInt64

  package init(phase: Name, duration: UInt64) {
    self.phase = phase
    self.duration = duration
  }
}

public struct Progress: Codable, Sendable, Equatable {
  public var plannedSteps: Int
  public var clipsSeen: Int
  public var observedCellsSeen: Int
  public var lr: Double
  public var stepsPerSec: Double
  /// Seconds left.
  public var eta: Double

  package init(
    plannedSteps: Int, clipsSeen: Int, observedCellsSeen: Int, lr: Double, stepsPerSec: Double,
    eta: Double
  ) {
    self.plannedSteps = plannedSteps
    self.clipsSeen = clipsSeen
    self.observedCellsSeen = observedCellsSeen
    self.lr = lr
    self.stepsPerSec = stepsPerSec
    self.eta = eta
  }
}

public struct CheckpointSaved: Codable, Sendable, Equatable {
  /// `best` or `last`.
  public var file: String
  /// `epoch`, `manual`, `stop`, `best`.
  public var reason: String
  public var bytes: Int
  public var ms: Double

  package init(file: String, reason: String, bytes: Int, ms: Double) {
    self.file = file
    self.reason = reason
    self.bytes = bytes
    self.ms = ms
  }
}

public struct LogLine: Codable, Sendable, Equatable {
  public enum Level: String, Codable, Sendable { case info, warn, error }
  public var level: Level
  public var code: String
  public var text: String

  package init(level: Level, code: String, text: String) {
    self.level = level
    self.code = code
    self.text = text
  }
}

public struct Fault: Codable, Sendable, Equatable {
  public var code: String
  public var message: String
  public var tensor: String?
  public var lastGoodCheckpoint: Int?
  public var suggestion: [String]

  package init(
    code: String, message: String, tensor: String? = nil, lastGoodCheckpoint: Int? = nil,
    suggestion: [String]
  ) {
    self.code = code
    self.message = message
    self.tensor = tensor
    self.lastGoodCheckpoint = lastGoodCheckpoint
    self.suggestion = suggestion
  }
}

public struct Resources: Codable, Sendable, Equatable {
  public var cpu: Double
  public var rss: Int
  public var threads: Int

  package init(cpu: Double, rss: Int, threads: Int) {
    self.cpu = cpu
    self.rss = rss
    self.threads = threads
  }
}

public struct Reply: Codable, Sendable, Equatable {
  public var command: String
  public var ok: Bool
  public var reason: String?

  package init(command: String, ok: Bool, reason: String? = nil) {
    self.command = command
    self.ok = ok
    self.reason = reason
  }
}

public struct RunEnded: Codable, Sendable, Equatable {
  public enum Reason: String, Codable, Sendable { case done, stopped, interrupted, failed }
  public var reason: Reason
  /// Split to model to metric to value.
  public var scores: [String: [String: [String: Double]]]
  /// Seconds of training, evaluation included.
  public var wall: Double
  /// As in `Hello`.
  public var lostClips: Int?

  package init(
    reason: Reason, scores: [String: [String: [String: Double]]], wall: Double,
    lostClips: Int? = nil
  ) {
    self.lostClips = lostClips
    self.reason = reason
    self.scores = scores
    self.wall = wall
  }
}
