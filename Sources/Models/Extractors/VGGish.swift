import Acoustics
import Autograd
import Formats
import Foundation
import Layers

/// VGGish: 128 values for every 0.96 s, as its PyTorch port `torchvggish` computes them.
///
/// Silence fills a clip shorter than one patch. An incomplete last patch is dropped. Paper: Hershey
/// et al. 2017, arXiv:1609.09430.
public struct VGGish: Extractor {
  /// Id, layers and files.
  public static let card = ExtractorCard(
    id: "vggish", title: "VGGish",
    summary: "128 numbers a second by a VGG on log-mels, trained on YouTube videos' tags",
    paper: "Hershey et al. 2017, arXiv:1609.09430", licence: "Apache-2.0",
    layers: [("embedding", 128), ("raw", 128), ("openmic", 128)],
    files: [
      "\(weightsName) of harritaylor/torchvggish, release v0.1",
      "\(pcaName) of harritaylor/torchvggish, release v0.1 (not needed for --layer raw)",
    ])

  static let weightsName = "vggish-10086976.pth"
  static let pcaName = "vggish_pca_params-970ea276.pth"

  /// The output of the network.
  public enum Layer: String, CaseIterable, Sendable {
    /// Whitened and quantized to 0...255 by rounding: the default of `torchvggish`.
    case embedding
    /// Before whitening.
    case raw
    /// As the features of OpenMIC-2018: each clip is scaled to a peak of 1 first, and values are
    /// truncated to integers.
    case openmic
  }

  private let layer: Layer
  private let network: VGGishNetwork
  private let postprocessor: VGGishPostprocessor?
  public let key: String
  public var workers: Int? { 1 }

  public init(weights folder: URL, layer: String? = nil) throws {
    let layer = try Self.card.layer(layer)
    let files = WeightFolder(folder, Self.card)
    try self.init(
      network: files.read([Self.weightsName]),
      pca: layer == Layer.raw.rawValue ? nil : files.read([Self.pcaName]), layer: layer)
  }

  /// The same of tables at hand; `layer` is one of the card's.
  package init(network: WeightTable, pca: WeightTable?, layer: String) throws {
    let layer = Layer(rawValue: layer) ?? .embedding
    self.layer = layer
    self.network = try VGGishNetwork(network)
    postprocessor = try pca.map {
      try VGGishPostprocessor($0, rounding: layer == .openmic ? .down : .nearest)
    }
    let parts = [layer.rawValue, FrontEnd.vggish.key, network.digest, pca?.digest ?? ""]
    key = Digest.hex("vggish 1 \(parts.joined(separator: " "))".utf8)
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    { waveform in try embed(waveform) }
  }

  private func embed(_ waveform: Waveform) throws -> Spectrogram {
    let spectrogram = try FrontEnd.vggish(prepared(waveform))
    return Segments.embed(spectrogram.frames / VGGishNetwork.frames, batch: 16) { range in
      Segments.patches(spectrogram, range, length: VGGishNetwork.frames)
    } network: { patches in
      let raw = network(patches)
      return postprocessor?(raw) ?? raw
    }
  }

  /// At 16 kHz, long enough for one patch and, for OpenMIC, of peak 1.
  private func prepared(_ waveform: Waveform) throws -> Waveform {
    guard !waveform.samples.isEmpty else {
      throw AudioError(file: "", reason: "0 samples; expected at least 1")
    }
    let settings = LogMel.vggish
    var sound = waveform
    if layer == .openmic {
      let peak = sound.samples.map(abs).max() ?? 0
      if peak > 0 { sound.samples = sound.samples.map { $0 / peak } }
    }
    sound = sound.resampled(to: settings.sampleRate)
    let least = (VGGishNetwork.frames - 1) * settings.hopLength + settings.windowLength
    let missing = max(0, least - sound.samples.count)
    sound.samples += repeatElement(0, count: missing)
    return sound
  }
}

