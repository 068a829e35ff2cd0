// Self-supervised learning from two views of a clip.
import Autograd
import Layers

/// An online network predicts what a moving average of itself, the target network, makes of another
/// view of the same clip. The loss is 2 − 2·cos(prediction, projection), as a mean over both
/// directions. No gradient reaches the target network.
/// Paper: Niizumi et al. 2021, arXiv:2103.06695 (BYOL-A), after Grill et al. 2020,
/// arXiv:2006.07733.
/// Differs: the network is the recipe's model; the projection has 128 values instead of 256; the
/// mean of both directions is taken, not their sum.
final class TwoViewPretext: Pretext {
  private let online: OnlineNetwork
  private let target: TargetNetwork
  private let ema: ExponentialMovingAverage
  private var augmentation = ViewAugmentation()

  var trained: any Classifier { online }
  var canCollapse: Bool { true }

  /// `target` is another network of the same kind; it takes over the values of `backbone`.
  init(
    _ backbone: any Backbone, target other: any Backbone, hidden: Int, decay: Double,
    random: RandomSource
  ) {
    online = OnlineNetwork(backbone, hidden: hidden, random: random)
    target = TargetNetwork(
      backbone: other,
      projector: Perceptron(backbone.embeddingWidth, hidden: hidden, random: random))
    let source = online.averaged
    for ((_, parameter), (_, own)) in zip(source, target.namedParameters) {
      own.value = parameter.value
    }
    ema = ExponentialMovingAverage(of: source, in: target.namedParameters, decay: decay)
  }

  func loss(_ input: Tensor, _ mode: Mode) -> PretextLoss {
    let (first, second) = augmentation.views(of: input, mode)
    let (one, two) = (online(first, mode), online(second, mode))
    let firstTarget = target(first, mode.unrecorded)
    let secondTarget = target(second, mode.unrecorded)
    let forward = one.logits.cosineLoss(to: secondTarget)
    let backward = two.logits.cosineLoss(to: firstTarget)
    return PretextLoss(
      name: "views", value: (forward + backward) / 2, embedding: one.embedding)
  }

  func stepEnded() { ema.update() }

  private var layers: PretextLayers {
    PretextLayers(named: online.own + target.namedParameters(under: "target"))
  }

  var memory: [String: Tensor] {
    layers.memory.merging(augmentation.memory) { own, _ in own }
  }

  func restore(_ memory: [String: Tensor], step: Int) throws {
    try layers.restore(memory)
    try augmentation.restore(memory)
    ema.resume(after: step)
  }
}

extension Tensor {
  /// 2 − 2·cos of the rows of two tensors [B, D], as a mean. No gradient reaches `target`.
  package func cosineLoss(to target: Tensor) -> Tensor {
    let cosines = l2Normalized() * target.detached.l2Normalized()
    return cosines.sum().affine(scale: -2 / Float(Swift.max(shape[0], 1)), shift: 2)
  }
}

/// Linear, batch norm, ReLU, linear: the projector and the predictor.
private struct Perceptron: Parametric {
  private let fc1: Linear
  private let bn: BatchNorm
  private let fc2: Linear

  /// The size of a projection.
  static let outputs = 128

  init(_ inputs: Int, hidden: Int, random: RandomSource) {
    fc1 = Linear(inputs, hidden, random: random)
    bn = BatchNorm(hidden)
    fc2 = Linear(hidden, Self.outputs, random: random)
  }

  /// [B, inputs] → [B, 128]
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    fc2(bn(fc1(x, mode.exact), relu: true, mode), mode)
  }
}

/// Backbone, projector and predictor.
private final class OnlineNetwork: Classifier {
  private let backbone: any Backbone
  private let projector, predictor: Perceptron

  init(_ backbone: any Backbone, hidden: Int, random: RandomSource) {
    self.backbone = backbone
    projector = Perceptron(backbone.embeddingWidth, hidden: hidden, random: random)
    predictor = Perceptron(Perceptron.outputs, hidden: hidden, random: random)
  }

  var namedParameters: NamedParameters { averaged + predictor.namedParameters(under: "predictor") }

  /// What the target network has as well.
  var averaged: NamedParameters {
    backbone.body.map { ("backbone.\($0.name)", $0.parameter) }
      + projector.namedParameters(under: "projector")
  }

  /// What the backbone has not.
  var own: NamedParameters { namedParameters.filter { !$0.name.hasPrefix("backbone.") } }

  /// The prediction [B, 128] in place of logits.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let embedding = backbone(input, mode).embedding
    return Prediction(
      .logits(predictor(projector(embedding, mode), mode)), embedding: embedding)
  }
}

/// Backbone and projector.
private struct TargetNetwork: Parametric {
  let backbone: any Backbone
  let projector: Perceptron

  var namedParameters: NamedParameters {
    backbone.body.map { ("backbone.\($0.name)", $0.parameter) }
      + projector.namedParameters(under: "projector")
  }

  /// The projection [B, 128].
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor {
    projector(backbone(input, mode).embedding, mode)
  }
}
