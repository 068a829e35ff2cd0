// Whether probabilities are shares: the reliability diagram and the calibration error.

/// A reliability diagram: the observed entries of all classes in bins of equal width, each with its
/// mean probability and its share of positives.
///
/// ```swift
/// let labelled = try LabelledScores(
///   scores: [[0.9], [0.8], [0.2], [0.1]], targets: [[1], [1], [0], [0]],
///   observed: [[true], [true], [true], [true]])
/// let diagram = try Reliability(labelled)
/// print(diagram.bins[8].share ?? 0, diagram.error ?? 0)
/// ```
///
/// Paper: Naeini, Cooper & Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian
/// binning", AAAI.
public struct Reliability: Sendable, Equatable, Codable {
  /// Ten bins, lowest first.
  public let bins: [ClassReport.Bin]
  /// The expected calibration error: the mean over entries of the distance between a bin's mean
  /// probability and its share of positives, with 15 bins. Nil without an observed entry.
  public let error: Double?

  /// The bins of the calibration error.
  public static let errorBins = 15

  /// The diagram of observed entries.
  ///
  /// - Throws: `MetricError.nonFinite` if an observed score is not finite.
  public init(_ labelled: LabelledScores) throws(MetricError) {
    var entries: [(score: Float, isPositive: Bool)] = []
    entries.reserveCapacity(labelled.scored)
    for place in labelled.scores.indices where labelled.observed[place] {
      guard labelled.scores[place].isFinite else {
        let (clip, index) = place.quotientAndRemainder(dividingBy: labelled.classes)
        throw .nonFinite(score: labelled.scores[place], clip: clip, classIndex: index)
      }
      entries.append((labelled.scores[place], labelled.targets[place] >= 0.5))
    }
    bins = ClassReport.bins(entries, 10)
    error = ClassReport.calibrationError(ClassReport.bins(entries, Self.errorBins))
  }
}
