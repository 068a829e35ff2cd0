// What the methods share that learn from the features of pre-trained networks.
// Paper: Hung & Lerch 2022, arXiv:2206.04850.
import Acoustics
import Autograd
import Datasets
import Layers

/// One extractor's features, or those of two.
enum Informed {
  static let paper = "Hung & Lerch 2022, arXiv:2206.04850"
  private static let first = "vggish"
  private static let nobody = "none"

  static let hyperparameters = [
    Hyperparameter(
      "extractor", "features of", help: "the pre-trained network whose features are learned from",
      initial: .choice(first), range: .choice(ModelInput.extractors)),
    .layer("layer", of: "the features"),
    Hyperparameter(
      "second", "and of", help: "another one whose features are used beside the first's",
      initial: .choice(nobody), range: .choice([nobody] + ModelInput.extractors)),
    .layer("secondLayer", of: "the second"),
  ]

  static let weight = Hyperparameter(
    "weight", "weight", help: "of the features' term; two extractors share it",
    initial: .real(1), range: .real(0...1000))

  /// The extractors that are asked for, each layer once (`ExtractorReference.text`).
  static func extractors(_ hyperparameters: [String: Hyperparameter.Value]) -> [String] {
    func choice(_ key: String, else initial: String) -> String {
      guard case .choice(let id) = hyperparameters[key] else { return initial }
      return id
    }
    func reference(_ id: String, _ layer: String) -> String {
      ExtractorReference(id, layer: choice(layer, else: ExtractorReference.firstLayer)).text
    }
    let own = reference(choice("extractor", else: first), "layer")
    let second = choice("second", else: nobody)
    let other = reference(second, "secondLayer")
    return second == nobody || other == own ? [own] : [own, other]
  }

  /// D of each extractor. Throws where the data brings none of its features.
  static func sizes(_ ids: [String], in setup: MethodSetup) throws -> [Int] {
    try ids.map { id in
      guard let size = setup.embeddings[id], size > 0 else {
        throw SettingsError(
          key: "method.extractor", problem: "there are no features of \(id)",
          expected: "one vector for every training clip")
      }
      return size
    }
  }

  /// [B, D], of one extractor.
  static func features(_ id: String, of batch: Batch) -> Tensor {
    let features = batch.embeddings[id]
    precondition(features != nil, "a training batch without features of \(id)")
    return features ?? .zeros([batch.clips.count, 1])
  }

  /// B1's term and one for each extractor, which share `weight`: `name`, behind it the extractor
  /// where there are two. `counted`: what each mean runs over. `value` is a scalar.
  static func loss(
    _ prediction: Prediction, _ batch: Batch, _ extractors: [String], _ name: String,
    weight: Double, counted: Int, _ value: (_ index: Int) -> Tensor
  ) -> Loss {
    let terms = extractors.indices.map { index in
      Loss.Term(
        extractors.count == 1 ? name : "\(name)-\(extractors[index])", value(index),
        weight: weight / Double(extractors.count), denominator: counted, entries: counted)
    }
    return Loss([supervised(prediction, batch)] + terms, probabilities: prediction.probabilities)
  }

  /// The mean binary cross-entropy over the observed entries.
  static func supervised(_ prediction: Prediction, _ batch: Batch) -> Loss.Term {
    Loss.Term(
      "cls", prediction.binaryCrossEntropy(batch.targets, observed: batch.observed),
      counting: batch.observed)
  }
}
