// What calibration and thresholds chosen on validation clips make of a test.

/// Scores of a test after calibration and with chosen thresholds, and how reliable the
/// probabilities are.
public struct AfterTraining: Sendable, Equatable, Codable {
  /// A reliability diagram of one split.
  public struct Diagram: Sendable, Equatable, Codable {
    /// `validation` or `test`.
    public let split: String
    /// How the probabilities were calibrated. On validation clips, each half is calibrated by the
    /// other half.
    public let calibration: Recalibration
    public let diagram: Reliability
  }

  /// By id, see ``ids``.
  public let scores: [String: Double]
  public let diagrams: [Diagram]
  /// The number of classes with too few labels to choose a threshold of their own.
  public let sharing: Int

  /// Chooses every calibration and every threshold rule on the validation clips and applies them to
  /// the test clips.
  ///
  /// - Parameters:
  ///   - validation: Probabilities and labels of validation clips.
  ///   - test: Those of test clips.
  ///   - threshold: The threshold of the rule `half`.
  /// - Returns: nil if the validation labels are not of both kinds.
  /// - Throws: `MetricError.nonFinite` if an observed score is not finite.
  public init?(
    validation: LabelledScores, test: LabelledScores, threshold: Float = 0.5
  ) throws(MetricError) {
    guard let fit = DecisionFit(validation) else { return nil }
    var (scores, diagrams, sharing) = ([String: Double](), [Diagram](), 0)
    for calibration in Recalibration.allCases {
      let calibrated = fit.calibrated(calibration)
      for rule in ThresholdRule.allCases {
        let chosen = DecisionRule(calibrated, rule, threshold: threshold)
        let decided = chosen.applied(to: test)
        sharing = max(sharing, chosen.shared.count)
        if calibration != .none || rule != .half {
          for (metric, value) in decided.f1 { scores[Self.id(metric, calibration, rule)] = value }
        }
        guard rule == .half else { continue }
        let found = try Self.diagrams(calibration, validation: validation, test: decided.labelled)
        scores[Self.errorID(calibration)] = found.first?.diagram.error
        diagrams += found
      }
    }
    (self.scores, self.diagrams, self.sharing) = (scores, diagrams, sharing)
  }

  /// That of the test first.
  private static func diagrams(
    _ calibration: Recalibration, validation: LabelledScores, test: LabelledScores
  ) throws(MetricError) -> [Diagram] {
    let own = Diagram(split: "test", calibration: calibration, diagram: try Reliability(test))
    guard let other = DecisionRule.crossFitted(calibration, .half, validation) else { return [own] }
    let held = try Reliability(other.labelled)
    return [own, Diagram(split: "validation", calibration: calibration, diagram: held)]
  }

  /// The metrics that depend on decisions.
  public static let metrics: [Metric] = [.f1MacroBoth, .f1Macro, .f1Micro]

  /// The ids of ``scores``: `f1-macro-both@f1`, `f1-macro-both@platt+f1`, `ece`, `ece@temperature`.
  /// Calibration and threshold rule stand behind the `@`.
  public static let ids: [String] =
    metrics.flatMap { metric in
      Recalibration.allCases.flatMap { calibration in
        ThresholdRule.allCases.map { id(metric, calibration, $0) }
      }.filter { $0 != metric.rawValue }
    } + Recalibration.allCases.map(errorID)

  private static func id(
    _ metric: Metric, _ calibration: Recalibration, _ rule: ThresholdRule
  ) -> String {
    let steps =
      (calibration == .none ? [] : [calibration.rawValue])
      + (rule == .half ? [] : [rule.rawValue])
    return steps.isEmpty
      ? metric.rawValue : "\(metric.rawValue)@\(steps.joined(separator: "+"))"
  }

  private static func errorID(_ calibration: Recalibration) -> String {
    calibration == .none ? "ece" : "ece@\(calibration.rawValue)"
  }
}

extension DecidedScores {
  /// ``AfterTraining/metrics``, without the rankings that all metrics take.
  fileprivate var f1: [Metric: Double] {
    var (classes, total) = (
      [Confusion](repeating: Confusion(), count: labelled.classes), Confusion()
    )
    for place in decisions.indices where labelled.observed[place] {
      classes[place % labelled.classes].count(
        decision: decisions[place], positive: labelled.targets[place] >= 0.5)
    }
    for confusion in classes { total += confusion }
    func mean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    var found: [Metric: Double] = [:]
    found[.f1Macro] = mean(classes.compactMap(\.f1))
    found[.f1MacroBoth] = mean(classes.compactMap(\.f1Both))
    found[.f1Micro] = total.f1
    return found
  }
}
