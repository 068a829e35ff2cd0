// Which given labels look wrong: confident learning, one class at a time.

/// Given labels that contradict confident predictions.
///
/// A label is present or absent, so each class is a problem of two classes. The threshold of
/// "present" is the mean probability of the clips labelled present, that of "absent" the mean of
/// 1 − p over those labelled absent. A clip counts confidently as one of the two if its probability
/// reaches that threshold; of both, as the more probable one. A label is listed if its clip counts
/// as the opposite.
///
/// ```swift
/// let labelled = try LabelledScores(
///   scores: [[0.9], [0.8], [0.85], [0.1], [0.2]], targets: [[1], [1], [0], [0], [0]],
///   observed: [[true], [true], [true], [true], [true]])
/// let suspects = ConfidentLearning(labelled, fewest: 1).suspects
/// print(suspects.map(\.clip))  // [2]
/// ```
///
/// The probabilities should be of clips that the network was not trained on.
/// Paper: Northcutt, Jiang & Chuang 2021, arXiv:1911.00068. Ranked by its normalized margin.
/// Differs: the paper's joint is of many classes that exclude each other; here classes are
/// independent. A class with few labels of a kind takes the threshold of all classes.
public struct ConfidentLearning: Sendable, Equatable {
  /// A given label that looks wrong.
  public struct Suspect: Sendable, Equatable {
    public let clip, classIndex: Int
    /// The given label: present or absent.
    public let isPositive: Bool
    /// That the class is present.
    public let probability: Float
    /// The probability of the given label less that of its opposite, −1…1: the lower, the more it
    /// looks wrong.
    public var margin: Float { (isPositive ? 1 : -1) * (2 * probability - 1) }
  }

  /// The most suspicious first.
  public let suspects: [Suspect]
  /// The number of given labels.
  public let checked: Int

  /// Checks the observed labels.
  ///
  /// - Parameters:
  ///   - labelled: Probabilities, labels and observed entries. Entries that are no probabilities
  ///     are left out.
  ///   - fewest: The labels of a kind that a class needs for a threshold of its own.
  public init(_ labelled: LabelledScores, fewest: Int = Calibration.fewestLabels) {
    let entries = labelled.scores.indices.compactMap { place -> Suspect? in
      let p = labelled.scores[place]
      guard labelled.observed[place], (0...1).contains(p) else { return nil }
      let (clip, index) = place.quotientAndRemainder(dividingBy: labelled.classes)
      return Suspect(
        clip: clip, classIndex: index, isPositive: labelled.targets[place] >= 0.5, probability: p)
    }
    let thresholds = Thresholds(entries, classes: labelled.classes, fewest: fewest)
    checked = entries.count
    suspects = entries.filter(thresholds.contradicts).enumerated().sorted {
      ($0.element.margin, $0.offset) < ($1.element.margin, $1.offset)
    }.map(\.element)
  }
}

/// The mean probability of a given label, by class, and of all classes.
private struct Thresholds {
  private var sums: [(present: Mean, absent: Mean)]
  private var all: (present: Mean, absent: Mean) = (Mean(), Mean())
  private let fewest: Int

  init(_ entries: [ConfidentLearning.Suspect], classes: Int, fewest: Int) {
    self.fewest = fewest
    sums = Array(repeating: (Mean(), Mean()), count: classes)
    for entry in entries {
      let p = Double(entry.probability)
      if entry.isPositive {
        sums[entry.classIndex].present.add(p)
        all.present.add(p)
      } else {
        sums[entry.classIndex].absent.add(1 - p)
        all.absent.add(1 - p)
      }
    }
  }

  func contradicts(_ entry: ConfidentLearning.Suspect) -> Bool {
    let p = Double(entry.probability)
    let (own, other) = entry.isPositive ? (p, 1 - p) : (1 - p, p)
    let (present, absent) = (
      threshold(sums[entry.classIndex].present, all.present),
      threshold(sums[entry.classIndex].absent, all.absent)
    )
    let (ofOwn, ofOther) = entry.isPositive ? (present, absent) : (absent, present)
    guard let ofOther, other >= ofOther else { return false }
    return own < ofOwn ?? .infinity || other > own
  }

  /// Nil where nothing was labelled so.
  private func threshold(_ own: Mean, _ all: Mean) -> Double? {
    own.count >= fewest ? own.value : all.value
  }

  struct Mean {
    private(set) var count = 0
    private var sum = 0.0

    mutating func add(_ value: Double) { (count, sum) = (count + 1, sum + value) }

    var value: Double? { count > 0 ? sum / Double(count) : nil }
  }
}
