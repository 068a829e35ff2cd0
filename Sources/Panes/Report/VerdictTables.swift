// The two tables of a verdict: methods, and classes of the best one.
import Canvas
import Lab

/// Methods in their groups, with intervals drawn on one scale.
struct MethodLines {
  private let verdict: Verdict
  private let glyphs: GlyphSet
  private let names: Int
  private let scale: IntervalScale
  /// Narrow lines leave out AP.
  private let showsAP: Bool

  /// The widest name that is shown whole.
  private static let widestName = 24

  init(_ verdict: Verdict, width: Int, glyphs: GlyphSet) {
    (self.verdict, self.glyphs) = (verdict, glyphs)
    let rows = verdict.rows
    names = min(Self.widestName, max(6, rows.map(\.title.visible.printable.columns).max() ?? 0))
    // Group, name, score, interval; AP, time, words.
    let fixed = 4 + names + 2 + 8 + 2 + 9 + 2 + 2 + 6 + 2 + 8
    showsAP = width - fixed - 7 >= 12
    let room = width - fixed - (showsAP ? 7 : 0)
    scale = IntervalScale(
      rows.flatMap { [$0.interval.low, $0.interval.high] }
        + (verdict.baseline.map { [$0.score] } ?? []),
      width: min(60, max(6, room)))
  }

  var lines: [[StyledText]] {
    guard !verdict.rows.isEmpty else { return [] }
    let header = line(
      "    ", "method", verdict.metricName, "95 %", [StyledText(scale.ticks, .faint)], "AP", "time",
      StyledText("in words", .faint), .faint)
    return [header] + verdict.rows.indices.map { row($0) } + baseline
  }

  private func row(_ i: Int) -> [StyledText] {
    let row = verdict.rows[i]
    let interval = row.interval.low.fixed(2) + glyphs.pick("–", "-") + row.interval.high.fixed(2)
    let ink: Role = row.isBest ? .good : row.group == 0 ? .text : .muted
    let pieces = line(
      group(i), row.title.visible.printable, row.score.fixed(3), interval,
      scale.bar(row.score, row.interval.low, row.interval.high, ink: Self.role(i), glyphs),
      row.averagePrecision?.fixed(3) ?? "-", row.seconds.clock, StyledText(row.words, ink),
      row.isBest ? .title : .text)
    guard row.isBest, glyphs.hasPapers else { return pieces }
    return pieces.map { StyledText($0.text, ink: $0.ink, paper: .role(.selection)) }
  }

  /// A method's own colour, never that of student or teacher.
  private static func role(_ place: Int) -> Role {
    [.series2, .series5, .series4, .series3, .series7, .series6][place % 6]
  }

  private func line(
    _ group: String, _ name: String, _ score: String, _ interval: String, _ bar: [StyledText],
    _ ap: String, _ time: String, _ words: StyledText, _ role: Role
  ) -> [StyledText] {
    let title = name.padded(to: names, ellipsis: glyphs.ellipsis)
    return [
      StyledText(group, .accent), StyledText("\(title)  \(score.padded(to: 8, .right))  ", role),
      StyledText("\(interval.padded(to: 9))  ", .muted),
    ] + bar + [
      StyledText(
        (showsAP ? "  " + ap.padded(to: 5, .right) : "") + "  " + time.padded(to: 6, .right) + "  ",
        role == .title ? .text : role), words,
    ]
  }

  /// The letter beside the first of a group, and a bracket around all.
  private func group(_ i: Int) -> String {
    let rows = verdict.rows
    let isFirst = i == 0 || rows[i - 1].group != rows[i].group
    let isLast = i == rows.count - 1 || rows[i + 1].group != rows[i].group
    let bracket: Character =
      switch (isFirst, isLast) {
      case (true, true): glyphs.pick("╶", "-")
      case (true, false): glyphs.pick("╭", "|")
      case (false, false): glyphs.pick("│", "|")
      case (false, true): glyphs.pick("╰", "|")
      }
    return "\(isFirst ? rows[i].letter : " ") \(bracket) "
  }

  /// A pointer at its place on the scale.
  private var baseline: [[StyledText]] {
    guard let baseline = verdict.baseline else { return [] }
    let at = 4 + names + 2 + 8 + 2 + 9 + 2 + scale.column(baseline.score)
    let words = "\(baseline.name.visible.printable) \(baseline.score.fixed(2))"
    let space = String(repeating: " ", count: at)
    if scale.column(baseline.score) < scale.width / 2 || at < words.columns + 1 {
      return [[StyledText("\(space)\(glyphs.up) \(words)", .muted)]]
    }
    return [[StyledText("\(space.dropFirst(words.columns + 1))\(words) \(glyphs.up)", .muted)]]
  }
}

/// Classes of the best method, and what can be said about each.
struct ClassLines {
  private let verdict: Verdict
  private let glyphs: GlyphSet
  private let width, names: Int
  private let scale: IntervalScale

  /// The widest name that is shown whole, and the widest picture.
  private static let widestName = 18, widestBar = 30

  init(_ verdict: Verdict, width: Int, glyphs: GlyphSet) {
    (self.verdict, self.glyphs, self.width) = (verdict, glyphs, width)
    let found = verdict.findings
    names = min(Self.widestName, max(8, found.map(\.name.visible.printable.columns).max() ?? 0))
    scale = IntervalScale(
      found.flatMap { [$0.interval?.low, $0.interval?.high].compactMap { $0 } },
      width: min(Self.widestBar, max(10, width - names - 60)))
  }

  var lines: [[StyledText]] {
    guard let best = verdict.best else { return [] }
    let title = "\(best.title.visible.printable), 95 %"
      .padded(to: scale.width, ellipsis: glyphs.ellipsis)
    let header = [
      StyledText(
        "by class".padded(to: names) + "  positives    F1  \(title)  what can be said", .faint)
    ]
    return [header] + verdict.findings.flatMap { row($0) }
  }

  private func row(_ finding: ClassFinding) -> [[StyledText]] {
    let (mark, ink) = mark(finding.certainty)
    let name = finding.name.visible.printable.padded(to: names, ellipsis: glyphs.ellipsis)
    let isJudged = finding.certainty != .tooLittle
    let start = [
      StyledText("\(name)  "),
      StyledText("\(finding.positives)".padded(to: 9, .right), isJudged ? .text : .fault),
      StyledText("  \((finding.f1?.fixed(2) ?? "-").padded(to: 4, .right))  ", .title),
    ]
    let bar = scale.bar(
      finding.f1, finding.interval?.low, finding.interval?.high, ink: ink, glyphs)
    let used = names + 2 + 9 + 8 + scale.width + 4
    let words = finding.words.visible.printable.wrapped(to: max(12, width - used))
    return words.enumerated().map { number, text in
      number == 0
        ? start + bar + [StyledText("  \(mark) ", ink), StyledText(text)]
        : [StyledText(String(repeating: " ", count: used) + text)]
    }
  }

  private func mark(_ certainty: ClassFinding.Certainty) -> (Character, Role) {
    switch certainty {
    case .reliable: (glyphs.done, .good)
    case .likely, .weak: ("~", .warn)
    case .tooLittle: (glyphs.failed, .fault)
    }
  }
}
