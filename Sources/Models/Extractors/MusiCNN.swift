// musicnn as an extractor: embeddings and tag probabilities of three seconds of music each.
import Acoustics
import Autograd
import Formats
import Foundation
import WeightImport

/// Networks trained on MagnaTagATune (`mtt`) and the Million Song Dataset (`msd`). The log-mel
/// spectrogram of a clip is cut into segments of 187 frames (3 s) without overlap; what remains at
/// the end is left out, and a clip shorter than one segment is repeated, as in training.
public struct MusiCNN: Extractor {
  /// Id, title, summary, paper and settings.
  public static let card = ExtractorCard(
    id: "musicnn", title: "musicnn",
    summary: "Music tagger trained on MagnaTagATune or the Million Song Dataset; 3 s a segment",
    paper: "Pons and Serra 2019, arXiv:1909.06654", licence: "ISC",
    layers: Layer.allCases.map { ($0.rawValue, $0.dimension) },
    files: [
      "MTT_musicnn.h5 or MSD_musicnn.h5 (vgg layers: MTT_vgg.h5 or MSD_vgg.h5) of"
        + " github.com/Quint-e/musicnn_keras, folder musicnn_keras/keras_checkpoints"
    ])

  /// What can be asked for; the file it needs is in its name.
  enum Layer: String, CaseIterable {
    /// The dense layer after its ReLU: what the authors transfer.
    case mttDense = "mtt-dense200"
    /// Probabilities of the 50 tags.
    case mttTags = "mtt-tags"
    case msdDense = "msd-dense200"
    case msdTags = "msd-tags"
    /// The baseline's last pooling, and its tag probabilities.
    case mttPool5 = "mtt-vgg-pool5"
    case mttVGGTags = "mtt-vgg-tags"
    case msdPool5 = "msd-vgg-pool5"
    case msdVGGTags = "msd-vgg-tags"

    var isTags: Bool { rawValue.hasSuffix("tags") }
    var isVGG: Bool { rawValue.contains("vgg") }
    var dimension: Int { isTags ? 50 : isVGG ? 256 : 200 }
    var fileName: String { rawValue.prefix(3).uppercased() + (isVGG ? "_vgg.h5" : "_musicnn.h5") }
  }

  /// [B, 187, 96, 1] → [B, D]
  private let network: @Sendable (Tensor) -> Tensor
  public let key: String
  public let workers: Int? = 1

  /// Frames of a segment.
  static let segment = 187
  /// Segments at a time: more would only take more memory.
  private static let batch = 8
  private static let version = 1

  public init(weights folder: URL, layer: String?) throws {
    let name = layer ?? Layer.mttDense.rawValue
    guard let layer = Layer(rawValue: name) else {
      let known = Self.card.layers.map(\.name).joined(separator: ", ")
      throw Problem("musicnn", "no layer '\(name)'; expected one of \(known)")
    }
    let url = folder.appendingPathComponent(layer.fileName)
    let file = try WeightFile(url)
    if layer.isVGG {
      let vgg = try MusiCNNBaseline(file)
      network = { layer.isTags ? vgg($0).logits.sigmoid() : vgg($0).pool5 }
    } else {
      let musicnn = try MusiCNNNetwork(file)
      network = { layer.isTags ? musicnn($0).tags : musicnn($0).dense }
    }
    let frontEnd = FrontEnd(id: "", logMel: .musicnn).key
    key = Digest.hex(
      Array("musicnn \(Self.version) \(name) \(frontEnd) ".utf8) + (try file.fingerprint))
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    { try self(LogMel.musicnn($0)) }
  }

  /// [96, T] → [D, segments]
  package func callAsFunction(_ logMel: Spectrogram) throws -> Spectrogram {
    let segments = max(1, logMel.frames / Self.segment)
    var rows: [Float] = []
    for first in stride(from: 0, to: segments, by: Self.batch) {
      let count = min(Self.batch, segments - first)
      rows += network(Self.patches(logMel, first..<first + count)).values
    }
    return Spectrogram(rows: rows, count: segments)
  }

  /// [B, 187, mels, 1]; frames of a short clip come round again.
  private static func patches(_ logMel: Spectrogram, _ segments: Range<Int>) -> Tensor {
    var values: [Float] = []
    values.reserveCapacity(segments.count * segment * logMel.bands)
    for frame in segments.lowerBound * segment..<segments.upperBound * segment {
      let at = frame % max(logMel.frames, 1)
      for band in 0..<logMel.bands { values.append(logMel[band, at]) }
    }
    return Tensor(values, [segments.count, segment, logMel.bands, 1])
  }
}

/// Pons and Serra 2019 (arXiv:1909.06654), figure 1: filters as tall as instruments' timbres and as
/// long as rhythms, three residual convolutions over time, mean and maximum, one dense layer.
/// Input [B, 187, 96, 1] in time and mel; 792,079 numbers for 50 tags.
struct MusiCNNNetwork: Sendable {
  private typealias Layer = (convolution: FrozenConvolution, norm: FrozenNormalization)
  private var input: FrozenNormalization
  private var timbral, temporal, middle: [Layer]
  private var pooled: FrozenNormalization
  private let hidden: FrozenNormalization
  private var dense: FrozenDense
  private let output: FrozenDense

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
    return (feature, sourceLogits(feature).sigmoid())
  }

  /// Features [B, 200] → logits of 50 tags.
  func sourceLogits(_ feature: Tensor) -> Tensor { output(hidden(feature)) }

  mutating func forEachWeight(_ body: (String, inout Tensor) -> Void) {
    input.forEachWeight("input", body)
    let parts = [("timbral", \Self.timbral), ("temporal", \.temporal), ("middle", \.middle)]
    for (name, part) in parts {
      for index in self[keyPath: part].indices {
        self[keyPath: part][index].convolution.forEachWeight("\(name).\(index)", body)
        self[keyPath: part][index].norm.forEachWeight("\(name).\(index).norm", body)
      }
    }
    pooled.forEachWeight("pooled", body)
    dense.forEachWeight("dense", body)
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
