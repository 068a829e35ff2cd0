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
  init(_ recipe: MixtureRecipe, fold: Int, threads: Int, progress: Ticker?) throws {
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
