// Decisions from probabilities: calibration and thresholds that are chosen on validation clips.
import Foundation

/// How probabilities are calibrated before something is decided on them.
public enum Recalibration: String, CaseIterable, Sendable, Codable {
  /// They stay as they are.
  case none
  /// One temperature for all classes; see ``Calibration``.
  case temperature
  /// A sigmoid for each class; see ``PlattScaling``.
  case platt
}

/// How the decision threshold of each class is chosen.
public enum ThresholdRule: String, CaseIterable, Sendable, Codable {
  /// The threshold that training names, ½ unless it is set.
  case half
  /// The threshold with the highest F1 of the class.
  case f1
  /// Half of the best expected F1, from the probabilities alone; see ``ExpectedF1``.
  case expectedF1 = "expected-f1"
  /// Half of the mean probability of the observed positives. If missing labels counted as negatives
  /// in training, a probability is c times that of the class, where c is the share of positives
  /// that were labelled, and this mean estimates c.
  /// Paper: Elkan & Noto 2008, "Learning classifiers from only positive and unlabeled data", KDD.
  case priorCorrected = "prior-corrected"
}

/// A calibration and a threshold for each class, chosen on labelled clips.
///
/// A class with fewer than ``Calibration/fewestLabels`` observed positives or negatives takes the
/// sigmoid and the threshold that all classes together give.
public struct DecisionRule: Sendable, Equatable {
  /// How probabilities are calibrated.
  public let calibration: Recalibration
  /// How thresholds are chosen.
  public let rule: ThresholdRule
  /// The threshold of each class, for calibrated probabilities.
  public let thresholds: [Float]
  /// The indices of classes with too few labels for a choice of their own.
  public let shared: [Int]
  /// The temperature; nil for another calibration.
  public var temperature: Double? {
    if case .temperature(let value) = scale { value } else { nil }
  }
  private let scale: Scale

  /// Chooses on labelled clips.
  ///
  /// - Parameters:
  ///   - calibration: How probabilities are calibrated.
  ///   - rule: How thresholds are chosen.
  ///   - labelled: Probabilities, targets and observed entries of validation clips.
  ///   - threshold: The threshold of the rule `half`.
  /// - Returns: nil if the observed entries are not of both kinds, or if one is not a probability.
  public init?(
    _ calibration: Recalibration, _ rule: ThresholdRule, fitting labelled: LabelledScores,
    threshold: Float = 0.5
  ) {
    guard let fit = DecisionFit(labelled) else { return nil }
    self.init(fit.calibrated(calibration), rule, threshold: threshold)
  }

  /// Chooses thresholds for probabilities that are calibrated.
  init(_ calibrated: CalibratedFit, _ rule: ThresholdRule, threshold: Float) {
    let classes = calibrated.perClass
    let few = Set(classes.indices.filter { !classes[$0].hasEnough(for: rule) })
    thresholds = calibrated.thresholds(rule, few: few, half: threshold)
    shared = few.union(calibrated.few).sorted()
    (calibration, self.rule, scale) = (calibrated.calibration, rule, calibrated.scale)
  }

  /// The probabilities `[clips, classes]` after calibration.
  public func calibrated(_ probabilities: [Float]) -> [Float] {
    scale.applied(to: probabilities, thresholds.count)
  }

  /// Calibrates clips and decides on them.
  public func applied(to labelled: LabelledScores) -> DecidedScores {
    let scaled = labelled.with(scores: calibrated(labelled.scores))
    return DecidedScores(
      labelled: scaled,
      decisions: scaled.scores.indices.map {
        scaled.scores[$0] >= thresholds[$0 % labelled.classes]
      })
  }

  /// Calibrates the clips that a rule is chosen on: each half of them, every other clip, by the
  /// rule of the other half.
  ///
  /// - Parameters:
  ///   - calibration: How probabilities are calibrated.
  ///   - rule: How thresholds are chosen.
  ///   - labelled: Probabilities, targets and observed entries.
  ///   - threshold: The threshold of the rule `half`.
  /// - Returns: nil if one half has no observed entries of both kinds.
  public static func crossFitted(
    _ calibration: Recalibration, _ rule: ThresholdRule, _ labelled: LabelledScores,
    threshold: Float = 0.5
  ) -> DecidedScores? {
    let halves = [0, 1].map { labelled.clips(stride(from: $0, to: labelled.clips, by: 2)) }
    let rules = halves.compactMap {
      DecisionRule(calibration, rule, fitting: $0, threshold: threshold)
    }
    guard rules.count == 2 else { return nil }
    let parts = [rules[1].applied(to: halves[0]), rules[0].applied(to: halves[1])]
    func joined<Value>(_ values: (DecidedScores) -> [Value]) -> [Value] {
      let parts = parts.map(values)
      return (0..<labelled.clips).flatMap { clip in
        let start = clip / 2 * labelled.classes
        return parts[clip % 2][start..<start + labelled.classes]
      }
    }
    return DecidedScores(
      labelled: labelled.with(scores: joined(\.labelled.scores)), decisions: joined(\.decisions))
  }
}

/// Validation clips as every calibration is fitted on them.
struct DecisionFit {
  private let labelled: LabelledScores
  private let all: ObservedEntries
  private let perClass: [ObservedEntries]

  /// Nil if the observed entries are not of both kinds, or if one is not a probability.
  init?(_ labelled: LabelledScores) {
    all = ObservedEntries(labelled, clips: 0..<labelled.clips)
    guard all.hasBothKinds, all.all.allSatisfy({ (0...1).contains($0.score) }) else { return nil }
    perClass = all.perClass(labelled.classes)
    self.labelled = labelled
  }

