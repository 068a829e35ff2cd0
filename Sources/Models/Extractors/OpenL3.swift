import Acoustics
import Autograd
import Formats
import Foundation
import Layers

/// OpenL3: 512 or 6144 values for every second of sound, learned by matching sound to images
/// without labels.
///
/// Segments of one second are centred at multiples of the hop: half a second of silence precedes
/// the clip, and silence fills the last segment. The spectrograms are those of `openl3` 0.4 with
/// its `librosa` front end. Paper: Cramer et al. 2019, doi:10.1109/ICASSP.2019.8682475.
public struct OpenL3: Extractor {
  /// Id, layers and files.
  public static let card = ExtractorCard(
    id: "openl3", title: "OpenL3",
    summary: "512 or 6144 numbers a second by a CNN that learned which sounds go with which images",
    paper: "Cramer et al. 2019, doi:10.1109/ICASSP.2019.8682475", licence: "CC BY 4.0",
    layers: Layer.all.map { ($0.name, $0.dimension) },
    files: [
      "openl3_audio_INPUT_CONTENT.h5 (or -v0_4_0.h5, either with .gz) of marl/openl3, branch "
        + "models: INPUT mel256, mel128 or linear, CONTENT music or env, as the layer says"
    ])

  /// A published network and the pooling of its last feature map.
  public struct Layer: Sendable, Equatable {
    /// The input representation.
    public enum Input: String, CaseIterable, Sendable {
      /// A log-mel spectrogram of 256 bands.
      case mel256
      /// A log-mel spectrogram of 128 bands.
      case mel128
      /// A spectrogram with a linear frequency axis.
      case linear
    }
    /// The videos that the network was trained on.
    public enum Content: String, CaseIterable, Sendable {
      /// Videos of music.
      case music
      /// Videos of environmental sounds.
      case env
    }

    /// The input representation.
    public let input: Input
    /// The videos that the network was trained on.
    public let content: Content
    /// The size D of the embedding: 512 or 6144.
    public let dimension: Int

    /// The name of the layer, such as "mel256-music-512".
    public var name: String { "\(input.rawValue)-\(content.rawValue)-\(dimension)" }

    /// All published layers; the first is the default.
    public static let all = Input.allCases.flatMap { input in
      Content.allCases.flatMap { content in
        [512, 6144].map { Layer(input: input, content: content, dimension: $0) }
      }
    }

    /// The pooling window of the last feature map [B, H, W, 512]: the whole map, or one of 4×3
    /// parts.
    package var pool: Extent {
      let height = input == .mel128 ? 16 : 32
      return dimension == 512 ? Extent(height, 24) : Extent(height / 4, 8)
    }

    /// The front end for one second of sound.
    var transform: FrontEnd.Transform {
      switch input {
      case .mel256: .logMel(.openL3(melBands: 256))
      case .mel128: .logMel(.openL3(melBands: 128))
      case .linear: .linear(.openL3)
      }
    }
  }

  private let layer: Layer
  private let network: OpenL3Network
  /// The distance in samples between two segments.
  private let hop: Int
  public let key: String
  public var workers: Int? { 1 }

  static let sampleRate = 48_000

  public init(weights folder: URL, layer: String? = nil) throws {
    try self.init(weights: folder, layer: layer, hopSeconds: 1)
  }

  /// Reads a network with a hop of `hopSeconds` s. The default of this program is 1, as for
  /// SONYC-UST; that of `openl3` is 0.1.
  ///
  /// - Throws: An error if a file is missing or does not fit, or if the hop is not in 0.01...60.
  public init(weights folder: URL, layer: String?, hopSeconds: Double) throws {
    let name = try Self.card.layer(layer)
    let chosen = Layer.all.first { $0.name == name } ?? Layer.all[0]
    let stem = "openl3_audio_\(chosen.input.rawValue)_\(chosen.content.rawValue)"
    let names = ["", "-v0_4_0"].flatMap { ["\(stem)\($0).h5", "\(stem)\($0).h5.gz"] }
    try self.init(
      WeightFolder(folder, Self.card).read(names), layer: chosen, hopSeconds: hopSeconds)
  }

  /// The same of a table at hand.
  package init(_ weights: WeightTable, layer: Layer, hopSeconds: Double = 1) throws {
    guard hopSeconds >= 0.01, hopSeconds <= 60 else {
      throw weights.error("a hop of \(hopSeconds) s; expected 0.01 to 60")
    }
    self.layer = layer
    hop = Int((hopSeconds * Double(Self.sampleRate)).rounded(.down))
    network = try OpenL3Network(weights)
    let spectrogram = FrontEnd(id: "openl3", layer.transform)
    key = Digest.hex("openl3 1 \(layer.name) \(hop) \(spectrogram.key) \(weights.digest)".utf8)
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    { waveform in try embed(waveform) }
  }

