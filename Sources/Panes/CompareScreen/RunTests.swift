import Canvas
import Lab

/// Whether the chosen runs differ from the reference, group by group: the difference, p, and how
/// many seeds and classes it rests on.
struct RunTests {
  let bench: Workbench

  /// "b1 - b0 +0.015 p .030" and what was paired: once where it is the same for all. Names give way
  /// to the numbers.
  func lines(_ width: Int, _ glyphs: GlyphSet) -> [StyledText] {
    let found = comparisons
    guard let first = found.first?.1 else { return [] }
    let isSame = found.allSatisfy { paired($0.1) == paired(first) }
    let rows = found.map { name, comparison -> StyledText in
      let mean = (comparison.mean > 0 ? "+" : "") + comparison.mean.fixed(3)
      let own = isSame ? "" : " \(paired(comparison))"
      let numbers = "\(mean) p \(Self.text(comparison.pValue))\(own)"
      let room = max(6, width - numbers.columns - 1)
      let shown = name.columns > room ? name.padded(to: room, ellipsis: glyphs.ellipsis) : name
      return StyledText("\(shown) \(numbers)")
    }
    let what = paired(first)
    let whose = lettersWhereSome ?? "paired"
    let note = what.columns + whose.columns + 2 > width ? what : "\(whose): \(what)"
    return rows + (isSame ? [StyledText(note, ink: .role(.muted))] : [])
  }

  /// "a-d" where the means above are of more runs than those that lie side by side, so that their
  /// differences are others.
  private var lettersWhereSome: String? {
    let own = bench.sessions.rows.first { $0.name == bench.sessionName }?.runs ?? []
    let done = own.filter { $0.summary.state == "done" }
    let groups = Set(bench.compared.map { bench.compare.group.name($0.summary) })
    let isPart = done.contains { row in
      groups.contains(bench.compare.group.name(row.summary))
        && !bench.compare.chosen.contains(row.folder)
    }
    let last = bench.compare.chosen.count - 1
    return isPart && last > 0 ? "a-\(RunMark.letter(last))" : nil
  }

  /// "5 seeds x 20 classes"; over classes alone nothing is said of other seeds.
  private func paired(_ comparison: RunComparison) -> String {
    guard comparison.seeds > 1 else { return "\(comparison.classes) classes; one seed" }
    let classes = comparison.classes > 1 ? " x \(comparison.classes) classes" : ""
    return "\(comparison.seeds) seeds\(classes)"
  }

  /// Of the chosen runs, each group that is not the reference's.
  private var comparisons: [(String, RunComparison)] {
    guard let base = bench.reference, let metric = bench.comparedMetric else { return [] }
    let group = bench.compare.group
    let reference = group.name(base.summary)
    var names: [String] = []
    for record in bench.compared where !names.contains(group.name(record.summary)) {
      names.append(group.name(record.summary))
    }
    func runs(_ name: String) -> [RunRecord] {
      bench.compared.filter { group.name($0.summary) == name }
    }
    return names.filter { $0 != reference }.compactMap { name in
      RunComparison(
        of: metric, runs(name), against: runs(reference), network: bench.compare.network
      ).map {
        ("\(name) - \(reference)", $0)
      }
    }
  }

  /// ".03", "<.001".
  private static func text(_ p: Double) -> String {
    p < 0.001 ? "<.001" : String(p.fixed(p < 0.1 ? 3 : 2).dropFirst(p < 1 ? 1 : 0))
  }
}