  func calibrated(_ calibration: Recalibration) -> CalibratedFit {
    let few =
      calibration == .platt ? perClass.indices.filter { !perClass[$0].hasEnoughOfBoth } : []
    let scale = Scale(calibration, all, perClass, few: Set(few))
    let scores = scale.applied(to: labelled.scores, labelled.classes)
    let entries = ObservedEntries(labelled.with(scores: scores), clips: 0..<labelled.clips)
    return CalibratedFit(
      calibration: calibration, scale: scale, few: few, scores: scores, all: entries,
      perClass: entries.perClass(labelled.classes))
  }
}

/// The same clips with calibrated probabilities.
struct CalibratedFit {
  let calibration: Recalibration
  fileprivate let scale: Scale
  /// Classes that are calibrated by what all classes give.
  let few: [Int]
  /// `[clips, classes]`, also of clips without a label.
  let scores: [Float]
  let all: ObservedEntries
  let perClass: [ObservedEntries]

  fileprivate func thresholds(_ rule: ThresholdRule, few: Set<Int>, half: Float) -> [Float] {
    let together = few.isEmpty ? nil : threshold(rule, all, half: half)
    return perClass.indices.map { index in
      guard rule == .expectedF1 else {
        return few.contains(index)
          ? together ?? half : threshold(rule, perClass[index], half: half)
      }
      // Labels are not needed: the clips without one count too.
      let places = stride(from: index, to: scores.count, by: perClass.count)
      let best = ExpectedF1(probabilities: places.map { Double(scores[$0]) })
      return best.map { Float($0.threshold).nextUp } ?? half
    }
  }

  private func threshold(
    _ rule: ThresholdRule, _ entries: ObservedEntries, half: Float
  ) -> Float {
    switch rule {
    case .half, .expectedF1: half
    case .f1: entries.bestThreshold ?? half
    case .priorCorrected: entries.positiveMean.map { Float($0 / 2) } ?? half
    }
  }
}

/// Calibrated probabilities and the decisions on them.
public struct DecidedScores: Sendable, Equatable {
  /// Calibrated probabilities, targets and observed entries.
  public let labelled: LabelledScores
  /// `[clips, classes]`, row-major.
  public let decisions: [Bool]
}

/// From a probability to a calibrated one.
private enum Scale: Sendable, Equatable {
  case identity
  case temperature(Double)
  /// One for each class.
  case platt([PlattScaling])

  init(
    _ calibration: Recalibration, _ raw: ObservedEntries, _ perClass: [ObservedEntries],
    few: Set<Int>
  ) {
    switch calibration {
    case .none: self = .identity
    case .temperature: self = .temperature(raw.temperature)
    case .platt:
      let all = raw.plattScaling
      self = .platt(
        perClass.indices.map { few.contains($0) ? all : perClass[$0].plattScaling })
    }
  }

  func applied(to probabilities: [Float], _ classes: Int) -> [Float] {
    switch self {
    case .identity: probabilities
    case .temperature(let value): probabilities.map { scale($0, by: value) }
    case .platt(let scalings):
      probabilities.enumerated().map { place, p in
        Float(scalings[place % classes].probability(logit(p)))
      }
    }
  }
}

extension ObservedEntries {
  /// The entries of each class.
  fileprivate func perClass(_ classes: Int) -> [ObservedEntries] {
    var parts = [[Entry]](repeating: [], count: classes)
    for entry in all { parts[entry.classIndex].append(entry) }
    return parts.map { ObservedEntries(all: $0) }
  }

  fileprivate var hasEnoughOfBoth: Bool {
    let enough = Calibration.fewestLabels
    return positives >= enough && all.count - positives >= enough
  }

  /// Whether a class may choose its threshold for itself.
  fileprivate func hasEnough(for rule: ThresholdRule) -> Bool {
    switch rule {
    case .half, .expectedF1: true
    case .f1: hasEnoughOfBoth
    case .priorCorrected: positives >= Calibration.fewestLabels
    }
  }

  /// Without an entry, the probabilities stay as they are.
  fileprivate var plattScaling: PlattScaling {
    PlattScaling(logits: all.map { logit($0.score) }, isPositive: all.map(\.isPositive))
      ?? PlattScaling(slope: -1, offset: 0)
  }

  /// The mean probability of the observed positives; nil without one.
  fileprivate var positiveMean: Double? {
    let found = all.filter(\.isPositive)
    guard !found.isEmpty else { return nil }
    return found.reduce(0) { $0 + Double($1.score) } / Double(found.count)
  }
}

/// Probabilities of 0 and 1 count as 1e-6 away from them.
func logit(_ probability: Float) -> Double {
  let p = min(max(Double(probability), 1e-6), 1 - 1e-6)
  return log(p / (1 - p))
}

extension LabelledScores {
  /// The same clips with other scores.
  fileprivate func with(scores: [Float]) -> LabelledScores {
    LabelledScores(self, scores: scores, targets: targets, observed: observed)
  }

  /// Some of the clips.
  fileprivate func clips(_ clips: some Sequence<Int>) -> LabelledScores {
    let places = clips.flatMap { $0 * classes..<($0 + 1) * classes }
    return LabelledScores(
      self, scores: places.map { scores[$0] }, targets: places.map { targets[$0] },
      observed: places.map { observed[$0] })
  }
}
