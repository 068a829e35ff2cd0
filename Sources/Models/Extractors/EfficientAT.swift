// EfficientAT's smallest network as an extractor: embeddings and AudioSet tags of up to 10 s.
import Acoustics
import Autograd
import Formats
import Foundation
import Layers

/// `mn04_as`: MobileNetV3 of width 0.4, distilled from a transformer on AudioSet. A clip of up to
/// 10 s is one segment; a longer one is cut into segments of equal length, at most 10 s, which is
/// the length of AudioSet's clips.
public struct EfficientAT: Extractor {
  /// Id, layers, paper, licence and files.
  public static let card = ExtractorCard(
    id: "mn04", title: "EfficientAT mn04",
    summary: "384 numbers per 10 s by a small MobileNetV3, distilled on AudioSet's tags",
    paper: "Schmid et al. 2023, arXiv:2211.04772", licence: "MIT",
    layers: [("embedding", 384), ("probabilities", 527)],
    files: [
      "\(weightsName) of the releases of github.com/fschmid56/EfficientAT",
      "\(classNames) of its folder metadata (only needed for scant tag)",
    ])

  static let weightsName = "mn04_as_mAP_432.pt"
  static let classNames = "class_labels_indices.csv"
  private static let version = 1

  /// Samples of the longest segment, 10 s at 32 kHz.
  private static let longest = 320_000

  private let weights: WeightTable
  private let isEmbedding: Bool
  public let key: String

  public init(weights folder: URL, layer: String?) throws {
    let layer = try Self.card.layer(layer)
    weights = try WeightFolder(folder, Self.card).read([Self.weightsName])
    isEmbedding = layer == Self.card.layers[0].name
    _ = try EfficientATNetwork(weights)
    let frontEnd = FrontEnd(id: "", logMel: .efficientAT).key
    key = Digest.hex("mn04 \(Self.version) \(layer) \(frontEnd) \(weights.digest)".utf8)
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    let network = try EfficientATNetwork(weights)
    return { sound in
      let samples = sound.resampled(to: LogMel.efficientAT.sampleRate).samples
      guard !samples.isEmpty else {
        throw AudioError(file: "", reason: "0 samples; expected at least 1")
      }
      let count = (samples.count + Self.longest - 1) / Self.longest
      let length = (samples.count + count - 1) / count
      return try Segments.embed(count, batch: 1) { range in
        let start = min(range.lowerBound * length, samples.count - length)
        return try Self.input(Array(samples[start..<start + length]))
      } network: {
        let (embedding, logits) = network($0)
        return isEmbedding ? embedding : logits.sigmoid()
      }
    }
  }

  /// The input of the network, [1, 128, T, 1], of samples at 32 kHz: pre-emphasis
  /// x[t + 1] − 0.97 x[t], log-mel, (y + 4.5) / 5.
  package static func input(_ samples: [Float]) throws -> Tensor {
    let settings = LogMel.mn04()
    let logMel = try settings(Waveform(samples: samples, sampleRate: settings.sampleRate))
    return Tensor(logMel.values, [1, logMel.bands, logMel.frames, 1])
  }
}

/// MobileNetV3-Large of width 0.4 for spectrograms, as EfficientAT varies it: the gate of
/// squeeze-and-excitation is a logistic function. 983,599 parameters for 527 classes.
/// Papers: Howard et al. 2019, arXiv:1905.02244; Schmid et al. 2023, arXiv:2211.04772.
package struct EfficientATNetwork: Sendable {
  var stem, last: FoldedConvolution
  var blocks: [InvertedResidual]
  private let hidden, output: FrozenDense

  private static let width = 0.4
  static let epsilon: Float = 1e-3

  /// A row of table 1 of the MobileNetV3 paper, with channels before the width is applied.
  private struct Row {
    let kernel, expanded, outputs: Int
    let isSqueezed, isHard: Bool
    let stride: Int

    init(_ kernel: Int, _ expanded: Int, _ outputs: Int, _ marks: String, _ stride: Int) {
      (self.kernel, self.expanded, self.outputs) = (kernel, expanded, outputs)
      (isSqueezed, isHard) = (marks.contains("S"), marks.contains("H"))
      self.stride = stride
    }
  }

  /// S: squeeze-and-excitation; H: hard swish instead of ReLU.
  private static let rows = [
    Row(3, 16, 16, "", 1), Row(3, 64, 24, "", 2), Row(3, 72, 24, "", 1), Row(5, 72, 40, "S", 2),
    Row(5, 120, 40, "S", 1), Row(5, 120, 40, "S", 1), Row(3, 240, 80, "H", 2),
    Row(3, 200, 80, "H", 1), Row(3, 184, 80, "H", 1), Row(3, 184, 80, "H", 1),
    Row(3, 480, 112, "SH", 1), Row(3, 672, 112, "SH", 1), Row(5, 672, 160, "SH", 2),
    Row(5, 960, 160, "SH", 1), Row(5, 960, 160, "SH", 1),
  ]

  /// The nearest multiple of 8 that is not more than a tenth below `value`.
  static func channels(_ value: Double) -> Int {
    let rounded = max(8, Int(value + 4) / 8 * 8)
    return Double(rounded) < 0.9 * value ? rounded + 8 : rounded
  }

  /// Throws `Problem` if the table holds another network.
  package init(_ table: WeightTable) throws {
    func scaled(_ channels: Int) -> Int { Self.channels(Double(channels) * Self.width) }
    stem = try table.torchConvolution(
      "features.0", 1, scaled(16), kernel: 3, stride: 2, epsilon: Self.epsilon)
    var inputs = scaled(16)
    blocks = try Self.rows.enumerated().map { index, row in
      defer { inputs = scaled(row.outputs) }
      return try InvertedResidual(
        table, "features.\(index + 1).block", inputs: inputs, expanded: scaled(row.expanded),
        outputs: scaled(row.outputs), kernel: row.kernel, stride: row.stride,
        isSqueezed: row.isSqueezed, isHard: row.isHard)
    }
    let features = 6 * inputs
    last = try table.torchConvolution(
      "features.16", inputs, features, kernel: 1, epsilon: Self.epsilon)
    func dense(_ name: String, _ inputs: Int, _ outputs: Int) throws -> FrozenDense {
      FrozenDense(
        weight: try table.take("\(name).weight", [outputs, inputs]),
        bias: try table.take("\(name).bias", [outputs]))
    }
    hidden = try dense("classifier.2", features, scaled(1280))
    output = try dense("classifier.5", scaled(1280), 527)
  }

  /// Spectrograms [B, 128, T, 1] → embeddings [B, 384] and logits [B, 527].
  package func callAsFunction(_ x: Tensor) -> (embedding: Tensor, logits: Tensor) {
    let embedding = embedding(images: x)
    return (embedding, sourceLogits(embedding))
  }

  func embedding(images x: Tensor) -> Tensor {
    let maps = blocks.reduce(stem(x).hardswish()) { $1($0) }
    return last(maps).hardswish().globalMean()
  }

  func sourceLogits(_ embedding: Tensor) -> Tensor { output(hidden(embedding).hardswish()) }
}

