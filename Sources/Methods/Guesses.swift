// Confident answers of a network, taken as labels where nobody answered.
import Autograd
import Datasets
import Layers

/// Pseudo-labels of one batch.
struct Guesses {
  /// [B, C], 0 or 1.
  let targets: Tensor
  /// [B, C], 1 where the label is missing and the network is sure.
  let counted: Tensor
  let count: Int

  /// `beliefs` [B, C]: present from `positive` on, absent up to `negative`.
  init(_ beliefs: Tensor, missingIn batch: Batch, positive: Double, negative: Double) {
    let (high, low) = (Float(positive), Float(negative))
    let observed = batch.observed.values
    let values = beliefs.values
    let sure = zip(values, observed).map { p, m in m == 0 && (p >= high || p <= low) }
    targets = Tensor(values.map { $0 >= high ? 1 : 0 }, beliefs.shape)
    counted = Tensor(sure.map { $0 ? 1 : 0 }, beliefs.shape)
    count = sure.count { $0 }
  }

  /// One threshold a sign: classes are rare, so absence is the easier guess.
  static let hyperparameters = [
    Hyperparameter(
      "threshold", "threshold", help: "probability from which a class is taken as present",
      initial: .real(0.95), range: .real(0.5...1)),
    Hyperparameter(
      "negativeThreshold", "negative threshold",
      help: "probability up to which a class is taken as absent",
      initial: .real(0.05), range: .real(0...0.5)),
  ]

  /// B1's term and that of the guesses, which `prediction` is held to.
  func loss(
    _ supervised: Loss.Term, _ prediction: Prediction, weight: Double, beliefs: Tensor
  ) -> Loss {
    let value = prediction.binaryCrossEntropy(targets, observed: counted)
    return Loss(
      [
        supervised,
        .init("pseudo", value, weight: weight, counting: counted),
      ], probabilities: prediction.probabilities, teacher: beliefs,
      measures: ["mask/ratio": Float(count) / Float(max(targets.count, 1))])
  }
}
