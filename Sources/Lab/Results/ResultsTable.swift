// The results of a session: one row a method (and swept value) with mean and sample standard
// deviation over its finished runs, and a test of the difference from the first method.
import Datasets
import Foundation
import Metrics

public struct ResultsTable: Sendable, Equatable {
  /// One metric of one row.
  public struct Cell: Sendable, Equatable {
    public var mean: Double
    /// Sample standard deviation over seeds; `nil` for a single run.
    public var sd: Double?
    public var values: [Double]
    /// Entries the metric was computed on, in the first run.
    public var scored: Int
    /// Two-sided, paired over seeds and, for means over classes, classes, against the result of the
    /// first method of the same sweep values; `nil` in its own row and with too few pairs.
    /// `CrossedTest`.
    public var p: Double?
    /// Runs of other seeds or folds that pair in `p`.
    public var seeds: Int?
  }

  public struct Row: Sendable, Equatable {
    /// The method's id, or the name of a variant.
    public var name: String
    public var method: String
    public var model: String
    public var sweep: [String: String]
    /// Finished runs of the row.
    public var runs: Int
    /// `student` or `teacher`: the network that is the method's result.
    public var result: String
    /// Clips whose files are missing or hold no sound, in the run that lacks most.
    public var lostClips: Int
    /// Metric id → cell, of the student and of the teacher if the method has one.
    public var scores: [String: Cell]
    public var teacher: [String: Cell]
    public var trainableParameters: Int
    /// Mean over runs, evaluation included.
    public var trainingSeconds: Double
    /// Of the result on one test clip whose features are computed; nil if the log has no test.
    public var inferenceMilliseconds: Double?
    /// The most resident memory of the process during training, in bytes, over runs; nil if no log
    /// has samples.
    public var peakMemory: Int?
    /// The published value of the main metric.
    public var published: Double?

    /// The scored networks, the method's result first.
    var networks: [(name: String, cells: [String: Cell])] {
      let both = [("student", scores), ("teacher", teacher)].filter { !$0.1.isEmpty }
      return both.filter { $0.0 == result } + both.filter { $0.0 != result }
    }
  }

  public var session: String
  public var title: String
  public var caption: String
  public var columns: [String]
  public var rows: [Row]
  /// Runs of the session that are not finished.
  public var missing: [String]
  /// The swept values at which Scant hid labels at random.
  public var hiddenByChance: Set<[String: String]>
  /// Which classes the means leave out, in the first run that leaves out any.
  public var coverage: String?

  /// What the runs say about the session's claims.
  public var findings: [Finding]
  public var split: ScoredSplit

  /// Reads the logs of the session's runs; unfinished ones are left out and named in `missing`.
  public init(_ session: Session, split: ScoredSplit = .test) throws {
    self.init(
      session,
      results: try session.runs.map { try RunResult(session.runFolder($0), $0, split: split) },
      split: split)
  }

  package init(_ session: Session, results: [RunResult?], split: ScoredSplit = .test) {
    self.split = split
    findings = session.claims.map { Finding($0, results.compactMap { $0 }) }
    self.session = session.name
    title = session.title
    caption = session.caption
    let scored = results.compactMap { $0 }.flatMap(\.evaluations.values)
    columns = Session.columns(session.columns, among: scored.flatMap(\.metrics.keys))
    let heard = session.runs.filter { !Self.hidesByChance($0.recipe) }.map(\.sweep)
    hiddenByChance = Set(session.runs.map(\.sweep)).subtracting(heard)
    coverage = results.lazy.compactMap { $0?.evaluations["student"]?.coverage }.first
    missing = zip(session.runs, results).filter { $1 == nil }.map(\.0.name)
    rows = Self.rows(results.compactMap { $0 }, session.published)
  }

  private struct Key: Hashable {
    let name: String
    let method: String
    let model: String
    let sweep: [String: String]

    init(_ result: RunResult) {
      name = result.variant ?? result.method
      method = result.method
      model = result.model
      sweep = result.sweep
    }
  }

  private static func rows(_ results: [RunResult], _ published: [String: Double]) -> [Row] {
    var order: [Key] = []
    var groups: [Key: [RunResult]] = [:]
    for result in results {
      let key = Key(result)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(result)
    }
    return order.map { key in
      let group = groups[key] ?? []
      let first = order.first { $0.sweep == key.sweep } ?? key
      let reference = first == key ? nil : groups[first]
      return Row(
        name: key.name, method: key.method, model: key.model, sweep: key.sweep, runs: group.count,
        result: ResultNetwork.of(key.method),
        lostClips: group.map(\.lostClips).max() ?? 0,
        scores: cells(group, against: reference, of: "student"),
        teacher: cells(group, against: reference, of: "teacher"),
        trainableParameters: group.first?.trainableParameters ?? 0,
        trainingSeconds: group.reduce(0) { $0 + $1.seconds } / Double(max(group.count, 1)),
        inferenceMilliseconds: inference(group), peakMemory: group.compactMap(\.peakMemory).max(),
        published: published[key.name])
    }
  }

  /// Mean over the runs' tests.
  private static func inference(_ group: [RunResult]) -> Double? {
    let times = group.compactMap { result -> Double? in
      guard let end = result.evaluations[ResultNetwork.of(result.method)], !end.perClass.isEmpty,
        end.entries > 0
      else { return nil }
      return 1000 * end.seconds / (Double(end.entries) / Double(end.perClass.count))
    }
    return times.isEmpty ? nil : times.reduce(0, +) / Double(times.count)
  }

  private static func cells(
    _ group: [RunResult], against reference: [RunResult]?, of model: String
  ) -> [String: Cell] {
    var cells: [String: Cell] = [:]
    let metrics = Set(group.flatMap { $0.evaluations[model].map { Array($0.metrics.keys) } ?? [] })
    for metric in metrics {
      let values = group.compactMap { $0.evaluations[model]?.metrics[metric] }
      guard let spread = Spread(values) else { continue }
      let test = reference.flatMap {
        CrossedTest(
          PairedDifferences.all(
            metric, group, $0, network: model,
            against: ResultNetwork.of($0.first?.method ?? "")
          ).map(\.values))
      }
      cells[metric] = Cell(
        mean: spread.mean, sd: spread.std, values: values,
        scored: group.first?.evaluations[model]?.scored ?? 0,
        p: test?.pValue, seeds: test?.seeds)
    }
    return cells
  }
}

extension ResultsTable {
  /// Whether a recipe hides labels independently of the sound.
  private static func hidesByChance(_ recipe: Recipe) -> Bool {
    recipe.data[DatasetOptions.observed] < 1
      && [.balanced, .random].contains(recipe.data[DatasetOptions.hiding])
  }

  /// Whether B0 is worse than B1 in F1 but not in AP at swept values with labels hidden at random:
  /// the effect on B0 of hiding that does not depend on the sound.
  func disagreesByHiding(_ metrics: [String]) -> Bool {
    guard let f1 = metrics.first(where: { $0.hasPrefix("f1") }),
      let ap = metrics.first(where: { $0.hasPrefix("ap") })
    else { return false }
    return hiddenByChance.contains { point in
      func mean(_ metric: String, _ method: String) -> Double? {
        rows.first { $0.sweep == point && $0.method == method }?.scores[metric]?.mean
      }
      guard let f1B0 = mean(f1, "b0"), let f1B1 = mean(f1, "b1"), let apB0 = mean(ap, "b0"),
        let apB1 = mean(ap, "b1")
      else { return false }
      return f1B0 < f1B1 && apB0 >= apB1
    }
  }
}
