// Turns the seed of a Band clip into its sound; every call for the same clip gives the same bits.
import Autograd
import Foundation

/// Which Band: everything that decides how a clip sounds, but for the SoundFont.
package struct BandRecipe: Sendable, Equatable {
  package let seed: Int
  /// Clip length, in s.
  package let seconds: Double
  package static let sampleRate = 16_000
  /// Raised whenever the same recipe begins to give other sounds.
  static let version = 1

  package init(seed: Int, seconds: Double) {
    self.seed = seed
    self.seconds = seconds
  }

  /// Samples of a clip at 16 kHz.
  var sampleCount: Int { Int((seconds * Double(BandRecipe.sampleRate)).rounded()) }

  /// A clip's own stream of random numbers: sizes and order of rendering do not matter.
  func generator(_ split: Split, _ index: Int) -> Generator {
    Generator(seed: seed, split.index, index)
  }

  /// Who plays in clip `index` of a split, without rendering it.
  package func score(_ split: Split, _ index: Int) -> BandScore {
    var generator = generator(split, index)
    return BandScore(seconds: seconds, &generator)
  }
}

/// Renders clips; belongs to one thread.
package final class BandRenderer {
  private let recipe: BandRecipe
  private let synthesizer: Synthesizer
  /// How often a stem too quiet or too short is drawn.
  private static let tries = 8

  package init(_ recipe: BandRecipe, _ font: SoundFont) throws {
    self.recipe = recipe
    synthesizer = try Synthesizer(font)
  }

  /// At 16 kHz.
  package func clip(_ split: Split, _ index: Int) throws -> RenderedClip {
    var generator = recipe.generator(split, index)
    let score = BandScore(seconds: recipe.seconds, &generator)
    var tracks = try score.instruments.map {
      try track(BandClass.all[$0], in: score, &generator)
    }
    BandMix.makeAudible(&tracks)
    let (samples, gain) = BandMix.master(tracks, count: recipe.sampleCount, &generator)
    return RenderedClip(
      samples: samples,
      levels: zip(score.instruments, tracks).map { instrument, track in
        SourceLevel(BandClass.all[instrument].name, amplitude: track.level * gain)
      })
  }

  /// A stem at RMS 0.1 over its active frames, less 0 to 6 dB.
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
