// Calibration of probabilities: one temperature, decision thresholds and the calibration error.
import Foundation

/// A temperature for all classes and a decision threshold for each, chosen on validation clips.
///
/// ```swift
/// let validation = try LabelledScores(
///   scores: [[0.9], [0.6], [0.4], [0.2]], targets: [[1], [1], [0], [0]],
///   observed: [[true], [true], [true], [true]])
/// if let calibration = Calibration(fitting: validation) {
///   let probability = calibration.calibrated([0.7])[0]
///   print(probability >= calibration.thresholds[0] ? "found" : "not found")
/// }
/// ```
///
/// The temperature T divides the logits: p′ = σ(logit(p) / T). It minimises the binary
/// cross-entropy of the observed entries (Guo et al. 2017, arXiv:1706.04599) plus (ln T)² / 2σ²
/// with σ = 0.5. This prior keeps T near 1 when few clips are at hand, or when they are separated
/// without an error. The order of the clips within a class does not change. Each threshold
/// maximises the F1 of its class on the same clips. A class with too few observed positives gets
/// the threshold that maximises F1 over the entries of all classes.
public struct Calibration: Sendable, Equatable, Codable {
  /// The temperature T, between 0.1 and 20. Above 1, the network is overconfident.
  public let temperature: Double
  /// The decision threshold of each class, applied to calibrated probabilities.
  public let thresholds: [Float]
  /// Whether the threshold of a class was chosen on that class alone.
  public let isOwnThreshold: [Bool]
  /// The expected calibration error of the probabilities as they are.
  public let errorBefore: Double
  /// The expected calibration error after temperature scaling, measured on the half of the clips
  /// that the temperature was not fitted on. Nil with fewer than ``fewestClips`` clips.
  public let errorAfter: Double?
  /// The number of clips.
  public let clips: Int

  /// Observed positives, and observed negatives, that a class needs for a threshold of its own.
  public static let fewestLabels = 5
  /// Clips that are needed to measure the error after scaling.
  public static let fewestClips = 20

  /// Chooses temperature and thresholds.
  ///
  /// - Parameter labelled: Probabilities, targets and observed entries of validation clips.
  /// - Returns: nil if the observed entries are not of both kinds, or if one is not a probability.
  public init?(fitting labelled: LabelledScores) {
    let entries = ObservedEntries(labelled, clips: 0..<labelled.clips)
    guard entries.hasBothKinds, entries.all.allSatisfy({ (0...1).contains($0.score) }) else {
      return nil
    }
    temperature = entries.temperature
    errorBefore = entries.calibrationError(temperature: 1)
    errorAfter = Self.errorOnOtherHalf(labelled)
    clips = labelled.clips
    let scaled = entries.scaled(by: temperature)
    let shared = scaled.bestThreshold ?? 0.5
    let own = (0..<labelled.classes).map { scaled.of($0).ownThreshold }
    thresholds = own.map { $0 ?? shared }
    isOwnThreshold = own.map { $0 != nil }
  }

  /// The probabilities after temperature scaling.
  public func calibrated(_ probabilities: [Float]) -> [Float] {
    probabilities.map { scale($0, by: temperature) }
  }

  /// The probability before temperature scaling whose scaled one is `probability`.
  public func uncalibrated(_ probability: Float) -> Float {
    scale(probability, by: 1 / temperature)
  }

  /// Each half of the clips is scored with the temperature of the other half.
  private static func errorOnOtherHalf(_ labelled: LabelledScores) -> Double? {
    guard labelled.clips >= fewestClips else { return nil }
    let halves = [0, 1].map { first in
      ObservedEntries(labelled, clips: stride(from: first, to: labelled.clips, by: 2))
    }
    guard halves.allSatisfy(\.hasBothKinds) else { return nil }
    let swapped = zip(halves, halves.reversed()).map { $0.scaled(by: $1.temperature).all }
    return ObservedEntries(all: swapped.flatMap { $0 }).calibrationError(temperature: 1)
  }
}

func scale(_ probability: Float, by temperature: Double) -> Float {
  guard temperature != 1, probability > 0, probability < 1 else { return probability }
  let p = Double(probability)
  return Float(1 / (1 + exp(-log(p / (1 - p)) / temperature)))
}

/// Observed entries: a probability, its label and its class.
struct ObservedEntries {
  struct Entry {
    let score: Float
    let isPositive: Bool
    let classIndex: Int
  }

  let all: [Entry]

  init(all: [Entry]) { self.all = all }

  init(_ labelled: LabelledScores, clips: some Sequence<Int>) {
    all = clips.flatMap { clip in
      (0..<labelled.classes).compactMap { index in
        let place = clip * labelled.classes + index
        guard labelled.observed[place] else { return nil }
        return Entry(
          score: labelled.scores[place], isPositive: labelled.targets[place] >= 0.5,
          classIndex: index)
      }
    }
  }

  var positives: Int { all.count { $0.isPositive } }
  var hasBothKinds: Bool { positives > 0 && positives < all.count }

  func of(_ classIndex: Int) -> ObservedEntries {
    ObservedEntries(all: all.filter { $0.classIndex == classIndex })
  }

  func scaled(by temperature: Double) -> ObservedEntries {
    ObservedEntries(
      all: all.map {
        Entry(
          score: scale($0.score, by: temperature), isPositive: $0.isPositive,
          classIndex: $0.classIndex)
      })
  }

  /// With a prior of σ = 0.5.
  var temperature: Double {
    TemperatureScaling(
      logits: all.map { logit($0.score) }, isPositive: all.map(\.isPositive), spread: 0.5
    ).temperature
  }

  /// The expected calibration error with 15 bins of equal width: the mean over entries of the
  /// distance between a bin's mean probability and its share of positives (Naeini et al. 2015).
  func calibrationError(temperature: Double) -> Double {
    var bins = [(count: Int, score: Double, positives: Int)](repeating: (0, 0, 0), count: 15)
    for entry in all {
      let score = Double(scale(entry.score, by: temperature))
      let bin = min(Int(score * 15), 14)
      bins[bin].count += 1
      bins[bin].score += score
      bins[bin].positives += entry.isPositive ? 1 : 0
    }
    return bins.reduce(0) { $0 + abs($1.score - Double($1.positives)) } / Double(max(all.count, 1))
  }

  /// Nil where the class has too few labels of either kind.
  var ownThreshold: Float? {
    let enough = Calibration.fewestLabels
    return positives >= enough && all.count - positives >= enough ? bestThreshold : nil
  }

  /// The threshold with the highest F1 = 2 TP / (2 TP + FP + FN): the middle between two
  /// neighbouring scores. Of equally good ones, the one nearest to 0.5. Nil without positives.
  var bestThreshold: Float? {
    let sorted = all.sorted { $0.score > $1.score }
    let positives = self.positives
    guard positives > 0 else { return nil }
    var best: (f1: Double, threshold: Float)?
    var found = 0
    for (index, entry) in sorted.enumerated() {
      if entry.isPositive { found += 1 }
      let next = index + 1 < sorted.count ? sorted[index + 1].score : 0
      guard next < entry.score || index + 1 == sorted.count else { continue }
      let f1 = 2 * Double(found) / Double(index + 1 + positives)
      let threshold = (entry.score + next) / 2
      let isNearer = best.map { abs(threshold - 0.5) < abs($0.threshold - 0.5) } ?? true
      if best.map({ f1 > $0.f1 || (f1 == $0.f1 && isNearer) }) ?? true { best = (f1, threshold) }
    }
    return best?.threshold
  }
}
