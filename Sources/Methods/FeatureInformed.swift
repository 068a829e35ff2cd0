// The common parts of the methods that learn from the features of pre-trained networks.
// Paper: Hung & Lerch 2022, arXiv:2206.04850.
import Acoustics
import Autograd
import Datasets
import Layers

/// A method whose training batches contain features of the extractors that its settings name.
protocol FeatureInformedMethod: Method {}

extension FeatureInformedMethod {
  public static func extractors(_ settings: Settings) -> [String] {
    FeatureInformed.extractors(settings)
  }

  public static func alignsFeatures(_ settings: Settings) -> Bool {
    settings.ifListed(FeatureInformed.align) == .segment
  }
}

/// Settings and features of one or two extractors.
enum FeatureInformed {
  static let paper = "Hung & Lerch 2022, arXiv:2206.04850"
  private static let none = "none"

  private static let extractor = Hyperparameter<String>(
    "extractor", "extractor", help: "pre-trained network whose features are the target",
    initial: "vggish", choices: ModelInput.extractors)
  private static let layer = Hyperparameter<String>.layer("layer", of: extractor, "the features")
  private static let second = Hyperparameter<String>(
    "second", "second extractor", help: "another pre-trained network, used beside the first",
    initial: none, choices: [none] + ModelInput.extractors)
  private static let secondLayer = Hyperparameter<String>.layer(
    "secondLayer", of: second, "the second")

  static let hyperparameters: [any ListedHyperparameter] = [extractor, layer, second, secondLayer]

  /// What the features of a training clip are the mean of.
  enum Alignment: String, CaseIterable, HyperparameterValue { case segment, clip }
  static let align = Hyperparameter<Alignment>(
    "align", "align",
    help: "features of the segment that the model hears, where it does not hear all; or the clip's",
    initial: .segment, before: .clip)

  static func weight(initial: Double) -> Hyperparameter<Double> {
    Hyperparameter(
      "weight", "weight", help: "of the features' term; two extractors share it",
      initial: initial, range: 0...1000)
  }

  /// The selected extractors with their layers (`ExtractorReference.text`), without duplicates.
  static func extractors(_ settings: Settings) -> [String] {
    let own = ExtractorReference(settings[extractor], layer: settings[layer]).text
    guard settings[second] != none else { return [own] }
    let other = ExtractorReference(settings[second], layer: settings[secondLayer]).text
    return other == own ? [own] : [own, other]
  }

  /// The size D of the features of each extractor.
  ///
  /// - Throws: `SettingsError` if the data set has no features of an extractor.
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

  /// The features of one extractor, [B, D].
  static func features(_ id: String, of batch: Batch) -> Tensor {
    let features = batch.embeddings[id]
    precondition(features != nil, "a training batch without features of \(id)")
    return features ?? .zeros([batch.clips.count, 1])
  }

  /// B1's term and a term for each extractor. The terms of the extractors share `weight`; they are
  /// called `name`, followed by the extractor if there are two. `counted` is the number of clips or
  /// pairs in each mean, and `value` returns a scalar.
  static func loss(
    _ prediction: Prediction, _ batch: Batch, _ extractors: [String], _ name: String,
    weight: Double, counted: Int, _ value: (_ index: Int) -> Tensor
  ) -> Loss {
    let terms = extractors.indices.map { index in
      Loss.Term(
        extractors.count == 1 ? name : "\(name)-\(extractors[index])", value(index),
        weight: weight / Double(extractors.count), denominator: counted, entries: counted)
    }
    return Loss([.supervised(prediction, batch)] + terms, probabilities: prediction.probabilities)
  }
}

/// For each extractor, a linear map of the embedding and, optionally, one of the features.
struct ProjectionHeads: Parametric {
  private let embedding: [Linear]
  private let features: [Linear]

  /// Maps embedding and features to `width` values. If `width` is nil, the embedding is mapped to
  /// the size of each extractor's features.
  init(from embedding: Int, to features: [Int], width: Int?, random: RandomSource) {
    self.embedding = features.map { Linear(embedding, width ?? $0, random: random) }
    self.features = width.map { width in features.map { Linear($0, width, random: random) } } ?? []
  }

  /// The mapped embedding of the model, [B, width].
  func embedding(_ value: Tensor, for index: Int, _ mode: Mode) -> Tensor {
    embedding[index](value, mode)
  }

  /// The mapped features of the extractor, [B, width].
  func features(_ value: Tensor, of index: Int, _ mode: Mode) -> Tensor {
    features.isEmpty ? value : features[index](value, mode)
  }
}

/// A model together with its projection heads: the network that the optimizer updates. Only the
/// model is saved.
final class ProjectedModel: Classifier {
  private let model: any Classifier
  let heads: ProjectionHeads

  init(_ model: any Classifier, _ heads: ProjectionHeads) {
    self.model = model
    self.heads = heads
  }

  var namedParameters: NamedParameters {
    model.namedParameters + heads.namedParameters(under: "guide")
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction { model(input, mode) }
}
