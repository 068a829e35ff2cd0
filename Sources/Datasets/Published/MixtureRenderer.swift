// Mixes recordings into clips: levels, positions in time, audibility. As for the stems of Band, but
// without noise.
import Acoustics
import Autograd
import Formats
import Foundation

/// Renders the mixtures of one fold, with its recordings in memory.
struct MixtureRenderer: Sendable {
  private let recipe: MixtureRecipe
  private let fold: Int
  /// The sounds at 16 kHz by file name, with leading and trailing silence removed.
  private let sounds: [String: [Float]]
  /// The most draws of a silent part of a long recording.
  private static let tries = 8

  /// Reads every recording of the fold. Throws `Problem` if one cannot be read or is silent, since
  /// the mixtures would differ, and `CancellationError`.
  init(_ recipe: MixtureRecipe, fold: Int, threads: Int, progress: ProgressHandler?) throws {
    let rows = recipe.recordings[fold] ?? []
    let read = try Parallel.map(
      rows.count, threads: threads, "Reading recordings of fold \(fold)", progress: progress,
      worker: {}, work: { _, i in try MixtureRenderer.sound(rows[i].url) })
    self.recipe = recipe
    self.fold = fold
    sounds = Dictionary(
      zip(rows.map(\.name), read), uniquingKeysWith: { first, _ in first })
  }

  func clip(_ index: Int) -> RenderedClip {
    var generator = recipe.generator(fold, index)
    let sources = recipe.sources(fold, &generator)
    var tracks = sources.map { track(sounds[$0.name] ?? [], &generator) }
    BandMix.makeAudible(&tracks)
    var clip = BandMix.sum(tracks)
    let level = pow(10, generator.uniform(-28, -16) / 20)
    let gain = Float(level / max(1e-9, clip[...].meanSquare.squareRoot()))
    for i in clip.indices { clip[i] *= gain }
    let (samples, limit) = BandMix.whole(clip)
    return RenderedClip(
      samples: samples,
      levels: zip(sources, tracks).map { source, track in
        SourceLevel(source.category, amplitude: track.level * Double(gain * limit))
      })
  }

  /// A recording with an RMS over its active frames of 0.1, less 0 to 12 dB. A short recording has
  /// a random position in the clip; of a long one the clip has a random part.
  private func track(_ sound: [Float], _ generator: inout Generator) -> BandTrack {
    let loudest = BandTrack(sound, sampleRate: MixtureRecipe.sampleRate).power.max() ?? 0
    var track = BandTrack([], sampleRate: MixtureRecipe.sampleRate)
    for _ in 0..<MixtureRenderer.tries {
      let samples = placed(sound, at: generator.uniform())
      track = BandTrack(samples, sampleRate: MixtureRecipe.sampleRate)
      if (track.power.max() ?? 0) > 0.01 * loudest { break }
    }
    let gain = pow(10, generator.uniform(-12, 0) / 20)
    track.amplify(by: 0.1 * gain / max(1e-9, track.level))
    return track
  }

  /// The samples at a relative position `place` in 0..<1.
  private func placed(_ sound: [Float], at place: Double) -> [Float] {
    let count = recipe.sampleCount
    let start = Int(place * Double(abs(count - sound.count) + 1))
    if sound.count > count { return Array(sound[start..<start + count]) }
    var samples = [Float](repeating: 0, count: count)
    samples.replaceSubrange(start..<start + sound.count, with: sound)
    return samples
  }

  /// The sound at 16 kHz, from the first to the last frame of 50 ms that is less than 60 dB below
  /// the loudest.
  private static func sound(_ url: URL) throws -> [Float] {
    let wave: Waveform
    do { wave = try AudioFile.read(url) } catch let error as AudioError {
      throw Problem(url.path, "\(error.reason); a mixture needs every recording")
    }
    let resampler = Resampler.shared(from: wave.sampleRate, to: MixtureRecipe.sampleRate)
    let samples = resampler(wave.samples)
    let frame = MixtureRecipe.sampleRate / 20
    let powers = stride(from: 0, to: samples.count, by: frame).map {
      samples[$0..<min($0 + frame, samples.count)].meanSquare
    }
    let loudest = powers.max() ?? 0
    guard loudest > 1e-9, let first = powers.firstIndex(where: { $0 > 1e-6 * loudest }),
      let last = powers.lastIndex(where: { $0 > 1e-6 * loudest })
    else { throw Problem(url.path, "silent; expected a sound to mix") }
    return Array(samples[first * frame..<min((last + 1) * frame, samples.count)])
  }
}

