// The report of a comparison of methods on one's own recordings: the verdict on one page.
import Foundation
import Lab
import Metrics

public struct ComparisonReport {
  private let verdict: Verdict
  private let session: Session
  private var draft: PageDraft

  /// `session`: the one that holds the runs of the comparison.
  public init(
    _ verdict: Verdict, _ session: Session, _ executor: RunExecutor, _ options: ReportOptions
  ) {
    (self.verdict, self.session) = (verdict, session)
    draft = PageDraft(executor, options)
  }

  /// Makes the page; blocking.
  ///
  /// - Throws: One line if the log or the recipe of a run cannot be read.
  public consuming func page() throws -> ReportPage {
    draft.add("verdict", "Verdict", words)
    draft.add(
      "methods", "Methods", [scores?.html, table].compactMap(\.self),
      showing: [scores].compactMap(\.self))
    if let curve {
      let lines = verdict.curveSentences.map(Markup.paragraph)
      draft.add("curve", "More labels", [curve.html] + lines, showing: [curve])
    }
    draft.add(
      "classes", "Classes", [classes?.html, findings].compactMap(\.self),
      showing: [classes].compactMap(\.self))
    if let best = bestRun {
      draft.addClips(
        of: best,
        "Test clips of the last run of \(verdict.best?.title ?? "the best method"): those that it "
          + "predicts best, then those that it predicts worst.")
      draft.add(
        "settings", "Settings of the best method",
        try SettingsContent([RunRecord(reading: best)]).content)
    }
    for problem in verdict.facts.problems { draft.remark(problem) }
    return draft.page(title: "Which method fits \(verdict.facts.name)", lede: lede)
  }

  private var lede: String {
    let facts = verdict.facts
    return "\(facts.clips) clips of \(facts.groups) recordings, \(verdict.classes.count) classes, "
      + "\((100 * facts.observed).fixed(0)) % of the labels observed; "
      + "\(facts.foldsTested) of \(facts.folds) folds tested."
  }

  private var words: [Markup] {
    let next = verdict.next.map { step -> Markup in
      .tag("li", [.tag("code", step.command), .text(": \(step.purpose)")])
    }
    return [.tag("p", ["class": "lede"], verdict.headline)]
      + verdict.sentences.map(Markup.paragraph)
      + (verdict.tooLittle.isEmpty ? [] : [.tag("h3", "Too little to say")])
      + Markup.list(verdict.tooLittle)
      + (next.isEmpty ? [] : [.tag("h3", "Next"), .tag("ul", [:], next)])
  }

  private var scores: Figure? {
    DotPlot(
      id: "method-scores", title: "\(verdict.metricName) of each method",
      caption: "With 95 % intervals over \(verdict.unit).", axis: verdict.metricName,
      series: [verdict.metricName],
      rows: verdict.rows.map { row in
        DotRow(
          name: row.title, note: row.letter,
          dots: [.init(value: row.score, low: row.interval.low, high: row.interval.high)])
      }
    ).figure
  }

  private var table: Markup {
    let rows = verdict.rows.map { row in
      [
        row.title, row.score.fixed(3),
        "\(row.interval.low.fixed(3)) to \(row.interval.high.fixed(3))",
        row.averagePrecision?.fixed(3) ?? "–", row.words,
        row.versusBest?.corrected.fixed(3) ?? "", row.seconds.fixed(0),
      ]
    }
    return .table(
      ["method", verdict.metricName, "interval", "AP", "standing", "p", "seconds"], rows,
      numbers: [1, 2, 3, 5, 6], strong: 0,
      caption: verdict.notes.filter { $0 != LearningCurve.assumption }.joined(separator: " "))
  }

  private var curve: Figure? {
    guard let curve = verdict.curve else { return nil }
    let known = curve.points.map { point in
      PlotLine.Point(
        x: Double(point.labels), y: point.score, low: point.interval?.low ?? point.score,
        high: point.interval?.high ?? point.score)
    }
    var lines = [PlotLine(name: curve.method, points: known)]
    if let forecast = curve.forecast, let last = known.last {
      let to = PlotLine.Point(
        x: last.x + Double(forecast.more), y: forecast.to,
        low: forecast.from + forecast.interval.low, high: forecast.from + forecast.interval.high)
      lines.append(PlotLine(name: "forecast", points: [last, to]))
    }
    return LinePlot(
      id: "learning-curve", title: "\(verdict.metricName) over labels",
      caption: "\(LearningCurve.assumption)\(curve.basis.map { " Drawn \($0.words)." } ?? "")",
      x: "labels", y: verdict.metricName, lines: lines, hasMarks: true
    ).figure
  }

  private var classes: Figure? {
    DotPlot(
      id: "class-scores", title: "F1 of each class with the best method",
      caption: "With 95 % intervals; beside each class its positives.", axis: "F1",
      series: ["F1"],
      rows: verdict.findings.map { finding in
        let dot = finding.f1.map { value in
          DotRow.Dot(
            value: value, low: finding.interval?.low ?? value,
            high: finding.interval?.high ?? value)
        }
        return DotRow(name: finding.name, note: "\(finding.positives)", dots: [dot])
      }
    ).figure
  }

  private var findings: Markup {
    .table(
      ["class", "present", "absent", "F1", "what can be said"],
      verdict.findings.map { finding in
        [
          finding.name, "\(finding.positives)", "\(finding.negatives)",
          finding.f1?.fixed(2) ?? "–", finding.words,
        ]
      }, numbers: [1, 2, 3])
  }

  /// The run that the verdict names for the best method, in the folder of the session.
  private var bestRun: RunFolder? {
    guard let best = verdict.best, let path = verdict.facts.runs[best.name] else { return nil }
    let name = URL(fileURLWithPath: path).lastPathComponent
    let folder = RunFolder(session.folder.appendingPathComponent("runs/\(name)"))
    return folder.state == .done ? folder : nil
  }
}
