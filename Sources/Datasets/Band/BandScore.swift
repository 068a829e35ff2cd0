// The notes of one Band clip, before any sound: who plays, in which key, how fast. BAND §2.1–5.
import Autograd

/// What all stems of a clip share.
package struct BandScore: Sendable, Equatable {
  /// Indices into `BandClass.all`, distinct.
  package let instruments: [Int]
  /// Length of the clip, in s.
  let seconds: Double
  /// Half a beat, in s.
  let step: Double
  /// 0…11, 0 is C.
  let root: Int
  /// Semitones above the root.
  let scale: [Int]
  /// Controller 91 of every stem.
  let reverbSend: Int

  /// Draws a clip; the same generator then draws its stems.
  package init(seconds: Double, _ generator: inout Generator) {
    self.seconds = seconds
    instruments = BandScore.instruments(&generator)
    step = 30 / generator.uniform(70, 150)
    root = generator.index(below: 12)
    scale = BandScore.scales[generator.index(below: BandScore.scales.count)]
    let isWet = generator.uniform() < 0.5
    let send = generator.uniform(10, 80)
    reverbSend = isWet ? Int(send.rounded()) : 0
  }

  /// One to three distinct classes.
  private static func instruments(_ generator: inout Generator) -> [Int] {
    let draw = generator.uniform()
    let count = draw < 0.35 ? 1 : draw < 0.75 ? 2 : 3
    var remaining = Array(BandClass.all.indices)
    return (0..<count).map { _ in
      remaining.remove(at: generator.index(below: remaining.count))
    }
  }

  /// Major, natural minor, pentatonic.
  private static let scales = [
    [0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10], [0, 2, 4, 7, 9],
  ]

  /// 1 for the classes that play, 0 for the others: [C].
  package var labels: [Float] {
    BandClass.all.indices.map { instruments.contains($0) ? 1 : 0 }
  }
}
