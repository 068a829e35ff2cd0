import Canvas
import Lab

/// In how many cells teacher and student decide differently, epoch by epoch: means over the steps
/// of an epoch, the newest epochs last.
struct TeacherGapPane: PaneView {
  let bench: Workbench

  var title: String { "teacher \(bench.glyphs.pick("≠", "!=")) student" }
  var note: String { epochs(1).isEmpty ? "" : "% of cells" }

  static let series = "disagree/cells"

  func draw(in rect: Rect, on grid: inout Grid) {
    let shown = epochs(rect.height - 1)
    guard let most = shown.map(\.share).max() else {
      let text =
        bench.run.step == 0
        ? "after the first steps" : "this method does not compare them at each step"
      return grid.notice(text, in: rect)
    }
    let scale = Self.scale(most)
    for (row, epoch) in shown.enumerated() {
      let y = rect.y + row
      let number = (epoch.share * 100).fixed(1).padded(to: 5, .right)
      grid.text(
        [StyledText("epoch \(epoch.number)".padded(to: 10), .muted), StyledText(number)],
        x: rect.x + 1, y: y, maxWidth: rect.width - 2)
      let bar = Rect(x: rect.x + 18, y: y, width: max(0, rect.width - 20), height: 1)
      grid.bar(epoch.share / scale, in: bar, paint: .role(.teacher))
    }
    let end = "\((scale * 100).fixed(scale < 0.1 ? 1 : 0)) %"
    let y = rect.y + shown.count
    guard y < rect.bottom, rect.width > 24 else { return }
    grid.text("0", x: rect.x + 18, y: y, ink: .role(.faint))
    grid.text(end, x: rect.right - 2 - end.columns, y: y, ink: .role(.faint))
  }

  /// The next of 1, 2, 5, 10, 20, 50, 100 %.
  private static func scale(_ most: Double) -> Double {
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].first { most <= $0 } ?? 1
  }

  /// The last `count` epochs with a step, in order.
  private func epochs(_ count: Int) -> [(number: Int, share: Double)] {
    guard count > 0, let series = bench.run.series[Self.series],
      let stepsPerEpoch = bench.run.started?.stepsPerEpoch, stepsPerEpoch > 0
    else { return [] }
    var found: [(number: Int, sum: Double, steps: Int)] = []
    // From the newest step back, so that a long run costs no more than a short one.
    for i in series.steps.indices.reversed() where series.values[i].isFinite {
      let number = max(0, Int(series.steps[i]) - 1) / stepsPerEpoch + 1
      if found.last?.number != number {
        guard found.count < count else { break }
        found.append((number, 0, 0))
      }
      found[found.count - 1].sum += Double(series.values[i])
      found[found.count - 1].steps += 1
    }
    return found.reversed().map { ($0.number, $0.sum / Double($0.steps)) }
  }
}