/// Six 3×3 convolutions with ReLU, pooled after the first, second, fourth and sixth, and three
/// dense layers with ReLU. 72,141,184 parameters, named as in torchvggish's state dict.
/// Paper: Hershey et al. 2017, arXiv:1609.09430.
package struct VGGishNetwork: Sendable {
  /// Frames and bands of a patch.
  package static let frames = 96
  package static let bands = 64
  /// D.
  package static let width = 128

  private struct Affine: Sendable { let weight, bias: Tensor }

  private let convolutions: [Affine]
  private let dense: [Affine]

  /// Names and shapes of the weights; each has a bias of as many values as outputs.
  package static let convolutionShapes = [
    ("features.0", [64, 1, 3, 3]), ("features.3", [128, 64, 3, 3]),
    ("features.6", [256, 128, 3, 3]), ("features.8", [256, 256, 3, 3]),
    ("features.11", [512, 256, 3, 3]), ("features.13", [512, 512, 3, 3]),
  ]
  package static let denseShapes = [
    ("embeddings.0", [4096, 6 * 4 * 512]), ("embeddings.2", [4096, 4096]),
    ("embeddings.4", [width, 4096]),
  ]
  private static let pooled: Set = ["features.0", "features.3", "features.8", "features.13"]

  /// Throws `Problem` where a tensor is missing, of another shape or one too many.
  package init(_ weights: WeightTable) throws {
    func affine(_ layer: (name: String, shape: [Int])) throws -> Affine {
      Affine(
        weight: try weights.take("\(layer.name).weight", layer.shape),
        bias: try weights.take("\(layer.name).bias", [layer.shape[0]]))
    }
    convolutions = try Self.convolutionShapes.map(affine)
    dense = try Self.denseShapes.map(affine)
    // torchvggish's later versions keep the PCA in the same module; it is read from its own file.
    let names = (Self.convolutionShapes + Self.denseShapes).map(\.0)
    try weights.expectOnly(
      names.flatMap { ["\($0).weight", "\($0).bias"] } + ["pproc.pca_matrix", "pproc.pca_means"])
  }

  /// [B, 96, 64] → [B, 128]
  package func callAsFunction(_ patches: Tensor) -> Tensor {
    var x = patches.reshape([patches.shape[0], Self.frames, Self.bands, 1])
    for ((name, _), layer) in zip(Self.convolutionShapes, convolutions) {
      x = x.conv2d(layer.weight, layer.bias, padding: Extent(1)).relu()
      if Self.pooled.contains(name) { x = x.maxPool2d(Extent(2)) }
    }
    x = x.reshape([x.shape[0], -1])  // time, band, channel: as in TensorFlow
    for layer in dense { x = x.linear(layer.weight, layer.bias).relu() }
    return x
  }
}

/// The whitening and 8-bit quantization that AudioSet's released embeddings went through.
package struct VGGishPostprocessor: Sendable {
  /// What becomes of fractions: torchvggish rounds, AudioSet and OpenMIC-2018 cut.
  package enum Rounding: Sendable { case nearest, down }

  private let matrix: Tensor  // [128, 128]
  private let means: Tensor  // [128]
  package let rounding: Rounding

  package init(_ weights: WeightTable, rounding: Rounding) throws {
    let width = VGGishNetwork.width
    matrix = try weights.take("pca_eigen_vectors", [width, width])
    let column = weights.tensors["pca_means"]?.shape == [width, 1]
    means = try weights.take("pca_means", column ? [width, 1] : [width]).reshape([width])
    self.rounding = rounding
  }

  /// [B, 128] → [B, 128], whole numbers 0...255 that stand for -2...2.
  package func callAsFunction(_ embeddings: Tensor) -> Tensor {
    let whitened = (embeddings - means).linear(matrix).clamp(-2, 2)
    let rule: FloatingPointRoundingRule = rounding == .nearest ? .toNearestOrEven : .down
    return Tensor(
      whitened.values.map { (($0 + 2) * (255.0 / 4)).rounded(rule) }, whitened.shape)
  }
}
