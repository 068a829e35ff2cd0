// The two networks of the musicnn project: musically motivated filters, and a plain VGG.
import Autograd
import WeightImport

/// Pons and Serra 2019 (arXiv:1909.06654), figure 1: filters as tall as instruments' timbres and as
/// long as rhythms, three residual convolutions over time, mean and maximum, one dense layer.
/// Input [B, 187, 96, 1] in time and mel; 792,079 numbers for 50 tags.
struct MusiCNNNetwork: Sendable {
  private let input: FrozenNormalization
  private let timbral, temporal: [(FrozenConvolution, FrozenNormalization)]
  private let middle: [(FrozenConvolution, FrozenNormalization)]
  private let pooled, hidden: FrozenNormalization
  private let dense, output: FrozenDense

  private static let mels = 96
  /// Mels that a timbral filter covers, and frames that a temporal one does.
  private static let heights = [38, 67]
  private static let lengths = [128, 64, 32]

  /// Throws `Problem` when the file holds another network.
  init(_ file: WeightFile) throws {
    let layers = KerasLayers(file)
    func name(_ base: String, _ index: Int) -> String { index == 0 ? base : "\(base)_\(index)" }
    input = try layers.normalization("batch_normalization", 1)
    timbral = try Self.heights.enumerated().map { index, height in
      (
        try layers.convolution(name("conv2d", index), kernel: Extent(7, height), 1, 204),
        try layers.normalization(name("batch_normalization", index + 1), 204)
      )
    }
    temporal = try Self.lengths.enumerated().map { index, length in
      (
        try layers.convolution(name("conv2d", index + 2), kernel: Extent(length, 1), 1, 51),
        try layers.normalization(name("batch_normalization", index + 3), 51)
      )
    }
    middle = try [561, 64, 64].enumerated().map { try Self.middle(layers, $0 + 1, width: $1) }
    pooled = try layers.normalization("bn_flatpool", 2 * 753)
    dense = try layers.dense("dense", 2 * 753, 200)
    hidden = try layers.normalization("bn_dense", 200)
    output = try layers.dense("dense_1", 200, 50)
  }

  /// A filter as wide as its input is a filter over time of as many channels.
  private static func middle(
    _ layers: KerasLayers, _ number: Int, width: Int
  ) throws -> (FrozenConvolution, FrozenNormalization) {
    let stored = try layers.convolution("midend_conv\(number)", kernel: Extent(7, width), 1, 64)
    let overTime = FrozenConvolution(
      weight: stored.weight.transpose([0, 3, 2, 1]), bias: stored.bias)
    return (overTime, try layers.normalization("bn_midend_conv\(number)", 64))
  }

  /// `dense`: after the dense layer's ReLU [B, 200]; `tags`: probabilities [B, 50].
  func callAsFunction(_ x: Tensor) -> (dense: Tensor, tags: Tensor) {
    let front = front(input(x))  // [B, 187, 1, 561]
    var parts = [front]
    for (index, (conv, norm)) in middle.enumerated() {
      let y = norm(conv(parts[index], padding: Extent(3, 0)).relu())
      parts.append(index == 0 ? y : y + parts[index])
    }
    let sequence = Tensor.concat(parts, axis: 3).reshape([x.shape[0], x.shape[1], 753])
    // Maximum and mean of each channel lie side by side.
    let both = [sequence.max(1), sequence.mean([1])].map { $0.reshape([x.shape[0], 753, 1]) }
    let summary = pooled(Tensor.concat(both, axis: 2).reshape([x.shape[0], 2 * 753]))
    let feature = dense(summary).relu()
    return (feature, output(hidden(feature)).sigmoid())
  }

  /// [B, 187, 96, 1] → [B, 187, 1, 561]: each filter's maximum over all mels.
  private func front(_ x: Tensor) -> Tensor {
    let overMels = timbral.map { conv, norm in
      let y = conv(x, padding: Extent(3, 0)).relu()  // [B, 187, 97 − height, 204]
      return norm(y, pool: Extent(1, y.shape[2]))
    }
    let overTime = temporal.map { conv, norm in
      // TensorFlow's "same": of an odd number of zeros the larger half goes behind.
      let length = conv.weight.shape[2]
      let padded = x.pad(1, before: (length - 1) / 2, after: length / 2)
      return norm(conv(padded).relu(), pool: Extent(1, Self.mels))
    }
    return Tensor.concat(overMels + overTime, axis: 3)
  }
}

/// The project's baseline: five 3×3 convolutions of 128 channels with pooling (Choi et al. 2016
/// in outline). Input [B, 187, 96, 1]; 607,030 numbers for 50 tags.
struct MusiCNNBaseline: Sendable {
  private let input: FrozenNormalization
  private let blocks: [(FrozenConvolution, FrozenNormalization)]
  private let output: FrozenDense

  /// Throws `Problem` when the file holds another network.
  init(_ file: WeightFile) throws {
    let layers = KerasLayers(file)
    input = try layers.normalization("bn_input", 1)
    blocks = try (1...5).map { index in
      (
        try layers.convolution("\(index)CNN", kernel: Extent(3), index == 1 ? 1 : 128, 128),
        try layers.normalization("bn_conv\(index)", 128)
      )
    }
    output = try layers.dense("output", 256, 50)
  }

  /// `pool5`: the last pooling, flattened [B, 256]; `logits` [B, 50], before any sigmoid.
  func callAsFunction(_ x: Tensor) -> (pool5: Tensor, logits: Tensor) {
    var x = input(x)
    for (index, (conv, norm)) in blocks.enumerated() {
      x = norm(conv(x, padding: Extent(1)).relu())
      switch index {
      case 0: x = x.maxPool2d(Extent(4, 1), stride: Extent(2))
      case 4: x = x.maxPool2d(Extent(4))
      default: x = x.maxPool2d(Extent(2))
      }
    }
    let pool5 = x.reshape([x.shape[0], 256])
    return (pool5, output(pool5))
  }
}