  private func embed(_ waveform: Waveform) throws -> Spectrogram {
    guard !waveform.samples.isEmpty else {
      throw AudioError(file: "", reason: "0 samples; expected at least 1")
    }
    let second = Self.sampleRate
    let sound = waveform.resampled(to: second).samples
    let padded = [Float](repeating: 0, count: second / 2) + sound
    return try Segments.embed(Self.seconds(sound.count, hop: hop), batch: 4) { range in
      try spectrograms(range, of: padded)
    } network: { spectrograms in
      let pooled = network(spectrograms).maxPool2d(layer.pool)
      return pooled.reshape([pooled.shape[0], -1])
    }
  }

  /// How many seconds, `hop` samples apart, `count` samples are cut into: 10 s with a hop of 1 s
  /// into 11.
  package static func seconds(_ count: Int, hop: Int) -> Int {
    1 + max(0, count - sampleRate / 2 + hop - 1) / hop
  }

  /// [range.count, F, T] of the seconds that begin at multiples of the hop.
  private func spectrograms(_ range: Range<Int>, of padded: [Float]) throws -> Tensor {
    let second = Self.sampleRate
    var (values, shape) = ([Float](), [0, 0])
    for index in range {
      let start = min(index * hop, padded.count)
      var samples = Array(padded[start..<min(padded.count, start + second)])
      samples += repeatElement(0, count: second - samples.count)
      let spectrogram = try layer.transform(Waveform(samples: samples, sampleRate: second))
      values += spectrogram.values
      shape = [spectrogram.bands, spectrogram.frames]
    }
    return Tensor(values, [range.count] + shape)
  }
}

/// Batch norm on the input, then seven 3×3 convolutions with batch norm and ReLU, the second,
/// fourth and sixth followed by pooling, and an eighth without either. 4,687,042 parameters, and
/// 2818 running statistics.
/// Paper: Cramer et al. 2019, doi:10.1109/ICASSP.2019.8682475.
package struct OpenL3Network: Sendable {
  private struct Norm: Sendable { let scale, shift, mean, variance: Tensor }
  private struct Convolution: Sendable { let weight, bias: Tensor }

  /// Channels of the convolutions, the input's first.
  package static let channels = [1, 64, 64, 128, 128, 256, 256, 512, 512]
  /// Keras' default.
  private static let epsilon: Float = 1e-3
  private static let last = "audio_embedding_layer"

  private let norms: [Norm]
  private let convolutions: [Convolution]

  /// Takes layers in the order that their numbered names have, as Keras itself loads them: the
  /// published files count their layers from different numbers. Throws `Problem`.
  package init(_ weights: WeightTable) throws {
    let layers = NumberedLayers(weights)
    let channels = Self.channels
    let norms = layers.named("batch_normalization")
    let convolutions = layers.named("conv2d") + layers.named(Self.last)
    guard norms.count == channels.count - 1, convolutions.count == channels.count - 1 else {
      throw weights.error(
        "\(convolutions.count) convolutions and \(norms.count) batch normalizations; expected "
          + "\(channels.count - 1) of each, as OpenL3's audio networks have")
    }
    self.norms = try zip(norms, channels).map { layer, channels in
      func take(_ name: String) throws -> Tensor { try layer.take(name, [channels]) }
      return Norm(
        scale: try take("gamma"), shift: try take("beta"), mean: try take("moving_mean"),
        variance: try take("moving_variance"))
    }
    self.convolutions = try convolutions.enumerated().map { index, layer in
      let (inputs, outputs) = (channels[index], channels[index + 1])
      return Convolution(
        weight: try layer.take("kernel", [3, 3, inputs, outputs]).transpose([3, 2, 0, 1]),
        bias: try layer.take("bias", [outputs]))
    }
  }

  /// [B, F, T] → [B, F / 8, T / 8, 512]
  package func callAsFunction(_ spectrograms: Tensor) -> Tensor {
    var x = spectrograms.reshape(spectrograms.shape + [1])
    x = apply(norms[0], x, Epilogue())
    for (index, convolution) in convolutions.enumerated() {
      x = x.conv2d(convolution.weight, convolution.bias, padding: Extent(1))
      guard index + 1 < norms.count else { break }
      let pool = index % 2 == 1 ? Extent(2) : nil
      x = apply(norms[index + 1], x, Epilogue(relu: true, pool: pool))
    }
    return x
  }

  private func apply(_ norm: Norm, _ x: Tensor, _ epilogue: Epilogue) -> Tensor {
    x.batchNorm(
      norm.scale, norm.shift, mean: norm.mean, variance: norm.variance, epsilon: Self.epsilon,
      epilogue)
  }
}
