// YAMNet as an extractor: embeddings and AudioSet tags of 0.96 s each.
import Acoustics
import Autograd
import Formats
import Foundation

/// MobileNetV1 on log-mels, trained on AudioSet: patches of 96 frames (0.96 s) every 0.48 s.
/// Silence fills the last patch.
public struct YAMNet: Extractor {
  /// Id, layers, paper, licence and files.
  public static let card = ExtractorCard(
    id: "yamnet", title: "YAMNet",
    summary: "1024 numbers every 0.48 s by a MobileNet, trained on AudioSet's tags",
    paper: "Howard et al. 2017, arXiv:1704.04861", licence: "Apache-2.0",
    layers: [("embedding", 1024), ("probabilities", 521)],
    files: [
      "yamnet.h5 of storage.googleapis.com/audioset (or its tensors as \(safetensors))",
      "\(classNames) of tensorflow/models, research/audioset/yamnet (only needed for scant tag)",
    ])

  static let safetensors = "yamnet_f32.safetensors"
  static let weightNames = ["yamnet.h5", safetensors]
  static let classNames = "yamnet_class_map.csv"
  private static let version = 1

  /// Samples at 16 kHz: of a patch with the window of its last frame, and between two patches.
  private static let (length, hop) = (15_600, 7_680)
  /// Frames of a patch, and between two patches.
  static let (frames, step) = (96, 48)
  private static let batch = 8

  private let network: YAMNetNetwork
  private let isEmbedding: Bool
  public let key: String

  public init(weights folder: URL, layer: String?) throws {
    let layer = try Self.card.layer(layer)
    let weights = try WeightFolder(folder, Self.card).read(Self.weightNames)
    network = try YAMNetNetwork(weights)
    isEmbedding = layer == Self.card.layers[0].name
    let frontEnd = FrontEnd(id: "", logMel: .yamnet).key
    key = Digest.hex("yamnet \(Self.version) \(layer) \(frontEnd) \(weights.digest)".utf8)
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    { sound in
      let samples = sound.resampled(to: LogMel.yamnet.sampleRate).samples
      guard !samples.isEmpty else {
        throw AudioError(file: "", reason: "0 samples; expected at least 1")
      }
      let count = 1 + (max(0, samples.count - Self.length) + Self.hop - 1) / Self.hop
      return try Segments.embed(count, batch: Self.batch) { range in
        try Self.patches(samples, range)
      } network: {
        let (embedding, logits) = network($0)
        return isEmbedding ? embedding : logits.sigmoid()
      }
    }
  }

  /// The patches `range` of samples at 16 kHz, [range.count, 96, 64]. Frames lie within the sound,
  /// so the samples of these patches alone give the same values.
  package static func patches(_ samples: [Float], _ range: Range<Int>) throws -> Tensor {
    let start = range.lowerBound * hop
    let end = (range.upperBound - 1) * hop + length
    let sound = Array(samples[min(start, samples.count)..<min(end, samples.count)])
    let silence = repeatElement(Float(0), count: end - start - sound.count)
    let logMel = try LogMel.yamnet(
      Waveform(samples: sound + silence, sampleRate: LogMel.yamnet.sampleRate))
    return Segments.patches(logMel, 0..<range.count, length: frames, hop: step)
  }
}

/// MobileNetV1 as YAMNet has it: a 3×3 convolution, 13 pairs of depthwise 3×3 and 1×1 convolution,
/// all with batch normalisation (without γ) and ReLU. 3,751,369 numbers for 521 classes.
/// Paper: Howard et al. 2017, arXiv:1704.04861.
package struct YAMNetNetwork: Sendable {
  var layers: [FoldedConvolution]
  private let output: FrozenDense

  private static let epsilon: Float = 1e-4
  /// Channels and stride of each pair.
  private static let pairs = [
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1),
    (512, 1), (512, 1), (1024, 2), (1024, 1),
  ]

  /// Throws `Problem` if the table holds another network.
  package init(_ table: WeightTable) throws {
    let names = TensorFlowNames(table)
    var layers = [
      try names.convolution("layer1.conv", 1, 32, kernel: 3, stride: 2, epsilon: Self.epsilon)
    ]
    var inputs = 32
    for (index, (outputs, stride)) in Self.pairs.enumerated() {
      let name = "layer\(index + 2)"
      layers.append(
        try names.depthwise(
          "\(name).depthwise_conv", inputs, kernel: 3, stride: stride, epsilon: Self.epsilon))
      layers.append(
        try names.convolution(
          "\(name).pointwise_conv", inputs, outputs, kernel: 1, epsilon: Self.epsilon))
      inputs = outputs
    }
    self.layers = layers
    output = FrozenDense(
      weight: try names.take("logits.kernel", [inputs, 521]).transpose([1, 0]),
      bias: try names.take("logits.bias", [521]))
  }

  /// Patches [B, 96, 64] → embeddings [B, 1024] and logits [B, 521].
  package func callAsFunction(_ x: Tensor) -> (embedding: Tensor, logits: Tensor) {
    let embedding = embedding(images: x.reshape(x.shape + [1]))
    return (embedding, sourceLogits(embedding))
  }

  func embedding(images: Tensor) -> Tensor {
    layers.reduce(images) { $1($0).relu() }.globalMean()
  }

  func sourceLogits(_ embedding: Tensor) -> Tensor { output(embedding) }
}

/// The tensors of a TensorFlow network by dotted names, such as "layer1.conv.kernel". Keras writes
/// the same as "layer1/conv/kernel:0", behind the names of groups.
private struct TensorFlowNames {
  private let table: WeightTable
  private let names: [String: String]

  init(_ table: WeightTable) {
    self.table = table
    var names: [String: String] = [:]
    for name in table.tensors.keys.sorted() {
      let path = name.split(separator: ":").first ?? ""
      let parts = path.split { $0 == "/" || $0 == "." }
      // Every tail of the path, so that groups in front of it do not matter.
      for start in parts.indices {
        names[parts[start...].joined(separator: ".")] = name
      }
    }
    self.names = names
  }

  func take(_ name: String, _ shape: [Int]) throws -> Tensor {
    try table.take(names[name] ?? name, shape)
  }

  private func norm(
    _ layer: String, _ channels: Int, _ epsilon: Float
  ) throws -> FoldedConvolution.Normalization {
    FoldedConvolution.Normalization(
      beta: try take("\(layer).bn.beta", [channels]),
      mean: try take("\(layer).bn.moving_mean", [channels]),
      variance: try take("\(layer).bn.moving_variance", [channels]), epsilon: epsilon)
  }

  /// Kernels [kh, kw, C, D] with TensorFlow's padding.
  func convolution(
    _ layer: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, epsilon: Float
  ) throws -> FoldedConvolution {
    let weight = try take("\(layer).kernel", [kernel, kernel, inputs, outputs])
    return FoldedConvolution(
      weight.transpose([3, 2, 0, 1]), try norm(layer, outputs, epsilon), stride: stride,
      padding: .same)
  }

  /// Kernels [kh, kw, C, 1] with TensorFlow's padding.
  func depthwise(
    _ layer: String, _ channels: Int, kernel: Int, stride: Int, epsilon: Float
  ) throws -> FoldedConvolution {
    let weight = try take("\(layer).depthwise_kernel", [kernel, kernel, channels, 1])
    return FoldedConvolution(
      weight.transpose([2, 3, 0, 1]), try norm(layer, channels, epsilon), isDepthwise: true,
      stride: stride, padding: .same)
  }
}
