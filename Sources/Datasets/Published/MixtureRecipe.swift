// Which recordings a mixture sums, before any sound is read: drawn within one fold.
import Autograd

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
