import Canvas
import Formats
import Foundation
import Lab
import Output

/// What a finished run has to say at its end: the headline, or every score, and what comes next.
struct ResultText {
  let folder: RunFolder
  /// The metrics that the run's session names; may be empty.
  var columns: [String] = []
  /// Every score of every network instead of the headline alone.
  var showsAll = false

  /// The headline, the worst classes, and with `showsAll` every score.
  func lines() throws -> [String] {
    guard let headline = try folder.headline(columns: columns) else {
      let learned = try folder.storedRecipe()?.learnsLabels ?? true
      return [learned ? "no test clip, so no score" : "no label was used, so no score"]
    }
    let lines = headline.lines.map(\.visible)
    guard showsAll else { return lines }
    let tests = try folder.tests()
    let coverage = tests.last?.coverage.map { [$0] } ?? []
    return lines + ["", Self.table(tests)] + coverage
  }

  /// `next: scant suggest …` where labels are missing, else `next: scant predict …`. `path`: of the
  /// run or its session, for suggestions.
  func next(suggesting path: String) throws -> String {
    if try folder.storedRecipe()?.learnsLabels == false {
      let weights = RunFolder(folder.url).best.path
      return "next: scant train --set model.weights=\(weights.forShell)".visible
    }
    let started = try folder.started()
    if let started, started.observed < started.entries {
      return "next: scant suggest \(path.forShell) --out to-label.csv".visible
    }
    return "next: scant predict \(folder.url.fromHere.forShell) SOUNDS".visible
  }

  /// Split and network down, metrics across.
  private static func table(_ tests: [EvalEnd]) -> String {
    let ids = Set(tests.flatMap(\.metrics.keys)).sorted()
    var table = ConsoleTable(["split", "model"] + ids, numbers: Set(2..<2 + ids.count))
    for end in tests.sorted(by: { $0.model < $1.model }) {
      table.append([end.split, end.model] + ids.map { end.metrics[$0]?.fixed(4) ?? "" })
    }
    return table.text
  }
}
