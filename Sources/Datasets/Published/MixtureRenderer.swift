// Sums recordings into clips: levels, places in time, audibility. As Band mixes its stems, but
// for the noise.
import Acoustics
import Autograd
import Formats
import Foundation

/// Renders the mixtures of one fold, whose recordings it holds.
struct MixtureRenderer: Sendable {
  private let recipe: MixtureRecipe
  private let fold: Int
  /// At 16 kHz, by file name; silence before and after is cut off.
  private let sounds: [String: [Float]]
  /// How often a part of a long recording that is silent there is drawn.
  private static let tries = 8

  /// Reads every recording of the fold. Throws `Problem` where one cannot be read or is
  /// silent, for then other mixtures would come out, and `CancellationError`.
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

  /// A recording at RMS 0.1 over its active frames, less 0 to 12 dB. A shorter one than the clip
  /// begins at any time that lets it end in the clip; of a longer one a part is heard.
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

  /// `place` in 0..<1.
  private func placed(_ sound: [Float], at place: Double) -> [Float] {
    let count = recipe.sampleCount
    let start = Int(place * Double(abs(count - sound.count) + 1))
    if sound.count > count { return Array(sound[start..<start + count]) }
    var samples = [Float](repeating: 0, count: count)
    samples.replaceSubrange(start..<start + sound.count, with: sound)
    return samples
  }

  /// At 16 kHz, from the first to the last 50 ms that are not 60 dB below the loudest.
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

/// Everything that decides how the mixtures of labelled recordings sound, but for the recordings.
struct MixtureRecipe: Sendable {
  let seed: Int
  /// Clip length, in s.
  let seconds: Double
  let classes: [String]
  /// By fold, in the order of their names.
  let recordings: [Int: [FoldSheet.Row]]
  static let sampleRate = 16_000
  /// Raised whenever the same recipe begins to give other sounds.
  static let version = 1
  /// Separates the mixtures' random stream from others of the same seed.
  private static let stream = 0x6D69_7874

  init(_ sheet: FoldSheet, seed: Int, seconds: Double) {
    self.seed = seed
    self.seconds = seconds
    classes = sheet.classes
    recordings = Dictionary(grouping: sheet.rows, by: \.fold)
      .mapValues { $0.sorted { $0.name < $1.name } }
  }

  /// Samples of a clip at 16 kHz.
  var sampleCount: Int { Int((seconds * Double(MixtureRecipe.sampleRate)).rounded()) }

  /// A mixture's own stream of random numbers: sizes and order of rendering do not matter.
  func generator(_ fold: Int, _ index: Int) -> Generator {
    Generator(seed: seed, MixtureRecipe.stream, fold, index)
  }

  /// One to three recordings of distinct classes, in the proportions of Band (0.35, 0.40, 0.25).
  /// Every class of the fold is as likely, and so is every recording of a class.
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

  /// Names of the classes in a mixture.
  func names(_ fold: Int, _ index: Int) -> [String] {
    var generator = generator(fold, index)
    return sources(fold, &generator).map(\.category)
  }
}

enum Decimator {
  /// Low-pass at 7.2 kHz for samples at 32 kHz: a sinc of 63 taps under a Hamming window, gain 1
  /// at 0 Hz. Symmetric: tap 31 is the centre.
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

  /// Every second sample of the filtered sound, in step with the input; silence lies around it.
  ///
  /// One pass a tap over contiguous samples of one parity, so that the loops vectorise.
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
