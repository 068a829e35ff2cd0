// The one number that stands for a result, and what a reader has to know of it.
import Foundation
import Metrics

/// The headline of an evaluation: one metric, named, of one network, with its interval and what it
/// rests on.
public struct Headline: Codable, Sendable, Equatable {
  /// A class and its part of the headline.
  public struct ClassPart: Codable, Sendable, Equatable {
    public var name: String
    public var value: Double
    public var positives: Int
  }

  /// The id of the metric.
  public var metric: String
  /// Absent if the metric is undefined.
  public var value: Double?
  /// 95 %, by bootstrap.
  public var interval: ScoreInterval?
  /// The number of groups that the interval is over; absent if it is over clips.
  public var groups: Int?
  public var split: String
  /// `student` or `teacher`.
  public var network: String
  /// The step of the weights; absent if it is not known.
  public var step: Int?
  public var clips: Int
  /// The number of observed labels.
  public var labels: Int
  public var classes: Int
  /// The classes with a score, the lowest first, three at most.
  public var worst: [ClassPart]
  /// The classes without a score: no observed positive, or for some metrics no negative.
  public var unscored: [String]

  /// `columns`: the metrics that a session names, the main one first; may be empty.
  public init(of end: EvalEnd, columns: [String]) {
    let metric = Self.metric(columns, among: end.metrics.keys)
    self.metric = metric
    (value, interval) = (end.metrics[metric], end.intervals?[metric])
    (groups, step) = (end.groups, end.weights)
    (split, network) = (end.split, end.model)
    classes = end.perClass.count
    (clips, labels) = (end.entries / max(1, classes), end.scored)
    let parts = end.perClass.compactMap { score in
      score.value(of: metric).map {
        ClassPart(name: score.name, value: $0, positives: score.positives)
      }
    }
    worst = Array(parts.sorted { ($0.value, $0.name) < ($1.value, $1.name) }.prefix(3))
    unscored = end.perClass.filter { $0.value(of: metric) == nil }.map(\.name)
  }

  /// The id of the headline metric: the first of `columns`, else the one that fits the data.
  public static func metric(_ columns: [String], among metrics: some Sequence<String>) -> String {
    columns.first ?? Session.columns([], among: metrics)[0]
  }
}

extension Headline {
  /// `F1 (f1-macro-both) 0.654, 95 % 0.58–0.72 over clips, student at step 480, …`; then the worst
  /// classes, and those without a score.
  public var lines: [String] { [first, weak, missing].compactMap { $0 } }

  private var first: String {
    let at = step.map { " at step \($0)" } ?? ""
    let whose = [
      "\(network)\(at)", "\(clips) \(split) clip\(clips == 1 ? "" : "s")",
      "\(labels) observed labels of \(classes) classes",
    ]
    return ([score] + whose).joined(separator: ", ")
  }

  private var score: String {
    guard let value else { return "\(title) is undefined" }
    let range = interval.map { interval in
      ", 95 % \(Self.text(interval.low, 2))–\(Self.text(interval.high, 2)) over "
        + (groups.map { "\($0) groups" } ?? "clips")
    }
    return "\(title) \(Self.text(value, 3))\(range ?? "")"
  }

  /// A word and the id, or the id alone where it is a word.
  private var title: String {
    switch Metric(rawValue: metric) {
    case .accuracy, nil: metric
    case .f1Macro, .f1MacroBoth, .f1Micro, .f1Instance, .dcaseF1: "F1 (\(metric))"
    case .apMacro, .apMicro: "AP (\(metric))"
    case .auprcMacro, .auprcMicro, .sonycAUPRC: "AUPRC (\(metric))"
    case .rocAUCMacro: "ROC AUC (\(metric))"
    }
  }

  private var weak: String? {
    guard !worst.isEmpty else { return nil }
    let parts = worst.map { part in
      let count = "\(part.positives) positive\(part.positives == 1 ? "" : "s")"
      return "\(part.name) \(Self.text(part.value, 2)) (\(count))"
    }
    return "worst by \(ClassScore.title(of: metric)): \(parts.joined(separator: ", "))"
  }

  private var missing: String? {
    guard !unscored.isEmpty else { return nil }
    let more = unscored.count - Self.mostNamed
    let names = unscored.prefix(Self.mostNamed).joined(separator: ", ")
    let both = [Metric.f1MacroBoth.rawValue, Metric.rocAUCMacro.rawValue].contains(metric)
    return "unscored: \(names)\(more > 0 ? " and \(more) more" : "") "
      + "(no observed positive\(both ? ", or no negative" : ""))"
  }

  private static let mostNamed = 8

  private static func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
