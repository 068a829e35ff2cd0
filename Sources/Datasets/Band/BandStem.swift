// The notes of one instrument in a Band clip. BAND §2.3–5.
import Autograd

/// A timbre with its notes.
package struct BandStem: Sendable, Equatable {
  let bank: Int
  let program: Int
  /// The pitch bend, -8192…8191, for two semitones down or up.
  package let bend: Int
  let reverbSend: Int
  /// In order of onset.
  package let notes: [Note]

  package struct Note: Sendable, Equatable {
    /// Onset and release in s; the release is at most the next onset of the same key.
    package let onset: Double
    package var release: Double
    package let key, velocity: Int
  }

  package init(_ instrument: BandClass, in score: BandScore, _ generator: inout Generator) {
    let bend = Int(generator.uniform(-600, 600).rounded())
    var player = BandPlayer(loudness: generator.uniform(70, 110))
    switch instrument.playing {
    case .melody(let voices):
      let voice = voices[generator.index(below: voices.count)]
      player.melody(of: voice, in: score, &generator)
      (bank, program) = (0, voice.program)
    case .drums:
      (bank, program) = (Percussion.bank, choice(Percussion.kits, &generator))
      player.drums(in: score, &generator)
    case .cymbals:
      (bank, program) = (Percussion.bank, choice(Percussion.kits, &generator))
      player.cymbals(in: score, &generator)
    }
    self.bend = bend
    reverbSend = score.reverbSend
    notes = player.finished
  }
}

/// Draws the notes of a stem.
private struct BandPlayer {
  /// The mean velocity of the stem.
  let loudness: Double
  private var notes: [BandStem.Note] = []
  /// No note starts in the last seconds of a clip, in s.
  private static let lastOnset = 0.15

  init(loudness: Double) { self.loudness = loudness }

  /// The notes in order of onset, each released before its key sounds again.
  var finished: [BandStem.Note] {
    var sorted = notes.sorted { ($0.onset, $0.key) < ($1.onset, $1.key) }
    var next: [Int: Double] = [:]
    for i in sorted.indices.reversed() {
      sorted[i].release = min(sorted[i].release, next[sorted[i].key] ?? .infinity)
      next[sorted[i].key] = sorted[i].onset
    }
    return sorted
  }

  /// Adds notes with the same slightly delayed onset; the release is not delayed.
  private mutating func play(
    _ keys: [Int], at time: Double, for duration: Double, _ generator: inout Generator
  ) {
    let onset = time + max(0, generator.normal(mean: 0, std: 0.008))
    for key in keys {
      let velocity = generator.normal(mean: loudness, std: 8).rounded()
      notes.append(
        BandStem.Note(
          onset: onset, release: time + duration, key: key,
          velocity: Int(min(127, max(40, velocity)))))
    }
  }

  /// A random walk over at most ten neighbouring notes of the scale.
  mutating func melody(
    of voice: BandClass.Voice, in score: BandScore, _ generator: inout Generator
  ) {
    let pool = voice.register.filter { score.scale.contains(($0 - score.root + 120) % 12) }
    let width = min(10, pool.count)
    let start = generator.index(below: pool.count - width + 1)
    var place = generator.index(below: width)
    let draw = generator.uniform()
    let base = (draw < 0.4 ? 1 : draw < 0.8 ? 2 : 4) * score.step
    var time = Double(generator.index(below: 3)) * score.step
    while time < score.seconds - BandPlayer.lastOnset {
      let duration = generator.uniform() < 0.2 ? 2 * base : base
      if generator.uniform() < 0.85 || notes.isEmpty {
        let isChord = generator.uniform() < voice.chords
        let steps = (isChord ? [0, 2, 4] : [0]).map { start + place + $0 }
        let keys = steps.filter { $0 < pool.count }.map { pool[$0] }
        play(keys, at: time, for: duration * generator.uniform(0.7, 0.98), &generator)
      }
      time += duration
      place = min(width - 1, max(0, place + generator.index(below: 7) - 3))
    }
  }

  /// Kick and snare on their beats, and sometimes a tom.
  mutating func drums(in score: BandScore, _ generator: inout Generator) {
    let kick = choice(Percussion.kicks, &generator)
    let snare = choice(Percussion.snares, &generator)
    for (i, time) in steps(of: score) {
      var keys: [Int] = []
      if generator.uniform() < (i.isMultiple(of: 2) ? 0.6 : 0.2) { keys.append(kick) }
      if generator.uniform() < (i % 4 == 2 ? 0.8 : 0.12) { keys.append(snare) }
      if generator.uniform() < 0.15 { keys.append(choice(Percussion.toms, &generator)) }
      for key in keys { play([key], at: time, for: 0.25, &generator) }
    }
  }

  /// A pattern on one cymbal, perhaps opened by a crash.
  mutating func cymbals(in score: BandScore, _ generator: inout Generator) {
    if generator.uniform() < 0.5 {
      play([choice(Percussion.crashes, &generator)], at: 0, for: 1, &generator)
    }
    let pattern = choice(Percussion.patterns, &generator)
    for (i, time) in steps(of: score)
    where generator.uniform() < (i.isMultiple(of: 2) ? 0.85 : 0.6) {
      play([pattern], at: time, for: 0.2, &generator)
    }
  }

  /// Index and time (s) of every half beat that may have a note.
  private func steps(of score: BandScore) -> [(Int, Double)] {
    let last = score.seconds - BandPlayer.lastOnset
    return (0..<Int((last / score.step).rounded(.up))).map { ($0, Double($0) * score.step) }
  }
}

private func choice(_ options: [Int], _ generator: inout Generator) -> Int {
  options[generator.index(below: options.count)]
}
