// Which network of a run is its result: one answer for lists, curves, tables and tests.
import Methods
import Metrics

/// The network that is a method's result, and the other one of a method with two.
public enum ResultNetwork {
  private static let byMethod = Dictionary(
    MethodCatalog.all.map { ($0.card.id, $0.result) }, uniquingKeysWith: { first, _ in first })

  /// `student` or `teacher`, as the method's card says; `student` for an unknown method.
  public static func of(_ method: String) -> String {
    (byMethod[method] ?? .student).rawValue
  }

  /// The teacher beside a student and the other way round.
  public static func other(than network: String) -> String {
    network == NetworkName.teacher.rawValue
      ? NetworkName.student.rawValue : NetworkName.teacher.rawValue
  }
}

extension RunFolder {
  /// The headline of the run's test, of the network that is the method's result; nil without a
  /// test. `columns`: as its session names them.
  public func headline(columns: [String]) throws -> Headline? {
    let tests = try tests()
    guard let started = try started() else { return nil }
    let end = tests.first { $0.model == ResultNetwork.of(started.method) } ?? tests.first
    return end.map { Headline(of: $0, columns: columns) }
  }
}

/// Which network of each run is compared.
public enum NetworkChoice: Sendable, Equatable {
  /// The result of the method.
  case result
  /// The other network; the only one of a run with one.
  case other

  public var flipped: NetworkChoice { self == .result ? .other : .result }
}

extension RunSummary {
  /// Test scores by metric of the chosen network.
  public func scores(of choice: NetworkChoice) -> [String: Double] {
    choice == .result || otherScores.isEmpty ? scores : otherScores
  }
}

extension RunRecord {
  /// Whether two networks were scored.
  public var hasPair: Bool { scoredNetworks.count > 1 }

  /// `student` or `teacher`.
  public func network(_ choice: NetworkChoice) -> String {
    let result = ResultNetwork.of(summary.method)
    let other = ResultNetwork.other(than: result)
    return choice == .other && scoredNetworks.contains(other) ? other : result
  }

  /// Its test; nil if that network was not tested.
  public func test(of choice: NetworkChoice) -> EvalEnd? { test[network(choice)] }

  /// Its validation scores over time.
  public func curve(_ metric: String, of choice: NetworkChoice) -> [Point] {
    (log == nil ? curves["validation/\(network(choice))/\(metric)"] : curves[metric]) ?? []
  }

  private var scoredNetworks: Set<String> {
    if log != nil { return [] }
    let curves = curves.keys.compactMap { name -> String? in
      let parts = name.split(separator: "/")
      return parts.count == 3 ? String(parts[1]) : nil
    }
    return Set(curves).union(test.keys)
  }
}

/// A test of whether two groups of runs differ in a metric.
public struct RunComparison: Sendable, Equatable {
  /// Mean difference of the pairs, the second group less the first.
  public let mean: Double
  /// Two-sided; `CrossedTest`.
  public let pValue: Double
  public let seeds, classes: Int

  /// Of the chosen network of each run. Paired over seeds and, for means over classes, classes; nil
  /// if there are too few pairs.
  public init?(
    of metric: String, _ group: [RunRecord], against reference: [RunRecord],
    network choice: NetworkChoice = .result
  ) {
    let differences = PairedDifferences.all(
      metric, group.map { Self.result($0, choice) }, reference.map { Self.result($0, choice) },
      network: Self.shown, against: Self.shown
    ).map(\.values)
    guard let test = CrossedTest(differences) else { return nil }
    mean = test.mean
    pValue = test.pValue
    seeds = test.seeds
    classes = test.classes
  }

  private static let shown = "shown"

  /// Runs on different data do not pair: their data set is part of the fold.
  private static func result(_ record: RunRecord, _ choice: NetworkChoice) -> RunResult {
    let fold = record.settings["dataset.testFold"] ?? "0"
    let place = [record.settings["dataset.id"] ?? "", fold]
    return RunResult(
      method: record.summary.method, model: record.summary.model, seed: record.summary.seed,
      fold: place.joined(separator: " "), sweep: [:],
      evaluations: record.test(of: choice).map { [shown: $0] } ?? [:], trainableParameters: 0,
      seconds: record.seconds ?? 0, lostClips: 0)
  }
}
