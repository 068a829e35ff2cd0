// Renders the clips of Band. The same clip has the same bits on every call.
import Autograd
import Formats
import Foundation

/// Everything that determines the clips of Band, except for the SoundFont.
package struct BandRecipe: Sendable, Equatable {
  package let seed: Int
  /// The length of a clip in s.
  package let seconds: Double
  /// The classes that play, in the order of the labels.
  let classes: [BandClass]
  package static let sampleRate = 16_000
  /// Raised when the same recipe gives other sounds.
  static let version = 1

  /// `instruments`: the number of classes that play; the most different ones come first.
  package init(seed: Int, seconds: Double, instruments: Int = BandClass.all.count) {
    self.seed = seed
    self.seconds = seconds
    classes = BandClass.mostDifferent(instruments)
  }

  var instruments: Int { classes.count }

  package static func == (a: BandRecipe, b: BandRecipe) -> Bool {
    (a.seed, a.seconds, a.instruments) == (b.seed, b.seconds, b.instruments)
  }

  /// The number of samples of a clip at 16 kHz.
  var sampleCount: Int { Int((seconds * Double(BandRecipe.sampleRate)).rounded()) }

  /// The random stream of one clip, so that sizes and order of rendering do not matter.
  func generator(_ split: Split, _ index: Int) -> Generator {
    Generator(seed: seed, split.index, index)
  }

  /// The score of clip `index` of a split, without rendering it.
  package func score(_ split: Split, _ index: Int) -> BandScore {
    var generator = generator(split, index)
    return BandScore(seconds: seconds, classes: instruments, &generator)
  }
}

/// Renders clips on one thread.
package final class BandRenderer {
  private let recipe: BandRecipe
  private let synthesizer: Synthesizer
  /// The most draws of a stem that is too quiet or too short.
  private static let tries = 8

  package init(_ recipe: BandRecipe, _ font: SoundFont) throws {
    self.recipe = recipe
    synthesizer = try Synthesizer(font)
  }

  /// A clip at 16 kHz.
  package func clip(_ split: Split, _ index: Int) throws -> RenderedClip {
    var generator = recipe.generator(split, index)
    let score = BandScore(
      seconds: recipe.seconds, classes: recipe.instruments, &generator)
    var tracks = try score.instruments.map {
      try track(recipe.classes[$0], in: score, &generator)
    }
    BandMix.makeAudible(&tracks)
    let (samples, gain) = BandMix.master(tracks, count: recipe.sampleCount, &generator)
    return RenderedClip(
      samples: samples,
      levels: zip(score.instruments, tracks).map { instrument, track in
        SourceLevel(recipe.classes[instrument].name, amplitude: track.level * gain)
      })
  }

  /// A stem with an RMS over its active frames of 0.1, less 0 to 6 dB.
  private func track(
    _ instrument: BandClass, in score: BandScore, _ generator: inout Generator
  ) throws -> BandTrack {
    let samples = 2 * recipe.sampleCount
    let blocks = (samples + Synthesizer.block - 1) / Synthesizer.block
    var track = BandTrack([])
    for _ in 0..<BandRenderer.tries {
      let stem = BandStem(instrument, in: score, &generator)
      track = BandTrack(try synthesizer.render(stem, blocks: blocks))
      if track.isUsable { break }
    }
    let gain = pow(10, generator.uniform(-6, 0) / 20)
    track.amplify(by: 0.1 * gain / max(1e-9, track.level))
    return track
  }
}

/// The level of one source of a clip.
package struct SourceLevel: Sendable, Equatable {
  /// The name of its class.
  package let name: String
  /// In dB re full scale over its active frames, rounded to hundredths.
  package let decibels: Float

  /// `amplitude`: the root mean square; 1 is full scale.
  init(_ name: String, amplitude: Double) {
    self.name = name
    let hundredths = (2000 * log10(max(amplitude, 1e-9))).rounded()
    decibels = Float(hundredths / 100)
  }

  fileprivate init(name: String, decibels: Float) {
    self.name = name
    self.decibels = decibels
  }

  fileprivate var text: String { "\(name)=" + String(format: "%.2f", Double(decibels)) }
}

/// `levels.tsv`: one line per clip, such as `train/0007⇥cello=-21.34⇥piano=-18.02`.
///
/// Each finished clip appends a line by one write that begins and ends with a line feed. So a line
/// that a crash truncates is separate, lacks a source or a decimal, and is ignored.
struct SourceLevels {
  private var rows: [String: [SourceLevel]] = [:]

  /// Reads the file; empty if it does not exist. The last line of a clip counts. Throws `Problem`
  /// if the file cannot be read.
  init(_ url: URL) throws {
    guard let text = try StoredFile.text(url) else { return }
    for line in text.utf8.split(separator: 0x0A) {
      let fields = line.split(separator: 0x09).map { String(Substring($0)) }
      let levels = fields.dropFirst().compactMap(SourceLevels.level)
      guard let clip = fields.first, levels.count == fields.count - 1 else { continue }
      rows[clip] = levels
    }
  }

  /// The levels of a clip with exactly these sources; nil if they are unknown.
  func levels(of clip: String, _ names: [String]) -> [SourceLevel]? {
    guard let found = rows[clip], Set(found.map(\.name)) == Set(names) else { return nil }
    return found
  }

  private static func level(_ field: String) -> SourceLevel? {
    let parts = field.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let value = Float(parts[1]), value.isFinite else { return nil }
    let digits = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    guard digits.count == 2, digits[1].count == 2 else { return nil }
    return SourceLevel(name: String(parts[0]), decibels: value)
  }

  /// Throws `Problem` if the file cannot be written.
  static func append(_ levels: [SourceLevel], of clip: String, to url: URL) throws {
    let line = "\n" + ([clip] + levels.map(\.text)).joined(separator: "\t") + "\n"
    let descriptor = open(url.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(url) }
    defer { close(descriptor) }
    let bytes = Array(line.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else { throw failure(url) }
  }

  private static func failure(_ url: URL) -> Problem {
    Problem(
      url.path, "cannot be written (\(String(cString: strerror(errno)))); set XDG_CACHE_HOME")
  }
}