/// Everything that determines the mixtures, except for the content of the recordings.
struct MixtureRecipe: Sendable {
  let seed: Int
  /// The length of a clip in s.
  let seconds: Double
  let classes: [String]
  /// The recordings by fold, in the order of their names.
  let recordings: [Int: [FoldSheet.Row]]
  static let sampleRate = 16_000
  /// Raised when the same recipe gives other sounds.
  static let version = 1
  /// Separates the random stream of mixtures from others with the same seed.
  private static let stream = 0x6D69_7874

  init(_ sheet: FoldSheet, seed: Int, seconds: Double) {
    self.seed = seed
    self.seconds = seconds
    classes = sheet.classes
    recordings = Dictionary(grouping: sheet.rows, by: \.fold)
      .mapValues { $0.sorted { $0.name < $1.name } }
  }

  /// The number of samples of a clip at 16 kHz.
  var sampleCount: Int { Int((seconds * Double(MixtureRecipe.sampleRate)).rounded()) }

  /// The random stream of one mixture, so that sizes and order of rendering do not matter.
  func generator(_ fold: Int, _ index: Int) -> Generator {
    Generator(seed: seed, MixtureRecipe.stream, fold, index)
  }

  /// One to three recordings of distinct classes, with the probabilities of Band (0.35, 0.40,
  /// 0.25). Classes of the fold are equally likely, as are the recordings of a class.
  func sources(_ fold: Int, _ generator: inout Generator) -> [FoldSheet.Row] {
    let rows = recordings[fold] ?? []
    var remaining = classes.filter { name in rows.contains { $0.category == name } }
    let draw = generator.uniform()
    let count = min(remaining.count, draw < 0.35 ? 1 : draw < 0.75 ? 2 : 3)
    return (0..<count).map { _ in
      let name = remaining.remove(at: generator.index(below: remaining.count))
      let candidates = rows.filter { $0.category == name }
      return candidates[generator.index(below: candidates.count)]
    }
  }

  /// The names of the classes in a mixture.
  func names(_ fold: Int, _ index: Int) -> [String] {
    var generator = generator(fold, index)
    return sources(fold, &generator).map(\.category)
  }
}

/// Decimation by two.
enum Decimator {
  /// A low-pass filter at 7.2 kHz for samples at 32 kHz: a symmetric sinc of 63 taps with a Hamming
  /// window and gain 1 at 0 Hz.
  static let taps: [Float] = {
    let cutoff = 7_200.0 / 32_000
    let raw = (0..<63).map { i -> Double in
      let x = Double(i - 31)
      let sinc = x == 0 ? 2 * cutoff : sin(2 * .pi * cutoff * x) / (.pi * x)
      return sinc * (0.54 - 0.46 * cos(2 * .pi * Double(i) / 62))
    }
    let sum = raw.reduce(0, +)
    return raw.map { Float($0 / sum) }
  }()

  /// Every second sample of the filtered sound, without delay; the input is padded with zeros.
  ///
  /// Each tap is one pass over contiguous samples of one parity, so that the loops vectorize.
  static func half(_ samples: [Float], count: Int) -> [Float] {
    let margin = [Float](repeating: 0, count: 32)
    let padded = margin.dropFirst() + samples + margin + margin
    let parity = [0, 1].map { first in
      stride(from: first, to: padded.count, by: 2).map { padded[$0] }
    }
    var output = [Float](repeating: 0, count: count)
    for (k, tap) in taps.enumerated() {
      add(tap, times: parity[k % 2], from: k / 2, to: &output)
    }
    return output
  }

  private static func add(
    _ tap: Float, times input: [Float], from offset: Int, to output: inout [Float]
  ) {
    let count = min(output.count, input.count - offset)
    for i in 0..<max(0, count) { output[i] += tap * input[offset + i] }
  }
}
