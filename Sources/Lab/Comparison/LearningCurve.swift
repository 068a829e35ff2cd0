// What more labels should bring, from the same method trained on fewer.
import Foundation
import Metrics

/// A learning curve over labels, and its extrapolation.
public struct LearningCurve: Codable, Sendable, Equatable {
  /// Said with every forecast.
  public static let assumption =
    "Assumes score = a - b / labels^c, and more labels of the same kind. The intervals cover other "
    + "clips, not another training."

  /// The method's name for people.
  public let method: String
  /// The metric of the points.
  public let metric: Metric
  /// By number of labels.
  public let points: [Point]
  /// For half as many labels again; nil if the score of a point is undefined.
  public let forecast: LabelForecast?
  /// For each class with a forecast, the largest gain first.
  public let classes: [LabelForecast]

  /// What it rests on; nil where it was drawn on all folds of the table, and in verdicts of earlier
  /// builds.
  public let basis: Basis?

  /// Folds and clips of a curve that was drawn on fewer than the table.
  public struct Basis: Codable, Sendable, Equatable {
    public let folds, foldsOfTable: Int
    public let clips, clipsOfTable: Int

    /// `on 2 of 5 folds, 84 of 197 clips`
    public var words: String {
      let folds = "on \(folds) of \(foldsOfTable) folds"
      return clips < clipsOfTable ? "\(folds), \(clips) of \(clipsOfTable) clips" : folds
    }
  }

  /// The score with a number of labels.
  public struct Point: Codable, Sendable, Equatable {
    public let labels: Int
    public let score: Double
    public let interval: ScoreRange?
  }

  /// nil without two points with different numbers of labels. `isJudged`: of each class, whether
  /// anything is said about it.
  ///
  /// - Throws: `MetricError` if the points were tested on different clips.
  init?(_ comparison: Comparison, isJudged: [Bool], draws: Int = 500, seed: UInt64) throws {
    let sorted = comparison.curve.sorted { $0.labels < $1.labels }
    guard let first = sorted.first, let last = sorted.last, first.labels > 0,
      first.labels < last.labels
    else { return nil }
    for point in sorted where point.predictions.clips != first.predictions.clips {
      throw MetricError.pairing(
        "the learning curve: its points were tested on different clips; expected the same")
    }
    let decisions = try GroupedDecisions(
      sorted.map(\.predictions.labelled), groups: first.predictions.groups)
    let bootstrap = GroupBootstrap(decisions, draws: draws, level: Verdict.level, seed: seed)
    (method, metric) = (last.predictions.title, decisions.metric)
    basis = Self.basis(comparison, clips: first.predictions.clips)
    points = sorted.indices.compactMap { i in
      bootstrap.value(of: i).map {
        Point(
          labels: sorted[i].labels, score: $0,
          interval: bootstrap.interval(of: i).map(ScoreRange.init))
      }
    }
    forecast = Extrapolation(
      amounts: sorted.map { Double($0.labels) }, scores: decisions.values, draws: bootstrap.draws
    ).forecast(
      of: nil, metric: metric == .accuracy ? "accuracy" : "F1", bootstrap, units: decisions.groups)
    classes = comparison.classes.indices.filter { isJudged[$0] }.compactMap { c in
      Self.forecast(c, comparison.classes[c], sorted.map { $0.positives[c] }, decisions, bootstrap)
    }.sorted { $0.gain > $1.gain }
  }

  private static func basis(_ comparison: Comparison, clips: [String]) -> Basis? {
    let table = comparison.facts.foldsTested
    guard comparison.curveFolds > 0, comparison.curveFolds < table else { return nil }
    return Basis(
      folds: comparison.curveFolds, foldsOfTable: table, clips: Set(clips).count,
      clipsOfTable: Set(comparison.rows.first?.clips ?? []).count)
  }

  private static func forecast(
    _ c: Int, _ name: String, _ positives: [Double], _ decisions: GroupedDecisions,
    _ bootstrap: GroupBootstrap
  ) -> LabelForecast? {
    Extrapolation(
      amounts: positives, scores: decisions.f1.map { $0[c] },
      draws: bootstrap.classDraws.map { $0[c] }
    ).forecast(of: name, metric: "F1", bootstrap, units: decisions.groupsWithPositives[c])
  }
}

/// What a number of further labels should bring.
public struct LabelForecast: Codable, Sendable, Equatable {
  /// Gains below this count as none.
  public static let leastGain = 0.02

  /// The class whose positives are meant; nil for all labels.
  public let className: String?
  /// Further labels, or further positives of the class.
  public let more: Int
  /// The metric's short name.
  public let metric: String
  /// The score now, and the one that is expected.
  public let from, to: Double
  /// The interval of the gain, refitted on each resample.
  public let interval: ScoreRange

  public var gain: Double { to - from }
  /// Whether the interval excludes, to two decimals, that there is no gain.
  public var isClear: Bool { interval.low >= 0.005 && gain >= Self.leastGain }

  /// One sentence.
  public var words: String {
    let what = className.map { "more positives of \($0)" } ?? "more labels"
    func two(_ value: Double) -> String { String(format: "%.2f", value) }
    if isClear {
      return "\(more) \(what) should bring \(metric) \(two(from)) to \(two(to)), "
        + "gain \(two(interval.low)) to \(two(interval.high))."
    }
    if interval.high < Self.leastGain {
      return "\(more) \(what) would bring less than \(two(Self.leastGain)): the curve is flat."
    }
    return "What \(more) \(what) would bring does not show: "
      + "gain \(two(interval.low)) to \(two(interval.high))."
  }
}

/// Points of a curve, and the same points on each resample of the clips.
private struct Extrapolation {
  let amounts: [Double]
  let scores: [Double?]
  /// `[points][draws]`.
  let draws: [[Double?]]

  /// nil where the amounts do not rise or a score is undefined.
  func forecast(
    of className: String?, metric: String, _ bootstrap: GroupBootstrap, units: Int
  ) -> LabelForecast? {
    guard let last = amounts.last, let first = amounts.first, first > 0, last > first * 1.01,
      let now = scores.last ?? nil
    else { return nil }
    let more = Self.round(last / 2)
    let points = zip(amounts, scores).compactMap { amount, score in score.map { (amount, $0) } }
    guard points.count == amounts.count, let fit = PowerLaw(fitting: points) else { return nil }
    let gains = (draws.first ?? []).indices.compactMap { gain(draw: $0, more: more) }
    guard let range = bootstrap.interval(ofDraws: gains, units: units) else { return nil }
    return LabelForecast(
      className: className, more: more, metric: metric, from: now,
      to: min(1, now + fit(last + Double(more)) - fit(last)), interval: ScoreRange(range))
  }

  /// Two points fit every exponent alike, so the resamples take all exponents in turn.
  private func gain(draw: Int, more: Int) -> Double? {
    let points = zip(amounts, draws).compactMap { amount, values in
      values[draw].map { (amount, $0) }
    }
    guard points.count == amounts.count, let last = amounts.last else { return nil }
    let exponent = PowerLaw.exponents[draw % PowerLaw.exponents.count]
    let fit =
      points.count > 2 ? PowerLaw(fitting: points) : PowerLaw(points, exponent: exponent)
    return fit.map { $0(last + Double(more)) - $0(last) }
  }

  /// A number that a person would say: one digit, or two of which the second is 0 or 5.
  private static func round(_ value: Double) -> Int {
    guard value >= 10 else { return max(1, Int(value.rounded())) }
    let unit = pow(10, log10(value).rounded(.down)) / 2
    return Int((value / unit).rounded() * unit)
  }
}
