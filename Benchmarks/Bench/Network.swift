// A network with what it is trained for: what is timed is what is checked.
import Autograd
import Layers

/// What the output is compared with.
enum Objective {
  /// Mean binary cross-entropy over the observed entries, output and targets [B, C].
  case logits(targets: Tensor, observed: Tensor)
  case probabilities(targets: Tensor, observed: Tensor)
  /// Mean squared error, of the output's shape.
  case map(Tensor)

  /// A scalar.
  func loss(_ output: Tensor) -> Tensor {
    switch self {
    case .logits(let targets, let observed):
      return output.binaryCrossEntropy(logitsAgainst: targets, observed: observed)
    case .probabilities(let targets, let observed):
      return output.binaryCrossEntropy(probabilitiesAgainst: targets, observed: observed)
    case .map(let goal):
      return output.meanSquaredError(goal)
    }
  }

  /// Fixed targets [rows, classes], a tenth of them 1, of which the share `observed` counts.
  static func targets(_ rows: Int, _ classes: Int, observed: Float) -> (Tensor, Tensor) {
    let count = rows * classes
    return (
      Tensor(FixedData.targets(4, count), [rows, classes]),
      Tensor(FixedData.targets(5, count, share: observed), [rows, classes])
    )
  }
}

/// Parameters and how they turn an input into an output.
struct Network {
  let parameters: any Parametric
  let forward: (Tensor, Mode) -> Tensor

  init(_ parameters: any Parametric, _ forward: @escaping (Tensor, Mode) -> Tensor) {
    self.parameters = parameters
    self.forward = forward
  }

  /// A classifier's logits, or probabilities where it has no logits.
  init(_ classifier: any Classifier) {
    self.init(classifier) { input, mode in
      switch classifier(input, mode).output {
      case .logits(let values), .probabilities(let values): values
      }
    }
  }
}

extension Tensor {
  /// Fixed normal values.
  static func fixedNormal(_ seed: UInt64, _ shape: [Int]) -> Tensor {
    Tensor(FixedData.normal(seed, shape.reduce(1, *)), shape)
  }
}
