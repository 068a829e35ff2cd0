import Acoustics
import Autograd
import Formats
import Foundation

/// VGGish: 128 values for every 0.96 s, as its PyTorch port `torchvggish` computes them.
///
/// Silence fills a clip shorter than one patch. An incomplete last patch is dropped. Paper: Hershey
/// et al. 2017, arXiv:1609.09430.
public struct VGGish: Extractor {
  /// Id, layers and files.
  public static let card = ExtractorCard(
    id: "vggish", title: "VGGish",
    summary: "128 numbers a second by a VGG on log-mels, trained on YouTube videos' tags",
    paper: "Hershey et al. 2017, arXiv:1609.09430",
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
    let picture = try FrontEnd.vggish(prepared(waveform))
    return Segments.embed(picture.frames / VGGishNetwork.frames, batch: 16) { range in
      Segments.patches(picture, range, length: VGGishNetwork.frames)
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
