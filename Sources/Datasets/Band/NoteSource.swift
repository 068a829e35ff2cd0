// Single notes of General MIDI's melodic programs: the source task that our own pre-trained
// networks learn before they ever hear a clip of a data set.
import Acoustics
import Autograd
import Foundation

/// Which notes: which program plays, on which key. Everything else of a note is drawn.
package struct NoteSource: Sendable, Equatable {
  /// Programs 0..<112; the rest are sound effects.
  package static let programs = 112
  /// MIDI keys, C2 to C6.
  package static let keys = 36...84
  /// Answers of a network that learns it: programs, then keys.
  package static let answers = programs + keys.count
  /// Raised whenever the same settings begin to give other sounds.
  package static let version = 1

  package var seed: Int
  /// Length of a clip, s.
  package var seconds: Double

  package init(seed: Int, seconds: Double) {
    self.seed = seed
    self.seconds = seconds
  }

  /// A note and what was made of its sound.
  package struct Example: Sendable {
    package let spectrogram: Spectrogram
    /// 0..<112
    package let program: Int
    /// MIDI number.
    package let key: Int
  }

  /// `count` notes of a split, the programs in turn, as features of `extractor`. Note i of a
  /// split has a random stream of its own. Throws `Problem` without FluidSynth or a SoundFont.
  package func examples(
    _ split: Split, _ count: Int, by extractor: any FeatureExtractor, threads: Int,
    progress: ProgressHandler?
  ) throws -> [Example] {
    let font = try SoundFont.find()
    return try Parallel.map(count, threads: threads, "notes", progress: progress) {
      NoteWorker(renderer: try NoteRenderer(self, font), spectrogram: try extractor.makeWorker())
    } work: { worker, index in
      let (program, key, samples) = try worker.renderer.note(split, index)
      let sound = Waveform(
        samples: samples.map { Float($0) / 32_768 }, sampleRate: BandRecipe.sampleRate)
      return Example(spectrogram: try worker.spectrogram(sound), program: program, key: key)
    }
  }
}

/// What one thread needs.
private final class NoteWorker {
  let renderer: NoteRenderer
  let spectrogram: (Waveform) throws -> Spectrogram

  init(renderer: NoteRenderer, spectrogram: @escaping (Waveform) throws -> Spectrogram) {
    self.renderer = renderer
    self.spectrogram = spectrogram
  }
}

/// Renders notes; belongs to one thread.
package final class NoteRenderer {
  private let source: NoteSource
  private let synthesizer: Synthesizer
  /// A clip may begin up to this long after its note, s.
  private static let lead = 0.4
  /// How often a note that cannot be heard is drawn.
  private static let tries = 8
  private static let stream = 0x6E6F_7465

  package init(_ source: NoteSource, _ font: SoundFont) throws {
    self.source = source
    synthesizer = try Synthesizer(font)
  }

  /// Program, key and samples at 16 kHz of note `index`.
  package func note(_ split: Split, _ index: Int) throws -> (Int, Int, [Int16]) {
    var generator = Generator(seed: source.seed, NoteRenderer.stream, split.index, index)
    let program = index % NoteSource.programs
    let rate = Double(Synthesizer.sampleRate)
    let blocks = Int(
      (((NoteRenderer.lead + source.seconds) * rate) / Double(Synthesizer.block)).rounded(.up))
    let start = Int((NoteRenderer.lead * rate).rounded())
    let count = Int((source.seconds * Double(BandRecipe.sampleRate)).rounded())
    var (key, track) = (0, BandTrack([]))
    for _ in 0..<NoteRenderer.tries {
      let stem = BandStem(note: program, within: source.seconds, &generator)
      key = stem.notes[0].key
      let samples = try synthesizer.render(stem, blocks: blocks)
      track = BandTrack(Array(samples[start..<start + 2 * count]))
      if (track.power.max() ?? 0) > 1e-9 { break }
    }
    return (program, key, BandMix.master([track], count: count, &generator).samples)
  }
}

extension BandStem {
  /// One note: onset before or in the first third of the clip, which begins 0.4 s after time 0;
  /// key, length, velocity, tuning and reverb at random, as in Band.
  fileprivate init(
    note program: Int, within seconds: Double, _ generator: inout Generator
  ) {
    bank = 0
    self.program = program
    bend = Int(generator.uniform(-600, 600).rounded())
    reverbSend = generator.uniform() < 0.5 ? 0 : Int(generator.uniform(10, 80).rounded())
    let keys = NoteSource.keys
    let onset = generator.uniform(0, 0.4 + seconds / 3)
    notes = [
      Note(
        onset: onset, release: onset + seconds * generator.uniform(0.3, 1),
        key: keys.lowerBound + generator.index(below: keys.count),
        velocity: 40 + generator.index(below: 88))
    ]
  }
}
