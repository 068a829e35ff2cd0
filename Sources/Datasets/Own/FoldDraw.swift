// Folds of a folder that has none: drawn by class, whole groups at a time.
import Autograd
import Formats

/// Stratified, grouped folds: positives and negatives of each class are spread evenly over the
/// folds, the rarest first. The draw depends on the clips, their labels and the seed alone.
///
/// Paper: Sechidis et al. 2011, "On the stratification of multi-label data", ECML PKDD.
/// Differs: whole groups are placed; a class of one or two groups is given to training and test
/// first; ties go to folds in a fixed order.
struct FoldDraw {
  /// Folds are numbered from 1.
  static let count = 5
  /// The fold that is tested on: 20 % of the groups. The one before it is the validation split.
  let testFold: Int
  private let seed: Int
  /// Separates this random stream from others of the same seed.
  private static let stream = 0x666F_6C64

  /// `testFold`: nil is the last. Throws `Problem` where there is no such fold.
  init(testFold: Int?, seed: Int) throws {
    self.testFold = testFold ?? FoldDraw.count
    self.seed = seed
    guard (1...FoldDraw.count).contains(self.testFold) else {
      throw Problem(
        "dataset.testFold", "\(self.testFold); expected 1 to \(FoldDraw.count), as folds are drawn")
    }
  }

  /// `clips` in the splits that the draw gives. Groups without any label are trained on.
  func applied(to clips: [Clip]) -> [Clip] {
    let folds = folds(clips)
    return clips.map { clip in
      clip.moved(to: folds[clip.group ?? clip.id].map(split) ?? .train)
    }
  }

  private func split(of fold: Int) -> Split {
    let validation = (testFold + FoldDraw.count - 2) % FoldDraw.count + 1
    return fold == testFold ? .test : fold == validation ? .validation : .train
  }

  /// Folds in the order in which equal ones are filled. With the last fold as the test fold these
  /// are training, test, validation and the others; the folds are the same for every test fold.
  private static let order = [1, 5, 4, 2, 3]

  /// Fold by group, of the groups with a label.
  private func folds(_ clips: [Clip]) -> [String: Int] {
    var groups = evidence(clips)
    var left = groups.values.reduce(into: [Int](repeating: 0, count: width(clips))) { sum, counts in
      for (k, count) in counts.enumerated() where count > 0 { sum[k] += 1 }
    }
    var filled = [[Int]](repeating: left.map { _ in 0 }, count: FoldDraw.count + 1)
    var folds: [String: Int] = [:]
    while let k = left.indices.filter({ left[$0] > 0 }).min(by: { left[$0] < left[$1] }) {
      var generator = Generator(seed: seed, FoldDraw.stream, k)
      var members = groups.filter { $0.value[k] > 0 }.keys.sorted()
      generator.shuffle(&members)
      for name in members {
        guard let counts = groups.removeValue(forKey: name) else { continue }
        let fold = FoldDraw.order.min { filled[$0][k] < filled[$1][k] } ?? testFold
        folds[name] = fold
        for (k, count) in counts.enumerated() where count > 0 {
          filled[fold][k] += count
          left[k] -= 1
        }
      }
    }
    return folds
  }

  private func width(_ clips: [Clip]) -> Int { 2 * (clips.first?.labels.count ?? 0) }

  /// By group: how many of its clips have each class, then how many lack it.
  private func evidence(_ clips: [Clip]) -> [String: [Int]] {
    let none = [Int](repeating: 0, count: width(clips))
    var groups: [String: [Int]] = [:]
    for clip in clips where clip.labels.contains(where: { $0 != nil }) {
      for (k, label) in clip.labels.enumerated() {
        guard let label else { continue }
        groups[clip.group ?? clip.id, default: none][label >= 0.5 ? k : k + none.count / 2] += 1
      }
    }
    return groups
  }
}
