// The small CNN of the reference results on the built-in data set.
import Acoustics
import Autograd
import Layers

/// Four blocks of 3×3 convolution, batch norm, ReLU and 2×2 max-pooling on a log-mel [B, 1, M, T];
/// then global pooling, dropout and a linear layer.
/// 99,972 parameters for 20 classes and width 16.
public final class CNN: Backbone {
  /// The global pooling of each channel.
  public enum Pooling: String, CaseIterable, HyperparameterValue {
    /// The mean plus the maximum over all positions.
    case meanAndMax = "mean-and-max"
    /// The mean over all positions.
    case mean
  }

  private let conv1, conv2, conv3, conv4: Conv2d
  private let bn1, bn2, bn3, bn4: BatchNorm
  private let fc: Linear
  private let dropout: Dropout
  private let pooling: Pooling
  private let boost: Double

  public static let head = "fc."
  public let embeddingWidth: Int
  public private(set) var origin: WeightOrigin?

  /// Channels are `width`, 2, 4 and 8 times `width`.
  ///
  /// - Parameters:
  ///   - classes: The number of outputs C.
  ///   - width: The number of channels of the first convolution.
  ///   - pooling: How positions become one vector.
  ///   - dropout: The probability that a pooled channel is zeroed in training.
  ///   - boost: α of BoostLU; 1 for a linear layer on the pooled channels. Above 1, the linear
  ///     layer is applied at each position, positive scores are multiplied by α, and the logits
  ///     are the means over all positions. Paper: Kim et al. 2023, arXiv:2304.01804.
  ///   - random: The source of the initial weights.
  public init(
    classes: Int, width: Int = 16, pooling: Pooling = .meanAndMax, dropout: Double = 0.2,
    boost: Double = 1, random: RandomSource
  ) {
    func conv(_ inputs: Int, _ outputs: Int) -> Conv2d {
      Conv2d(inputs, outputs, kernel: Extent(3), padding: Extent(1), bias: false, random: random)
    }
    conv1 = conv(1, width)
    conv2 = conv(width, 2 * width)
    conv3 = conv(2 * width, 4 * width)
    conv4 = conv(4 * width, 8 * width)
    bn1 = BatchNorm(width)
    bn2 = BatchNorm(2 * width)
    bn3 = BatchNorm(4 * width)
    bn4 = BatchNorm(8 * width)
    fc = Linear(8 * width, classes, random: random)
    embeddingWidth = 8 * width
    self.dropout = Dropout(dropout)
    self.pooling = pooling
    self.boost = boost
  }

  /// The logits [B, C] of embeddings [B, 8·width] in evaluation, without BoostLU.
  func logits(ofEmbedding embedding: Tensor) -> Tensor { fc(embedding, .evaluation()) }

  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    var x = input.reshape([input.shape[0], input.shape[2], input.shape[3], 1])  // [B, M, T, 1]
    for (conv, bn) in [(conv1, bn1), (conv2, bn2), (conv3, bn3), (conv4, bn4)] {
      // Pooling halves an axis only while it has two positions, so that short clips are accepted.
      let pool = Extent(min(2, x.shape[1]), min(2, x.shape[2]))
      x = bn(conv(x, mode), relu: true, pool: pool, mode)
    }
    let mean = x.globalMean()
    let embedding = pooling == .mean ? mean : mean + x.globalMax()  // [B, 8·width]
    guard boost > 1 else {
      return Prediction(.logits(fc(dropout(embedding, mode), mode)), embedding: embedding)
    }
    let positions = x.reshape([x.shape[0], x.shape[1] * x.shape[2], embeddingWidth])
    let scores = fc(dropout(positions, mode), mode).boosted(by: Float(boost))
    return Prediction(.logits(scores.mean([1])), embedding: embedding)
  }
}

extension Tensor {
  /// α·x for x > 0, else x: what BoostLU does to the scores of a class at each position.
  package func boosted(by alpha: Float) -> Tensor { self + relu() * (alpha - 1) }
}

extension CNN: ModelBlueprint {
  /// Id, title, summary, paper and settings.
  public static let card = Card(
    id: "cnn", title: "Small CNN",
    summary: "Four convolutions on a log-mel spectrogram; about 100,000 parameters",
    hyperparameters: [width, pooling, dropout, boost, weights])

  private static let width = Hyperparameter<Int>(
    "width", "width", help: "channels of the first layer; later layers have 2, 4, 8 times as many",
    initial: 16, range: 2...128)
  private static let pooling = Hyperparameter<Pooling>(
    "pooling", "pooling", help: "pooling of each channel before the linear layer",
    initial: .meanAndMax)
  private static let dropout = Hyperparameter<Double>(
    "dropout", "dropout", help: "dropout rate of the embedding", initial: 0.2,
    range: 0...0.9)
  private static let boost = Hyperparameter<Double>(
    "boost", "BoostLU",
    help: "factor of positive scores at each position, averaged to logits; 1: none", initial: 1,
    range: 1...100)
  private static let weights = Hyperparameter<String>.weights(
    "weights", "weights", help: "random, or those of a file of this network, such as pre-trained",
    initial: StartingWeights.random, choices: [StartingWeights.random])

  public static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier {
    let model = CNN(
      classes: classes, width: settings[width], pooling: settings[pooling],
      dropout: settings[dropout], boost: settings[boost], random: random)
    guard StartingWeights.isFile(settings[weights]) else { return model }
    let table = try StartingWeights.read(settings[weights])
    try table.start(model)
    model.origin = table.origin
    return model
  }
}
