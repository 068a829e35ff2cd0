// A model up to the vector before its classifier.
import Autograd
import Layers

/// Any model of the catalogue without its own last layers: what of it the embedding depends on is
/// trained and counted, the rest is left out.
struct EmbeddingNetwork: Parametric {
  private let model: any Classifier
  /// D of the embedding.
  let size: Int
  let namedParameters: [(name: String, parameter: Parameter)]

  /// `input`: shape of one clip. A clip of zeros shows what the embedding depends on.
  init(_ model: any Classifier, input: [Int]) {
    self.model = model
    let prediction = EmbeddingNetwork.trial(model, input)
    size = prediction.embedding.shape[1]
    let slopes = gradients(of: prediction.embedding.sum())
    namedParameters = model.namedParameters.filter { _, parameter in
      !parameter.isTrainable || slopes[parameter] != nil
    }
  }

  /// [B, …] to [B, D].
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor { model(input, mode).embedding }

  /// D of a model's embedding.
  static func size(of model: any Classifier, input: [Int]) -> Int {
    trial(model, input).embedding.shape[1]
  }

  private static func trial(_ model: any Classifier, _ input: [Int]) -> Prediction {
    let mode = Mode(training: false, random: RandomSource(Generator(seed: 0)), records: true)
    return model(.zeros([1] + input), mode)
  }
}
