// The 20 classes of Band, with their timbres and registers. BAND §1.
import Autograd

/// One class of the built-in data set.
package struct BandClass: Sendable {
  package let name: String
  let playing: Playing

  /// How the stems of a class are composed.
  enum Playing: Sendable {
    case melody([Voice])
    case drums
    case cymbals
  }

  /// One timbre: a General MIDI program of bank 0, its register in MIDI notes, and the probability
  /// that a note becomes a chord.
  struct Voice: Sendable {
    let program: Int
    let register: ClosedRange<Int>
    let chords: Double
  }
}

extension BandClass {
  /// All classes, in the order of the labels.
  package static let all: [BandClass] = [
    melody("accordion", [21], 57...81, chords: 0.4),
    melody("banjo", [105], 52...76, chords: 0.2),
    melody("bass", [32, 33, 34], 28...48),
    melody("cello", [42], 38...62),
    melody("clarinet", [71], 52...79),
    BandClass(name: "cymbals", playing: .cymbals),
    BandClass(name: "drums", playing: .drums),
    melody("flute", [73], 65...91),
    melody("guitar", [24, 25, 27], 45...72, chords: 0.4),
    melody("harp", [46], 48...84, chords: 0.3),
    BandClass(
      name: "mallet_percussion",
      playing: .melody([
        Voice(program: 11, register: 57...84, chords: 0.2),
        Voice(program: 12, register: 52...79, chords: 0.2),
        Voice(program: 13, register: 67...91, chords: 0.1),
      ])),
    melody("organ", [16, 17, 19], 43...79, chords: 0.5),
    melody("piano", [0], 40...84, chords: 0.5),
    BandClass(
      name: "saxophone",
      playing: .melody([
        Voice(program: 65, register: 52...77, chords: 0),
        Voice(program: 66, register: 46...70, chords: 0),
      ])),
    melody("sitar", [104], 50...74),
    melody("synthesizer", [50, 80, 81], 43...76, chords: 0.3),
    melody("trombone", [57], 42...67),
    melody("trumpet", [56], 57...81),
    melody("violin", [40], 60...88),
    melody("voice", [52, 53], 50...74, chords: 0.3),
  ]

  /// The names of all classes; each prefix sounds as different as possible.
  private static let byDifference = [
    "drums", "flute", "bass", "piano", "trumpet", "voice", "cymbals", "organ", "violin", "guitar",
    "accordion", "mallet_percussion", "clarinet", "synthesizer", "saxophone", "banjo", "trombone",
    "harp", "cello", "sitar",
  ]

  /// The first `count` classes by difference, in the order of `all`.
  static func mostDifferent(_ count: Int) -> [BandClass] {
    let names = Set(byDifference.prefix(count))
    return all.filter { names.contains($0.name) }
  }

  private static func melody(
    _ name: String, _ programs: [Int], _ register: ClosedRange<Int>, chords: Double = 0
  ) -> BandClass {
    let voices = programs.map { Voice(program: $0, register: register, chords: chords) }
    return BandClass(name: name, playing: .melody(voices))
  }
}

/// The keys of the percussion kits (bank 128).
enum Percussion {
  static let bank = 128
  static let kits = [0, 8, 16]
  static let kicks = [35, 36]
  static let snares = [38, 40]
  static let toms = [41, 43, 45, 47, 48, 50]
  static let patterns = [42, 46, 51, 59]
  static let crashes = [49, 52, 55, 57]
}

/// The properties that all stems of a clip share.
package struct BandScore: Sendable, Equatable {
  /// Distinct indices into the classes that play.
  package let instruments: [Int]
  /// The number of classes that play in the data set.
  private let classes: Int
  /// The length of the clip in s.
  let seconds: Double
  /// Half a beat in s.
  let step: Double
  /// The root, 0…11; 0 is C.
  let root: Int
  /// The scale in semitones above the root.
  let scale: [Int]
  /// The value of controller 91 for every stem.
  let reverbSend: Int

  /// Draws a clip; the same generator must then draw its stems.
  package init(
    seconds: Double, classes: Int = BandClass.all.count, _ generator: inout Generator
  ) {
    self.seconds = seconds
    self.classes = classes
    instruments = BandScore.instruments(of: classes, &generator)
    step = 30 / generator.uniform(70, 150)
    root = generator.index(below: 12)
    scale = BandScore.scales[generator.index(below: BandScore.scales.count)]
    let isWet = generator.uniform() < 0.5
    let send = generator.uniform(10, 80)
    reverbSend = isWet ? Int(send.rounded()) : 0
  }

  /// Draws one to three distinct classes; of few classes, half of them at most.
  private static func instruments(
    of classes: Int, _ generator: inout Generator
  ) -> [Int] {
    let draw = generator.uniform()
    let count = min(draw < 0.35 ? 1 : draw < 0.75 ? 2 : 3, classes / 2)
    var remaining = Array(0..<classes)
    return (0..<count).map { _ in
      remaining.remove(at: generator.index(below: remaining.count))
    }
  }

  /// Major, natural minor, pentatonic.
  private static let scales = [
    [0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10], [0, 2, 4, 7, 9],
  ]

  /// [C]: 1 for the classes that play, 0 for the others.
  package var labels: [Float] {
    (0..<classes).map { instruments.contains($0) ? 1 : 0 }
  }
}
