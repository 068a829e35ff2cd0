/// `scant embed EXTRACTOR AUDIO…`: embeddings of sound files.
import Acoustics
import ArgumentParser
import Formats
import Foundation
import Models
import Output

struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Compute embeddings of sound files with a pre-trained network.",
    discussion: """
      Writes one array [segments, D] with the segments of all files. The table on stdout names the \
      rows of each file. A file that cannot be read is reported on stderr; the others are computed.

      Example:
        scant embed mn04 a.wav b.flac --out embeddings.npy

      \(ExtractorCatalog.all.map { help($0.card) }.joined(separator: "\n"))
      """)

  @Argument(
    help: ArgumentHelp("Id of an extractor.", valueName: "extractor"),
    completion: Completions.extractors)
  var id: String

  @Argument(help: "Sound files.")
  var audio: [String]

  @Option(help: ArgumentHelp("File for the array.", valueName: "file.npy"))
  var out: String

  @Option(help: ArgumentHelp("Another layer; listed above.", valueName: "name"))
  var layer: String?

  @Option(help: ArgumentHelp("Folder of the network's weights.", valueName: "dir"))
  var weights: String?

  private static func help(_ card: ExtractorCard) -> String {
    let layers = card.layers.map { "\($0.name) (\($0.dimension))" }.joined(separator: ", ")
    return "\(card.id) (\(card.licence)): \(layers)"
  }

  func validate() throws {
    guard let type = ExtractorCatalog.find(id) else {
      let known = ExtractorCatalog.all.map { $0.card.id }.joined(separator: ", ")
      throw ValidationError("'\(id)' is no extractor; expected one of \(known)")
    }
    let layers = type.card.layers.map(\.name)
    if let layer, !layers.contains(layer) {
      let known = layers.joined(separator: ", ")
      throw ValidationError("--layer \(layer) is unknown; expected one of \(known)")
    }
    guard out.hasSuffix(".npy") else {
      throw ValidationError("--out \(out) is no .npy file; expected a name that ends in .npy")
    }
  }

  func run() throws {
    let interruption = Interruption()
    let meter = Meter()
    let extractor = try ExtractorCatalog.open(
      id, layer: layer, root: weights.map { URL(fileURLWithPath: $0) })
    let embed = try extractor.makeWorker()
    var (found, failures) = (Embeddings(), 0)
    for (index, path) in audio.enumerated() {
      if interruption.isRaised { throw CancellationError() }
      meter.show(Meter.Reading(what: "Embedding", done: index, total: audio.count))
      do { found.append(try Self.spectrogram(of: path, embed), of: path) } catch {
        failures += 1
        Console.shared.complain(sentence(for: error))
      }
    }
    if found.width > 0 {
      try NPY.write(found.values, shape: found.shape, to: URL(fileURLWithPath: out))
      try Console.shared.print(found.table.text)
    }
    if failures > 0 { throw ExitCode.failure }
  }

  /// All files' segments, one below the other.
  private struct Embeddings {
    var values: [Float] = []
    /// D; 0 while there is none.
    var width = 0
    var table = ConsoleTable(["file", "first row", "segments"], numbers: [1, 2])

    var shape: [Int] { [values.count / width, width] }

    mutating func append(_ spectrogram: Spectrogram, of path: String) {
      width = spectrogram.bands
      table.append([path, "\(values.count / width)", "\(spectrogram.frames)"])
      values += EmbedCommand.rows(spectrogram)
    }
  }

  /// `[D, T]`; errors name the file.
  private static func spectrogram(
    of path: String, _ embed: (Waveform) throws -> Spectrogram
  ) throws -> Spectrogram {
    do {
      return try embed(try AudioFile.read(URL(fileURLWithPath: path)))
    } catch let error as AudioError where error.file.isEmpty {
      throw AudioError(file: path, reason: error.reason)
    }
  }

  /// `[T, M]`: a frame a row.
  private static func rows(_ features: Spectrogram) -> [Float] {
    (0..<features.frames).flatMap { frame in
      (0..<features.bands).map { features[$0, frame] }
    }
  }
}
