import Autograd
import Layers

/// A small network with batch-norm: linear, norm, rectify, linear.
struct ToyClassifier: SourceClassifier {
  let fc1: Linear
  let bn: BatchNorm
  let fc2: Linear

  static let head = "fc2."
  let embeddingWidth: Int
  var sourceClasses: Int { fc2.weight.value.shape[0] }
  /// As if its weights had come from a file.
  var origin: WeightOrigin?

  init(inputs: Int, classes: Int, width: Int = 64, random: RandomSource) {
    embeddingWidth = width
    fc1 = Linear(inputs, width, random: random)
    bn = BatchNorm(width)
    fc2 = Linear(width, classes, random: random)
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let flat = input.reshape([input.shape[0], -1])
    let embedding = bn(fc1(flat, mode), relu: true, mode)
    return Prediction(.logits(fc2(embedding, mode)), embedding: embedding)
  }
}

extension ToyClassifier {
  func sourceLogits(_ embedding: Tensor) -> Tensor { fc2(embedding, .evaluation()) }
}

/// One 3×3 convolution of a picture.
struct ToyPart: Layer {
  let conv: Conv2d

  init(random: RandomSource) {
    conv = Conv2d(1, 1, kernel: Extent(3), padding: Extent(1), random: random)
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor { conv(x, mode) }
}
