// The verdict of a comparison as lines of text, for the terminal and for files.
import Canvas
import Lab

/// Lines at most `width` columns wide, from 60 up.
package struct VerdictText {
  private let verdict: Verdict
  private let width: Int
  private let glyphs: GlyphSet

  package init(_ verdict: Verdict, width: Int, glyphs: GlyphSet) {
    (self.verdict, self.width, self.glyphs) = (verdict, max(60, width), glyphs)
  }

  /// Heading, methods, verdict, classes, learning curve, next commands, notes.
  package var lines: [[StyledText]] {
    let methods = MethodLines(verdict, width: width, glyphs: glyphs).lines
    let classes = ClassLines(verdict, width: width, glyphs: glyphs).lines
    let parts = [heading, methods, conclusion, classes, curve, next, notes]
    return Array(parts.filter { !$0.isEmpty }.joined(separator: [[]])).map(shown)
  }

  /// Without styles, for a terminal without Unicode in ASCII.
  package var plain: String {
    lines.map { $0.map(\.text).joined() }.joined(separator: "\n") + "\n"
  }

  private func shown(_ line: [StyledText]) -> [StyledText] {
    glyphs.isASCII ? line.map { StyledText($0.text.inASCII, ink: $0.ink) } : line
  }

  private var heading: [[StyledText]] {
    let facts = verdict.facts
    let name = facts.name.visible.printable
    let data =
      "\(facts.files.of("file")), \(verdict.classes.count) classes, \(facts.seconds.clock) of sound"
    let folds =
      facts.foldsTested < facts.folds
      ? "\(facts.foldsTested) of \(facts.folds) folds tested" : facts.folds.of("fold")
    let together = verdict.isGrouped ? "\(folds), clips of one recording together" : folds
    var lines: [[StyledText]] = [[StyledText(name, .title)]]
    let answers = facts.answers.map { ", \($0.of("more answer")) by hand" } ?? ""
    for part in [data, "\(facts.observed.percent) of labels answered\(answers)", together] {
      let used = lines[lines.count - 1].reduce(0) { $0 + $1.text.columns }
      if used + 3 + part.columns <= width {
        lines[lines.count - 1].append(StyledText("   \(part)"))
      } else {
        lines.append([StyledText("  \(part)")])
      }
    }
    return lines + (problems + verdict.tooLittle).flatMap { warning($0) }
  }

  private static let mostProblems = 5

  private var problems: [String] {
    let all = verdict.facts.problems
    let more = all.count - Self.mostProblems
    return all.prefix(Self.mostProblems) + (more > 0 ? ["and \(more) more problems"] : [])
  }

  private func warning(_ text: String) -> [[StyledText]] {
    text.visible.printable.wrapped(to: width - 2).enumerated().map { number, line in
      [StyledText(number == 0 ? "! " : "  ", .warn), StyledText(line)]
    }
  }

  private var conclusion: [[StyledText]] {
    let margin = "  "
    let label = "VERDICT"
    func lines(_ text: String, _ role: Role, after first: String) -> [[StyledText]] {
      let indent = String(repeating: " ", count: margin.count + label.count + 2)
      return text.visible.printable.wrapped(to: width - indent.count).enumerated().map { i, line in
        let start = i == 0 && !first.isEmpty
        guard start else { return [StyledText(indent), StyledText(line, role)] }
        return [
          StyledText(String(margin.dropLast())),
          StyledText(" \(first) ", ink: .role(.badge), paper: .role(.good)),
          StyledText(" \(line)", role),
        ]
      }
    }
    return lines(verdict.headline, .title, after: label)
      + verdict.sentences.flatMap { lines($0, .text, after: "") }
  }

  private var curve: [[StyledText]] {
    guard let curve = verdict.curve else { return [] }
    let points = curve.points.map { "\($0.labels.of("label")) \($0.score.fixed(2))" }
    let basis = curve.basis.map { ", \($0.words)" } ?? ""
    let title =
      "more labels  \(curve.method.visible.printable)\(basis): \(points.joined(separator: ", "))"
    return section(title, verdict.curveSentences)
  }

  private func section(_ title: String, _ sentences: [String]) -> [[StyledText]] {
    title.wrapped(to: width).map { [StyledText($0, .muted)] }
      + sentences.flatMap { sentence in
        sentence.visible.printable.wrapped(to: width - 2).map { [StyledText("  " + $0)] }
      }
  }

  private var next: [[StyledText]] {
    let steps = verdict.next
    guard !steps.isEmpty else { return [] }
    let commands = (steps.map(\.command.visible.printable.columns).max() ?? 0) + 4
    let lines = steps.flatMap { step -> [[StyledText]] in
      let (command, purpose) = (step.command.visible.printable, step.purpose.visible.printable)
      let first = StyledText("  \(command)", .accent)
      guard commands + purpose.columns <= width else {
        return [[first]] + purpose.wrapped(to: width - 4).map { [StyledText("    \($0)")] }
      }
      return [[StyledText(first.text.padded(to: commands), .accent), StyledText(purpose)]]
    }
    return [[StyledText("next", .faint)]] + lines
  }

  private var notes: [[StyledText]] {
    verdict.notes.flatMap { $0.wrapped(to: width) }.map { [StyledText($0, .muted)] }
  }
}

extension String {
  /// Every character that is not ASCII replaced.
  fileprivate var inASCII: String {
    var grid = Grid(width: columns, height: 1, glyphs: .ascii)
    grid.text(self, x: 0, y: 0)
    grid.replaceNonASCII()
    return String(grid.cells.filter { $0.width > 0 }.map(\.glyph))
  }
}
