import Autograd
import Layers

/// A model of the catalogue without its head: only the parameters that the embedding depends on.
struct EmbeddingNetwork: Parametric {
  private let model: any Classifier
  /// The size D of the embedding.
  let size: Int
  let namedParameters: [(name: String, parameter: Parameter)]

  /// `input` is the shape of one clip. The gradients for a clip of zeros show which parameters the
  /// embedding depends on.
  init(_ model: any Classifier, input: [Int]) {
    self.model = model
    let prediction = EmbeddingNetwork.trial(model, input)
    size = prediction.embedding.shape[1]
    let reached = gradients(of: prediction.embedding.sum())
    namedParameters = model.namedParameters.filter { _, parameter in
      !parameter.isTrainable || reached[parameter] != nil
    }
  }

  /// The embeddings of a batch, [B, …] → [B, D].
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor { model(input, mode).embedding }

  /// The size D of the embedding of a model.
  static func size(of model: any Classifier, input: [Int]) -> Int {
    trial(model, input).embedding.shape[1]
  }

  private static func trial(_ model: any Classifier, _ input: [Int]) -> Prediction {
    let mode = Mode(training: false, random: RandomSource(Generator(seed: 0)), records: true)
    return model(.zeros([1] + input), mode)
  }
}
