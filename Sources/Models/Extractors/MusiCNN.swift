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
    paper: "Pons and Serra 2019, arXiv:1909.06654",
    layers: Layer.allCases.map { ($0.rawValue, $0.dimension) },
    files: [
      "MTT_musicnn.h5 or MSD_musicnn.h5 (vgg layers: MTT_vgg.h5 or MSD_vgg.h5) of"
        + " github.com/Quint-e/musicnn_keras, folder musicnn_keras/keras_checkpoints"
    ])

  /// What can be asked for; the file it needs is in its name.
  private enum Layer: String, CaseIterable {
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
  private static let segment = 187
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
