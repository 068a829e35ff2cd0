// AudioSet's tags of a sound, by a network that was trained on them.
import Acoustics
import Formats
import Foundation

/// An extractor with a layer `probabilities` for the classes of AudioSet.
public protocol TaggingExtractor: Extractor {
  /// The table with the names of the classes, in the folder of the weights: a column
  /// `display_name` and a row per class, in the order of the outputs.
  static var classFile: String { get }
}

extension EfficientAT: TaggingExtractor {
  public static let classFile = classNames
}

extension YAMNet: TaggingExtractor {
  public static let classFile = classNames
}

/// Scores a sound for the classes of AudioSet, without any training.
///
/// Paper: Gemmeke et al. 2017, doi:10.1109/ICASSP.2017.7952261 (AudioSet).
public struct SoundTagger {
  /// The name of each class, such as "Rooster".
  public let classes: [String]
  private let embed: (Waveform) throws -> Spectrogram

  /// All extractors that know AudioSet's classes, the stronger one first.
  public static var extractors: [any TaggingExtractor.Type] {
    ExtractorCatalog.all.compactMap { $0 as? any TaggingExtractor.Type }
  }

  /// The first of `extractors` whose weights are present.
  ///
  /// - Throws: `Problem` if there are none: what they would bring, and which file belongs where.
  public static func present(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> String {
    let ids = extractors.map { $0.card.id }
    let present = try ids.first { try ExtractorCatalog.folder(for: $0, environment) != nil }
    if let present { return present }
    let first = extractors[0].card
    throw Problem(
      ExtractorCatalog.folders(for: first.id, environment)[0].relativePath,
      "no weights of \(ids.joined(separator: " or ")), which tag sounds"
        + " with AudioSet's classes without training; expected here "
        + first.files.joined(separator: " and "))
  }

  /// A tagger by the extractor `id`, with the weights in `root`, otherwise where all weights are
  /// looked for.
  ///
  /// - Throws: `Problem` if a file is missing or damaged, or if `id` has no tags.
  public init(
    _ id: String, root: URL? = nil,
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    guard let type = Self.extractors.first(where: { $0.card.id == id }) else {
      let known = Self.extractors.map { $0.card.id }.joined(separator: " or ")
      throw Problem(id, "no tags by this extractor; expected \(known)")
    }
    let extractor = try ExtractorCatalog.open(id, layer: "probabilities", root: root, environment)
    let folders = ExtractorCatalog.folders(for: id, environment)
    let folder = try root ?? ExtractorCatalog.folder(for: id, environment) ?? folders[0]
    let table = folder.appendingPathComponent(type.classFile)
    guard try StoredFile.exists(table) else {
      throw Problem(table, "no such file; expected " + (type.card.files.last ?? type.classFile))
    }
    classes = try Self.names(table, count: type.card.layers[1].dimension)
    embed = try extractor.makeWorker()
  }

  private static func names(_ file: URL, count: Int) throws -> [String] {
    let table = try DelimitedText.read(file)
    let column = try table.column("display_name")
    guard table.rows.count == count else {
      throw Problem(file, "\(table.rows.count) classes; expected \(count)")
    }
    return table.rows.map { $0.fields[column] }
  }

  /// The probability of each class, [C]: the mean over the segments of the sound.
  ///
  /// - Throws: `AudioError` if the sound has no samples.
  public func callAsFunction(_ sound: Waveform) throws -> [Float] {
    let segments = try embed(sound)  // [C, T]
    return (0..<segments.bands).map { band in
      let start = band * segments.frames
      return segments.values[start..<start + segments.frames].reduce(0, +)
        / Float(max(segments.frames, 1))
    }
  }
}
