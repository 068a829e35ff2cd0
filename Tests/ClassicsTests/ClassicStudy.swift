// How well a family of learners does on folds it has not seen, its settings chosen without them.
import Classics

/// Cross-validation over given folds. For every fold the candidate is taken that does best in a
/// cross-validation among the other folds (the first of equal ones), fitted on all of those, and
/// asked about the fold: nothing of a fold is known when its settings are chosen (Varma, Simon
/// 2006, doi:10.1186/1471-2105-7-91).
struct ClassicStudy: Sendable, Equatable {
  /// Share of right decisions, by fold in rising order.
  let accuracies: [Double]
  /// Which candidate each fold chose.
  let chosen: [Int]
  /// Over all rows.
  let accuracy: Double

  init(
    _ examples: Examples, owners: [Int], classes: Int, folds: [Int],
    candidates: [ClassicLearner]
  ) throws(ClassicError) {
    let task = Task(examples: examples, owners: owners, classes: classes, folds: folds)
    let names = Set(folds).sorted()
    guard folds.count == examples.rows, owners.count == examples.rows, names.count > 2,
      !candidates.isEmpty
    else { throw ClassicError("\(names.count) folds; expected one a row and at least 3") }
    var (accuracies, chosen, total) = ([Double](), [Int](), 0)
    for fold in names {
      let index = try task.choice(candidates, without: fold, of: names)
      let test = task.rows { $0 == fold }
      let hits = try task.right(candidates[index], task.rows { $0 != fold }, test)
      accuracies.append(Double(hits) / Double(test.count))
      chosen.append(index)
      total += hits
    }
    (self.accuracies, self.chosen) = (accuracies, chosen)
    accuracy = Double(total) / Double(examples.rows)
  }
}

/// The rows, and what is asked about them.
private struct Task {
  let examples: Examples
  let owners: [Int]
  let classes: Int
  let folds: [Int]

  func rows(_ isIn: (Int) -> Bool) -> [Int] { folds.indices.filter { isIn(folds[$0]) } }

  /// How many test rows a learner gets right after the training rows.
  func right(
    _ learner: ClassicLearner, _ train: [Int], _ test: [Int]
  ) throws(ClassicError) -> Int {
    let labels = try ClassicLabels(classOf: train.map { owners[$0] }, classes: classes)
    let model = try learner.fit(examples.choosing(train), labels)
    return zip(model.decisions(examples.choosing(test)), test).count { $0 == owners[$1] }
  }

  /// The best candidate among the other folds; the first of equal ones.
  func choice(
    _ candidates: [ClassicLearner], without fold: Int, of names: [Int]
  ) throws(ClassicError) -> Int {
    var best = (right: -1, index: 0)
    for (index, candidate) in candidates.enumerated() where candidates.count > 1 {
      var sum = 0
      for inner in names where inner != fold {
        sum += try right(candidate, rows { $0 != fold && $0 != inner }, rows { $0 == inner })
      }
      if sum > best.right { best = (sum, index) }
    }
    return best.index
  }
}
