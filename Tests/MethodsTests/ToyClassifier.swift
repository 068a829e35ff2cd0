import Autograd
import Layers

/// A small network with batch-norm: linear, norm, rectify, linear.
struct ToyClassifier: Classifier {
  let fc1: Linear
  let bn: BatchNorm
  let fc2: Linear

  init(inputs: Int, classes: Int, random: RandomSource) {
    fc1 = Linear(inputs, 16, random: random)
    bn = BatchNorm(16)
    fc2 = Linear(16, classes, random: random)
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let flat = input.reshape([input.shape[0], -1])
    let embedding = bn(fc1(flat, mode), relu: true, mode)
    return Prediction(.logits(fc2(embedding, mode)), embedding: embedding)
  }
}
