import Canvas
import Lab
import Metrics

/// One class of a run's report, as lines of text.
struct ClassPage {
  let report: RunReport
  let mistakes: ClassMistakes
  let shown: ClassReport
  let index: Int
  let width, rows: Int
  let glyphs: GlyphSet

  /// `12 present, 30 absent, 18 missing   threshold 0.41, chosen on validation`
  var facts: String {
    let missing = report.labelled.clips - shown.positives - shown.negatives
    let lost = report.lostClips > 0 ? ", \(report.lostClips.of("clip")) lost" : ""
    return "\(shown.positives) present, \(shown.negatives) absent, \(missing) missing\(lost)   "
      + rule
  }

  private var rule: String {
    if report.labelled.isSingleLabel { return "the highest class is chosen" }
    let origin = report.isCalibrated ? "chosen on validation" : "not calibrated"
    return "threshold \(threshold.fixed(2)), \(origin)"
  }

  private var threshold: Double { Double(report.thresholds[index]) }

  func lines(of view: ReportOverlay.View) -> [StyledText] {
    guard shown.positives + shown.negatives > 0 else {
      return [StyledText("no label of this class is observed in the test", .muted)]
    }
    return switch view {
    case .mistakes: mistakeLines
    case .curve: curveLines
    case .thresholds: thresholdLines
    case .reliability: reliabilityLines  // Of all classes: `ReliabilityPage`.
    }
  }

  // MARK: mistakes

  private var mistakeLines: [StyledText] {
    let (misses, alarms) = (mistakes.misses[index], mistakes.falseAlarms[index])
    let head =
      "found \(shown.positives - misses) of \(shown.positives), missed \(misses); "
      + "false alarms \(alarms) of \(shown.negatives)"
    let others = report.classes.indices.filter { $0 != index }
      .sorted { (-count($0), $0) < (-count($1), $1) }
    let names = min(24, max(11, report.classes.map(\.visible.printable.columns).max() ?? 0))
    let title = line("other class", ["together", "heard instead", "false alarms on"], names)
    let table = others.map { other in
      let numbers = [
        mistakes.together[index][other], mistakes.heardInstead[index][other],
        mistakes.falseAlarmsOn[index][other],
      ]
      return StyledText(
        line(report.classes[other].visible.printable, numbers.map(String.init), names),
        count(other) > 0 ? .text : .muted)
    }
    return [StyledText(head), StyledText(""), StyledText(title, .muted)] + cut(table, rows - 3)
  }

  /// Mistakes of the class with another one.
  private func count(_ other: Int) -> Int {
    mistakes.heardInstead[index][other] + mistakes.falseAlarmsOn[index][other]
  }

  private func line(_ name: String, _ cells: [String], _ names: Int) -> String {
    name.padded(to: names, ellipsis: glyphs.ellipsis)
      + zip(cells, [10, 15, 17]).map { $0.padded(to: $1, .right) }.joined()
  }

  private func cut(_ lines: [StyledText], _ room: Int) -> [StyledText] {
    guard lines.count > room, room > 0 else { return lines }
    let left = lines.count - room + 1
    return lines.prefix(room - 1) + [StyledText("and \(left) more", .muted)]
  }

  // MARK: curves

  private var curveLines: [StyledText] {
    let points = shown.points.filter { $0.recall != nil }
    guard !points.isEmpty else { return [StyledText("no clip is labelled present", .muted)] }
    let curve = Curve(
      "precision", letter: "p", x: points.map { $0.recall ?? 0 },
      y: points.map { $0.precision ?? 0 })
    let here = shown.at(report.thresholds[index])
    let words =
      "at the threshold: precision \(text(here.precision)), recall \(text(here.recall)), "
      + "F1 \(text(here.f1))"
    return [StyledText(words), StyledText("precision over recall", .muted)]
      + plot([curve], cursor: here.recall, xName: "recall", rows - 2)
  }

  private var thresholdLines: [StyledText] {
    // Decisions change in steps: each place has those of its own threshold.
    let points = (0...100).map { shown.at(Float($0) / 100) }
    func curve(_ name: String, _ value: (ClassReport.Point) -> Double?) -> Curve {
      Curve(
        name, x: points.map { Double($0.threshold) }, y: points.map { value($0) ?? .nan })
    }
    let best = shown.best.map {
      "; best in hindsight \(Double($0.threshold).fixed(2)): F1 \(text($0.f1))"
    }
    let here = shown.at(report.thresholds[index])
    return [
      StyledText("threshold \(threshold.fixed(2)): F1 \(text(here.f1))\(best ?? "")"),
      StyledText("precision p, recall r and F1 f over the threshold", .muted),
    ]
      + plot(
        [
          curve("precision") { $0.precision }, curve("recall") { $0.recall },
          curve("f1") { $0.f1 },
        ], cursor: threshold, xName: "threshold", rows - 2)
  }

  private func plot(
    _ curves: [Curve], cursor: Double?, xName: String, _ rows: Int
  ) -> [StyledText] {
    var grid = Grid(width: width, height: max(0, rows), glyphs: glyphs)
    let plot = LinePlot(
      curves, xRange: 0...1, yRange: 0...1, cursor: cursor, xName: xName,
      emptyText: "nothing to draw")
    grid.draw(plot, in: grid.bounds)
    return grid.lines.map { StyledText($0) }
  }

  // MARK: reliability

  private var reliabilityLines: [StyledText] {
    let bar = max(6, width - 44)
    let title = "probability     labels  predicted  observed"
    let table = shown.bins.map { bin in
      let place = "\(bin.low.fixed(1)) to \(bin.high.fixed(1))"
      let numbers =
        "\(bin.count)".padded(to: 10, .right) + text(bin.score).padded(to: 11, .right)
        + text(bin.share).padded(to: 10, .right)
      let drawn = bin.share.map { glyphs.bar($0, width: bar) } ?? ""
      return StyledText(
        place.padded(to: 12) + numbers + " " + drawn, bin.count < Self.fewest ? .muted : .text)
    }
    let error = shown.calibrationError.map { "calibration error \($0.fixed(3)), " } ?? ""
    return [
      StyledText("\(error)of the probabilities before scaling"), StyledText(title, .muted),
    ] + table.prefix(max(0, rows - 2))
  }

  /// Labels of a bin below which its share says little.
  private static let fewest = 5

  private func text(_ value: Double?) -> String { value?.fixed(2) ?? "-" }
}
