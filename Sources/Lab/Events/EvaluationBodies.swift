// The bodies of events about what the model gets right and why: loss terms, scores, predictions.
import Foundation
import Metrics

/// One loss term at one step.
public struct TermReport: Codable, Sendable, Equatable {
  public var name: String
  public var value: Double
  public var weight: Double
  public var contribution: Double
  /// L2 norm of the term's gradient over all trainable parameters, as last
  /// measured; absent before that.
  public var gradNorm: Double?
  /// Cosine of the angle between this term's gradient and the first term's, as last measured;
  /// absent for the first term, and if one of the two is 0.
  public var cosWithSupervised: Double?
  /// The step at which `gradNorm` and `cosWithSupervised` were measured; absent in older logs.
  public var measuredAt: Int?
  /// How many (clip, class) entries the mean runs over, and of how many.
  public var denominator: Int
  public var entries: Int
  /// In a snapshot's losses: a text a clip of the batch, a digit a class, 1 if the mean counts the
  /// entry. Absent in older logs, and if the mean is not over labels.
  public var counted: [String]?
  /// `dead`: a value without a gradient. `exploding`: a gradient with a very large norm.
  /// `conflicting`: a gradient opposed to the first term's.
  public var flags: [String]
}

public struct Terms: EventBody {
  public static let kind = "terms"
  public static let isCoalescable = true

  public var terms: [TermReport]
}

public struct EvalStart: EventBody {
  public static let kind = "evalStart"

  public var split: String
  public var model: String
}

public struct ClassScore: Codable, Sendable, Equatable {
  public var name: String
  /// Absent if the class has no observed positive (or no negative) in the split.
  public var ap: Double?
  public var rocAUC: Double?
  public var precision: Double?
  public var recall: Double?
  public var f1: Double?
  /// ½(F1⁺ + F1⁻).
  public var f1Both: Double?
  public var observed: Int
  public var positives: Int
}

extension ClassScore {
  /// The score of the class that a metric is the mean of; F1 for a metric that is no mean over
  /// classes. Nil where it is undefined.
  public func value(of metric: String) -> Double? {
    switch Metric(rawValue: metric) {
    case .f1MacroBoth: f1Both
    case .apMacro, .apMicro, .auprcMacro, .auprcMicro, .sonycAUPRC: ap
    case .rocAUCMacro: rocAUC
    case .f1Macro, .f1Micro, .f1Instance, .accuracy, .dcaseF1, nil: f1
    }
  }

  /// The name of that score.
  public static func title(of metric: String) -> String {
    switch Metric(rawValue: metric) {
    case .f1MacroBoth: "F1 both"
    case .apMacro, .apMicro, .auprcMacro, .auprcMicro, .sonycAUPRC: "AP"
    case .rocAUCMacro: "ROC AUC"
    case .f1Macro, .f1Micro, .f1Instance, .accuracy, .dcaseF1, nil: "F1"
    }
  }
}

/// A 95 % bootstrap interval of a metric over clips.
public struct ScoreInterval: Codable, Sendable, Equatable {
  public var low: Double
  public var high: Double
  /// Bootstrap samples of clips on which the metric was defined.
  public var draws: Int
}

public struct EvalEnd: EventBody {
  public static let kind = "evalEnd"

  public var split: String
  /// `student` or `teacher`.
  public var model: String
  public var seconds: Double
  /// Metric id to value; a metric that is undefined here is absent.
  public var metrics: [String: Double]
  /// Mean binary cross-entropy over the observed entries; absent if none is observed.
  public var loss: Double?
  public var perClass: [ClassScore]
  /// The metrics' denominator: entries scored, of entries there are.
  public var scored: Int
  public var entries: Int
  /// Metric id to 95 % bootstrap interval; absent but for a test, and in logs of earlier builds.
  public var intervals: [String: ScoreInterval]?
  /// The number of groups of clips that the intervals are over; absent if they are over clips.
  public var groups: Int?
  /// The step of the weights that were scored, of a test; absent in logs of earlier builds.
  public var weights: Int?
  /// With missing labels: the smallest and largest value of a metric over all completions.
  public var bounds: [String: [Double]]?
  /// Of a test: what calibration and thresholds chosen on the validation clips make of it; absent
  /// where nothing could be chosen, and in logs of earlier builds.
  public var afterTraining: AfterTraining?
}

public struct ClipPrediction: EventBody {
  public static let kind = "clipPred"

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

/// One phase of a step, emitted before the step counts: the event's header has the step before.
public struct StepSnapshot: EventBody {
  public static let kind = "stepSnapshot"

  public var phase: PhaseChange.Name
  public var clips: [String]
  public var tensors: [TensorSummary]
  public var terms: [TermReport]
  /// Nanoseconds of this phase; absent if the step was taken at once.
  public var duration: UInt64?
  /// After a forward pass: its probabilities, a clip a row, to four decimals. It is the training
  /// pass, with dropout and augmentation.
  public var answers: [[Float]]?
  /// After the update: its learning rate.
  public var rate: Double?
  /// After the average: the share of itself that the teacher kept.
  public var kept: Double?
}

extension EvalEnd {
  /// What selects epochs, larger is better: a metric, or the negative loss. `selection`: a
  /// metric's id or `loss`; nil where it is undefined.
  func score(_ selection: String) -> Double? {
    selection == "loss" ? loss.map { -$0 } : metrics[selection]
  }

  /// The metrics, and the loss under that name.
  var values: [String: Double] {
    metrics.merging(loss.map { ["loss": $0] } ?? [:], uniquingKeysWith: { $1 })
  }

  /// The headline and a second score by name; which of them is undefined, and how many classes
  /// have a positive.
  public func note(of event: Event, in run: RunStarted?) -> LogLine? {
    let columns = run?.columns ?? []
    let main = Headline.metric(columns, among: metrics.keys)
    let usual = columns.dropFirst() + Session.columns([], among: metrics.keys) + ["ap-macro"]
    let second = usual.first { $0 != main && metrics[$0] != nil } ?? others(than: main).first
    let shown = [main, second].compactMap { id in
      id.flatMap { id in metrics[id].map { "\(id) " + String(format: "%.3f", $0) } }
    }
    let scores = shown.isEmpty ? "no score is defined" : shown.joined(separator: ", ")
    let what = run?.hasTeacher == true ? "\(split) \(model)" : split
    let text = "\(what) epoch \(event.epoch): \(scores)" + (metrics[main] == nil ? why(main) : "")
    return LogLine(level: .info, code: "eval", text: text)
  }

  private func others(than main: String) -> [String] {
    metrics.keys.filter { $0 != main }.sorted()
  }

  /// Why the headline has no value.
  private func why(_ main: String) -> String {
    guard !perClass.isEmpty else { return "" }
    let found = perClass.count { $0.positives > 0 }
    let named = metrics.isEmpty ? "" : "\(main) is undefined, "
    return "; \(named)\(found) of \(perClass.count) classes have a positive"
  }

  /// One line if the means over classes leave out some classes; else nil.
  public var coverage: String? {
    let all = perClass.count
    let known = perClass.count { $0.positives > 0 }
    let both = perClass.count { $0.positives > 0 && $0.observed > $0.positives }
    guard both < all else { return nil }
    return "of \(all) classes, f1-macro, ap-macro and auprc-macro are means over the \(known) with "
      + "an observed positive, f1-macro-both and roc-auc-macro over the \(both) with a negative too"
  }
}
