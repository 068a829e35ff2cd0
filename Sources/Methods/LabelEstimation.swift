// ROLE: the missing labels are estimated together with the network.
import Autograd
import Datasets
import Foundation
import Layers

/// Every training clip has a vector of label estimates ŷ = σ(θ), which are parameters. Network and
/// estimates are trained towards each other and towards the observed labels, and both towards k
/// positives a clip. With n(x) = −ln(x + 1e-5) and sg for a constant, the loss is half of
/// mean(y·n(p) + CE(sg ŷ, p) + y·n(ŷ) + CE(sg p, ŷ)) + R(p) + R(ŷ).
/// Paper: Cole et al. 2021, arXiv:2106.09708, "ROLE". k is that of `ExpectedPositives`.
/// Differs: observed negatives, which the paper's data do not have, also count in the terms of
/// labels. The paper's estimates have ten times the learning rate of the network; here θ is ten
/// times a parameter, which moves θ as fast under Adam.
public final class LabelEstimation: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "role", title: "Label estimation (ROLE)",
    summary: "missing labels are estimated beside the network, each teaching the other",
    paper: AssumeNegative.cole, hyperparameters: [ExpectedPositives.expected])

  /// Their labels are estimated too.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private let network: EstimatedModel
  private let expected: Double
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    model = try setup.makeModel()
    network = EstimatedModel(
      model, LabelEstimates(of: setup.clips, classes: setup.classes, random: setup.random))
    expected = try ExpectedPositives.expected(in: setup)
    augmentation = setup.augmentation
  }

  public func trained(in stage: Int) -> any Classifier { network }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let prediction = model(augmented.input, mode)
    let theta = network.estimates.theta(of: batch.clips, mode)
    let everything = Tensor(repeating: 1, batch.observed.shape)
    let labels = augmented.entryLabels
    return Loss(
      [
        .init("cls", Self.mutualLoss(prediction.logits, theta, labels), counting: everything),
        .init(
          "expected", Self.penalty(prediction.logits, theta, expected), counting: everything),
      ], probabilities: prediction.probabilities)
  }

  /// The terms of labels, a scalar, from logits and θ, [B, C].
  public static func mutualLoss(
    _ logits: Tensor, _ theta: Tensor, _ labels: [EntryLabel]
  ) -> Tensor {
    func half(_ own: Tensor, towards other: Tensor) -> Tensor {
      let targets = other.sigmoid().values
      return own.mapEntries { z, index in
        let (p, label) = (z.sigmoid, labels[index])
        let estimated = p.limitedCrossEntropy(Double(targets[index]))
        return label.isObserved ? p.limitedCrossEntropy(label.target) + estimated : estimated
      }
    }
    return (half(logits, towards: theta) + half(theta, towards: logits)).mean() * 0.5
  }

  /// ½ (R(p) + R(ŷ)), a scalar.
  public static func penalty(_ logits: Tensor, _ theta: Tensor, _ expected: Double) -> Tensor {
    let both = [logits, theta].map { ExpectedPositives.penalty($0.sigmoid(), expected) }
    return (both[0] + both[1]) * 0.5
  }

  public var memory: [String: Tensor] { network.estimates.state }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    try network.estimates.restore(memory)
  }
}

/// The label estimates θ [N, C] of N clips, as parameters.
public struct LabelEstimates: Parametric {
  /// θ is so many times the parameter, which is how much faster than the network it moves.
  public static let rate: Float = 10
  /// The start of θ: ln(p/(1 − p)) of 0.995 for an observed label, and within that of 0.6 for a
  /// missing one.
  static let certain = Float(log(0.995 / 0.005)), unsure = log(0.6 / 0.4)

  private let parameter: Parameter
  private let rows: [Clip.ID: Int]

  /// Starts from the labels of the clips and random numbers.
  public init(of clips: [Clip], classes: Int, random: RandomSource) {
    let draws = (0..<clips.count * classes).map { _ in
      Float(random.generator.uniform(-Self.unsure, Self.unsure))
    }
    self.init(of: clips, classes: classes, draws: draws)
  }

  /// Starts from the observed labels of the clips and, for each missing one, its draw: [N, C].
  package init(of clips: [Clip], classes: Int, draws: [Float]) {
    let labels = clips.flatMap { $0.labels.prefix(classes) }
    let values = zip(labels, draws).map { label, draw in
      (label.map { $0 >= 0.5 ? Self.certain : -Self.certain } ?? draw) / Self.rate
    }
    parameter = Parameter(Tensor(values, [clips.count, classes]))
    rows = Dictionary(
      clips.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  public var namedParameters: NamedParameters { [("estimates", parameter)] }

  /// θ of the clips, [B, C]; 0 for a clip that is not among the N.
  public func theta(of clips: [Clip.ID], _ mode: Mode) -> Tensor {
    let count = parameter.value.shape[0]
    guard count > 0 else { return .zeros([clips.count, parameter.value.shape[1]]) }
    var selection = [Float](repeating: 0, count: clips.count * count)
    for (place, id) in clips.enumerated() {
      if let row = rows[id] { selection[place * count + row] = Self.rate }
    }
    return Tensor(selection, [clips.count, count]).matmul(mode.use(parameter))
  }
}

/// A model together with the label estimates: what the optimizer updates. Only the model is saved.
final class EstimatedModel: Classifier {
  private let model: any Classifier
  let estimates: LabelEstimates

  init(_ model: any Classifier, _ estimates: LabelEstimates) {
    self.model = model
    self.estimates = estimates
  }

  var namedParameters: NamedParameters {
    model.namedParameters + estimates.namedParameters(under: "labels")
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction { model(input, mode) }
}