/// A 1×1 convolution to more channels, a depthwise convolution, squeeze-and-excitation, a 1×1
/// convolution to fewer channels, and the input on top if the shapes agree.
struct InvertedResidual: Sendable {
  private var expand: FoldedConvolution?
  private var depthwise, project: FoldedConvolution
  private var squeeze: FrozenSqueeze?
  private let isHard, isResidual: Bool

  init(
    _ table: WeightTable, _ prefix: String, inputs: Int, expanded: Int, outputs: Int, kernel: Int,
    stride: Int, isSqueezed: Bool, isHard: Bool
  ) throws {
    let epsilon = EfficientATNetwork.epsilon
    var part = 0
    func next() -> String {
      defer { part += 1 }
      return "\(prefix).\(part)"
    }
    expand =
      expanded == inputs
      ? nil : try table.torchConvolution(next(), inputs, expanded, kernel: 1, epsilon: epsilon)
    depthwise = try table.torchConvolution(
      next(), expanded, expanded, kernel: kernel, stride: stride, isDepthwise: true,
      epsilon: epsilon)
    squeeze = isSqueezed ? try Self.squeeze(table, next(), expanded) : nil
    project = try table.torchConvolution(next(), expanded, outputs, kernel: 1, epsilon: epsilon)
    self.isHard = isHard
    isResidual = stride == 1 && inputs == outputs
  }

  private static func squeeze(
    _ table: WeightTable, _ prefix: String, _ channels: Int
  ) throws -> FrozenSqueeze {
    let hidden = EfficientATNetwork.channels(Double(channels / 4))
    func dense(_ name: String, _ inputs: Int, _ outputs: Int) throws -> FrozenDense {
      let path = "\(prefix).conc_se_layers.0.\(name)"
      return FrozenDense(
        weight: try table.take("\(path).weight", [outputs, inputs]),
        bias: try table.take("\(path).bias", [outputs]))
    }
    return FrozenSqueeze(
      fc1: try dense("fc1", channels, hidden), fc2: try dense("fc2", hidden, channels))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    func active(_ x: Tensor) -> Tensor { isHard ? x.hardswish() : x.relu() }
    var y = active(depthwise(expand.map { active($0(x)) } ?? x))
    if let squeeze { y = squeeze(y) }
    return isResidual ? project(y, adding: x) : project(y)
  }

  mutating func forEachWeight(_ name: String, _ body: (String, inout Tensor) -> Void) {
    expand?.forEachWeight("\(name).expand", body)
    depthwise.forEachWeight("\(name).depthwise", body)
    squeeze?.fc1.forEachWeight("\(name).squeeze.fc1", body)
    squeeze?.fc2.forEachWeight("\(name).squeeze.fc2", body)
    project.forEachWeight("\(name).project", body)
  }
}

/// `SqueezeExcitation` with a logistic gate, of constants.
private struct FrozenSqueeze: Sendable {
  var fc1, fc2: FrozenDense

  /// Scales the channels of [B, H, W, C].
  func callAsFunction(_ x: Tensor) -> Tensor {
    let scale = fc2(fc1(x.globalMean()).relu()).sigmoid()
    return x * scale.reshape([x.shape[0], 1, 1, x.shape[3]])
  }
}
