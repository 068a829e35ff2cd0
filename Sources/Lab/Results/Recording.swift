// What a run left behind: its whole log to be replayed, or its scores to be compared.
import Formats
import Foundation

/// A run's log, to be shown again.
public struct Recording: Sendable, Equatable {
  public var run: String
  public var folder: URL
  public var recipe: Recipe
  public var events: [Event]
  /// Lines of the log that are no events.
  public var skipped: Int
  /// False while only the first and the last lines have been read.
  public var isWhole: Bool

  public init(
    run: String, folder: URL, recipe: Recipe, events: [Event], skipped: Int, isWhole: Bool = true
  ) {
    self.run = run
    self.folder = folder
    self.recipe = recipe
    self.events = events
    self.skipped = skipped
    self.isWhole = isWhole
  }

  /// The whole log. Throws one line where the folder holds no run or its log no event.
  public init(reading folder: RunFolder) throws {
    try self.init(folder) {
      let (events, skipped) = try EventLog.read($0)
      return (events, skipped, true)
    }
  }

  /// How far the run got, without reading a long log: its first line and its last ones.
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

/// A run beside others: its settings, its scores over time, its test.
public struct RunRecord: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    public var step: Int
    public var epoch: Int
    /// Since the run started.
    public var seconds: Double
    public var value: Double

    public init(step: Int, epoch: Int, seconds: Double, value: Double) {
      self.step = step
      self.epoch = epoch
      self.seconds = seconds
      self.value = value
    }
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

  public init(
    folder: URL, summary: RunSummary, settings: [String: String], curves: [String: [Point]],
    test: [String: EvalEnd], seconds: Double?
  ) {
    self.folder = folder
    self.summary = summary
    self.settings = settings
    self.curves = curves
    self.test = test
    self.seconds = seconds
  }

  public init(reading folder: RunFolder) throws {
    let recipe = try folder.readRecipe()
    var settings = Dictionary(
      recipe.fields.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    for key in ["dataset.id", "model.id", "method.id", "seed"] { settings[key] = recipe[key] }
    self.init(
      folder: folder.url, summary: folder.summary(of: recipe), settings: settings, curves: [:],
      test: [:], seconds: try folder.ending().ended?.wall)
    guard try StoredFile.exists(folder.events) else { return }
    for event in try EventLog.read(folder.events, kinds: [.evalEnd]).events { add(event) }
  }

  /// A later evaluation of the same step replaces the earlier one, as in a resumed run.
  private mutating func add(_ event: Event) {
    guard case .evalEnd(let end) = event.body else { return }
    if end.split == "test" { test[end.model] = end }
    let loss = end.loss.map { ["loss": $0] } ?? [:]
    for (metric, value) in end.metrics.merging(loss, uniquingKeysWith: { $1 }) {
      let point = Point(
        step: event.step, epoch: event.epoch, seconds: Double(event.t) / 1e9, value: value)
      let name = "\(end.split)/\(end.model)/\(metric)"
      curves[name, default: []].removeAll { $0.step >= event.step }
      curves[name, default: []].append(point)
    }
  }
}
