import Autograd

/// A multi-label classifier: a model with C independent binary outputs. Methods train classifiers.
public protocol Classifier: Parametric {
  /// Predicts B clips.
  ///
  /// - Parameters:
  ///   - input: The output of the model's front end, [B, 1, M, T] or [B, T, D].
  ///   - mode: Training or evaluation.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction
}

/// The prediction of a classifier for B clips.
public struct Prediction {
  /// Logits or probabilities, whichever the model computes.
  public enum Output {
    /// [B, C], before the sigmoid.
    case logits(Tensor)
    /// [B, C], in 0...1.
    case probabilities(Tensor)
  }
  /// What the model computed.
  public let output: Output
  private let makeEmbedding: () -> Tensor

  /// A prediction whose embedding [B, D] is computed only on use, since most methods do not use it.
  public init(_ output: Output, embedding: @autoclosure @escaping () -> Tensor) {
    self.output = output
    makeEmbedding = embedding
  }

  /// The vector before the head, [B, D].
  public var embedding: Tensor { makeEmbedding() }

  /// The probabilities, [B, C].
  public var probabilities: Tensor {
    switch output {
    case .logits(let logits): logits.sigmoid()
    case .probabilities(let probabilities): probabilities
    }
  }

  /// The logits, [B, C]. Probabilities are limited to 1e-7 from 0 and 1 before they are converted.
  public var logits: Tensor {
    switch output {
    case .logits(let logits): return logits
    case .probabilities(let probabilities):
      let p = probabilities.clamp(1e-7, 1 - 1e-7)
      return (p / (p * -1 + 1)).log()
    }
  }

  /// Masked binary cross-entropy, a scalar: the mean over the entries with `observed` 1; 0 if there
  /// are none. It is computed from the logits if there are any, which is numerically stable.
  ///
  /// - Parameters:
  ///   - targets: [B, C], in 0...1.
  ///   - observed: [B, C]: 1 for an entry that counts, 0 for a missing label.
  public func binaryCrossEntropy(_ targets: Tensor, observed: Tensor) -> Tensor {
    switch output {
    case .logits(let logits):
      logits.binaryCrossEntropy(logitsAgainst: targets, observed: observed)
    case .probabilities(let probabilities):
      probabilities.binaryCrossEntropy(probabilitiesAgainst: targets, observed: observed)
    }
  }
}

/// A stand-alone classifier from a spectrogram pre-processor: a layer [B, M, T, 1] →
/// [B, M, T, 1], adaptive average pooling to 8 × 96, and an output mapping of these 768 values.
///
/// Paper: the baselines "CNN" and "U-Net" of Chen & Lerch 2022, arXiv:2211.08379.
///
/// Differs: their code flattens the whole output into a dense layer of 2.6 million weights. Here
/// 768 values make the head as large as that of the reprogrammed network.
public final class PooledClassifier: Backbone, InputChanging {
  private let input: any Layer
  private let output: OutputMapping

  /// The bands and frames after pooling.
  public static let windows = Extent(8, 96)
  public static let head = "output."
  public var embeddingWidth: Int { Self.windows.height * Self.windows.width }

  /// A classifier of C = `classes` classes around the layer `input`.
  public init(_ input: any Layer, classes: Int, random: RandomSource) {
    self.input = input
    output = OutputMapping(Self.windows.height * Self.windows.width, classes, random: random)
  }

  /// Predicts spectrograms [B, 1, M, T], or sequences [B, T, D], which are treated as images of one
  /// channel.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let pooled = changed(input, mode).asImages.adaptiveAveragePool2d(Self.windows)
    let embedding = pooled.reshape([input.shape[0], embeddingWidth])
    return Prediction(.logits(output(embedding, mode)), embedding: embedding)
  }

  public var changesInput: Bool { true }

  public func changed(_ input: Tensor, _ mode: Mode) -> Tensor {
    let layer = self.input
    return layer(input.asImages, mode).reshape(input.shape)
  }
}

extension Tensor {
  /// A classifier's input [B, 1, M, T] or [B, T, D] as images of one channel: [B, M, T, 1] or
  /// [B, T, D, 1].
  package var asImages: Tensor {
    precondition(
      shape.count == 3 || shape.count == 4 && shape[1] == 1,
      "features of shape \(shape); expected [B, 1, M, T] or [B, T, D]")
    return reshape([shape[0], shape[shape.count - 2], shape[shape.count - 1], 1])
  }
}

/// A classifier whose prediction for a clip is a sum over time, so that it localises classes.
public protocol TimedClassifier: Classifier {
  /// The contributions of T segments to the probabilities of a clip, [B, T, C], in evaluation mode.
  /// The sum over T is the clip's probability.
  func contributions(_ input: Tensor) -> Tensor
}

/// A classifier without gradients, such as a random forest, which is fitted to all rows at once.
///
/// Batches add rows. The first prediction in evaluation mode, or the first access to the state,
/// fits the classifier. A row with a known name replaces the earlier one, so further epochs change
/// nothing, and the order of the batches does not matter.
public protocol RowLearner: Classifier {
  /// Adds the rows of a batch.
  ///
  /// - Parameters:
  ///   - input: The model's input, [B, …].
  ///   - targets: [B, C], in 0...1.
  ///   - observed: [B, C]: 1 for an observed label, 0 for a missing one.
  ///   - names: A name for each row.
  func take(_ input: Tensor, targets: Tensor, observed: Tensor, names: [String])

  /// Why the last fit failed, in one line; nil if it succeeded or there was none.
  var fitProblem: String? { get }
}
