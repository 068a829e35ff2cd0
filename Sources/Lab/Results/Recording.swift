// What is read from a run's folder: its whole log for a replay, or its scores for a comparison.
import Formats
import Foundation

/// A run's log for a replay.
public struct Recording: Sendable, Equatable {
  public var run: String
  public var folder: URL
  /// Absent for a log of another program.
  public var recipe: Recipe?
  public var events: [Event]
  /// Lines of the log that are not events.
  public var skipped: Int
  /// False while only the first and the last lines have been read.
  public var isWhole: Bool

  public init(
    run: String, folder: URL, recipe: Recipe?, events: [Event], skipped: Int, isWhole: Bool = true
  ) {
    self.run = run
    self.folder = folder
    self.recipe = recipe
    self.events = events
    self.skipped = skipped
    self.isWhole = isWhole
  }

  /// The whole log. Throws one line if the folder holds no run or its log no event.
  public init(reading folder: RunFolder) throws {
    try self.init(folder) {
      let (events, skipped) = try EventLog.read($0)
      return (events, skipped, true)
    }
  }

  /// The first line and the last ones of the log: enough to show how far a run got, without reading
  /// a long log.
  public init(previewing folder: RunFolder) throws {
    try self.init(folder) { try EventLog.ends(of: $0) }
  }

  private init(
    _ folder: RunFolder,
    _ read: (URL) throws -> (events: [Event], skipped: Int, isWhole: Bool)
  ) throws {
    let recipe = try folder.readRecipe()
    guard try StoredFile.exists(folder.events) else {
      throw LabError("\(folder.events.path): no such file; expected the event log of a run")
    }
    let (events, skipped, isWhole) = try read(folder.events)
    guard !events.isEmpty else {
      throw LabError("\(folder.events.path): no events; expected the log of a run")
    }
    self.init(
      run: folder.name, folder: folder.url, recipe: recipe, events: events, skipped: skipped,
      isWhole: isWhole)
  }
}

/// A run for a comparison: its settings, its scores over time, its test.
public struct RunRecord: Codable, Sendable, Equatable {
  public struct Point: Codable, Sendable, Equatable {
    public var step: Int
    public var epoch: Int
    /// Since the run started.
    public var seconds: Double
    public var value: Double
  }

  public var folder: URL
  public var summary: RunSummary
  /// Dotted key to value, every setting of the recipe.
  public var settings: [String: String]
  /// `validation/student/ap-macro` and the like.
  public var curves: [String: [Point]]
  /// By `student` and `teacher`.
  public var test: [String: EvalEnd]
  /// Seconds of training; absent for unfinished runs.
  public var seconds: Double?
  /// The form of a log of another program, whose curves have their own names; else absent.
  public var log: LogFormat?
}

extension RunRecord {
  public init(reading folder: RunFolder) throws {
    let recipe = try folder.readRecipe()
    self.init(
      folder: folder.url, summary: folder.summary(of: recipe), settings: recipe.texts, curves: [:],
      test: [:], seconds: try folder.ending().ended?.wall)
    guard try StoredFile.exists(folder.events) else { return }
    for event in try EventLog.read(folder.events, only: [EvalEnd.self]).events { add(event) }
  }

  /// A later evaluation of the same step replaces the earlier one, as in a resumed run.
  private mutating func add(_ event: Event) {
    guard let end = event.body as? EvalEnd else { return }
    if end.split == "test" { test[end.model] = end }
    for (metric, value) in end.values {
      let point = Point(
        step: event.step, epoch: event.epoch, seconds: Double(event.t) / 1e9, value: value)
      let name = "\(end.split)/\(end.model)/\(metric)"
      curves[name, default: []].removeAll { $0.step >= event.step }
      curves[name, default: []].append(point)
    }
  }
}
