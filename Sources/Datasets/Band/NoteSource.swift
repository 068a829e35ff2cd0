// Single notes of General MIDI's melodic programs: the source task of Scant's own pre-trained
// networks.
import Acoustics
import Autograd
import Foundation

/// Notes with a program and a key; their other properties are drawn at random.
package struct NoteSource: Sendable, Equatable {
  /// The number of melodic programs; the others are sound effects.
  package static let programs = 112
  /// MIDI keys, C2 to C6.
  package static let keys = 36...84
  /// The number of outputs of a network that learns the task: programs, then keys.
  package static let answers = programs + keys.count
  /// Raised when the same settings give other sounds.
  package static let version = 1

  package var seed: Int
  /// The length of a clip in s.
  package var seconds: Double

  package init(seed: Int, seconds: Double) {
    self.seed = seed
    self.seconds = seconds
  }

  /// A note with the features of its sound.
  package struct Example: Sendable {
    package let spectrogram: Spectrogram
    /// The program, 0..<112.
    package let program: Int
    /// The MIDI key.
    package let key: Int
  }

  /// The features of `count` notes of a split, by `extractor`. Programs take turns, and each note
  /// has its own random stream. Throws `Problem` without FluidSynth or a SoundFont.
  package func examples(
    _ split: Split, _ count: Int, by extractor: any FeatureExtractor, threads: Int,
    progress: ProgressHandler?
  ) throws -> [Example] {
    let font = try SoundFont.find()
    return try Parallel.map(count, threads: threads, "notes", progress: progress) {
      (renderer: try NoteRenderer(self, font), features: try extractor.makeWorker())
    } work: { worker, index in
      let (program, key, samples) = try worker.renderer.note(split, index)
      let sound = Waveform(
        samples: samples.map { Float($0) / 32_768 }, sampleRate: BandRecipe.sampleRate)
      return Example(spectrogram: try worker.features(sound), program: program, key: key)
    }
  }
}

/// Renders notes on one thread.
package final class NoteRenderer {
  private let source: NoteSource
  private let synthesizer: Synthesizer
  /// A clip may begin up to this time after its note, in s.
  private static let lead = 0.4
  /// The most draws of an inaudible note.
  private static let tries = 8
  private static let stream = 0x6E6F_7465

  package init(_ source: NoteSource, _ font: SoundFont) throws {
    self.source = source
    synthesizer = try Synthesizer(font)
  }

  /// The program, key and samples at 16 kHz of note `index`.
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
  /// One note whose onset lies before or in the first third of the clip, which begins 0.4 s after
  /// time 0. Key, length, velocity, tuning and reverb are random, as in Band.
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
