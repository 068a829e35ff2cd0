// The report of one run: its test, its curves, its classes.
import Formats
import Foundation
import Lab
import Metrics

public struct SingleRunReport {
  private let folder: RunFolder
  private let recipe: Recipe
  private let record: RunRecord
  private let state: RunState
  private let columns: [String]
  private var draft: PageDraft

  /// Reads the log; blocking. `columns`: the metrics that the run's session names, the main one
  /// first.
  ///
  /// - Throws: One line if the folder holds no run or its log cannot be read.
  public init(
    _ folder: RunFolder, columns: [String], _ executor: RunExecutor, _ options: ReportOptions
  ) throws {
    (self.folder, self.columns) = (folder, columns)
    draft = PageDraft(executor, options)
    recipe = try folder.readRecipe()
    record = try RunRecord(reading: folder)
    let events = try EventLog.read(folder.events)
    var state = RunState()
    for event in events.events { state.apply(event) }
    self.state = state
    if events.skipped > 0 {
      draft.remark("\(events.skipped) lines of the event log, which are no events.")
    }
  }

  /// Makes the page; blocking.
  ///
  /// - Throws: One line if the log or the recipe cannot be read.
  public consuming func page() throws -> ReportPage {
    draft.add("result", "Result", result)
    draft.add("curves", "Curves", [loss, validation].compactMap(\.self))
    draft.add("classes", "Classes", [classes].compactMap(\.self))
    draft.addLabels(of: recipe)
    if test != nil {
      draft.addClips(
        of: folder, "Test clips that the run predicts best, then those that it predicts worst.")
    }
    draft.add("settings", "Settings", try SettingsContent([record]).content)
    return draft.page(
      title: "\(record.summary.method) on \(recipe.dataset), \(folder.name)", lede: lede)
  }

  private var test: EvalEnd? { record.test(of: .result) }

  private var metric: String {
    Headline.metric(columns, among: test.map { Array($0.metrics.keys) } ?? [])
  }

  private var lede: String {
    let started = state.started
    let size = started.map { ", \($0.trainableParameters) trained parameters" } ?? ""
    let share = started.map {
      ", \(LabelBars.percent($0.observed, $0.entries)) of the training labels observed"
    }
    return "Model \(record.summary.model), seed \(record.summary.seed)\(size)\(share ?? ""). "
      + "State: \(record.summary.state)."
  }

  // MARK: sections

  private var result: [Markup] {
    guard let test else { return [.paragraph("The run has no test.")] }
    let headline = Headline(of: test, columns: columns)
    let networks = record.test.keys.sorted { a, _ in a == test.model }
    let ids = Set(record.test.values.flatMap(\.metrics.keys)).sorted {
      ($0 == metric ? 0 : 1, $0) < ($1 == metric ? 0 : 1, $1)
    }
    let rows = ids.map { id in
      [id] + networks.map { Self.score(record.test[$0], id) }
    }
    let caption =
      "Test scores; in brackets 95 % intervals by bootstrap over "
      + "\(headline.groups.map { "\($0) groups of clips" } ?? "clips"). They do not cover other "
      + "random seeds."
    return [
      .paragraph(words(headline)),
      .table(
        ["metric"] + networks, rows, numbers: Set(1..<(networks.count + 1)), strong: 0,
        caption: caption),
    ]
  }

  private func words(_ headline: Headline) -> String {
    let score = headline.value.map { $0.fixed(3) } ?? "undefined"
    let worst = headline.worst.map { "\($0.name) \($0.value.fixed(2))" }.joined(separator: ", ")
    return "\(headline.metric) of the \(headline.network) in the test: \(score), from "
      + "\(headline.clips) clips with \(headline.labels) observed labels."
      + (worst.isEmpty ? "" : " Lowest: \(worst).")
  }

  private static func score(_ end: EvalEnd?, _ id: String) -> String {
    guard let end, let value = end.metrics[id] else { return "–" }
    guard let range = end.intervals?[id] else { return value.fixed(3) }
    return "\(value.fixed(3)) [\(range.low.fixed(3)), \(range.high.fixed(3))]"
  }

  private static let mostPoints = 480

  private var loss: Figure? {
    var names = state.series.keys.filter { $0.hasPrefix("loss/") }.sorted()
    // The total of a single term is that term.
    if names.count == 2 { names.removeAll { $0 == "loss/total" } }
    let lines = names.compactMap { name -> PlotLine? in
      guard let series = state.series[name], series.count > 0 else { return nil }
      let points = series.thinned(to: Self.mostPoints).map { step, value in
        PlotLine.Point(
          x: Double(step), y: Double(value), low: Double(value), high: Double(value))
      }
      return PlotLine(name: String(name.dropFirst(5)), points: points)
    }
    return LinePlot(
      id: "loss", title: "Losses in training",
      caption: "The lowest and the highest value of each stretch of steps; a gap where a loss is "
        + "not finite.", x: "step", y: "loss", lines: lines
    ).figure
  }

  private var validation: Figure? {
    let networks = record.test.keys.sorted { a, _ in a == test?.model }
    let names = networks.isEmpty ? ["student"] : networks
    let lines = names.compactMap { network -> PlotLine? in
      guard let curve = record.curves["validation/\(network)/\(metric)"] else { return nil }
      let points = curve.map {
        PlotLine.Point(x: Double($0.epoch), y: $0.value, low: $0.value, high: $0.value)
      }
      return PlotLine(name: network, points: points)
    }
    return LinePlot(
      id: "validation", title: "\(metric) on validation clips", caption: "After each epoch.",
      x: "epoch", y: metric, lines: lines
    ).figure
  }

  private var classes: Figure? {
    guard let test else { return nil }
    let rows = test.perClass.map { part in
      DotRow(
        name: part.name, note: "\(part.positives)",
        dots: [part.ap, part.f1].map { value in
          value.map { DotRow.Dot(value: $0, low: $0, high: $0) }
        })
    }
    return DotPlot(
      id: "class-scores", title: "Each class in the test",
      caption: "Beside each class its positives.", axis: "score", series: ["AP", "F1"],
      rows: rows.sorted { ($0.dots[0]?.value ?? -1, $1.name) > ($1.dots[0]?.value ?? -1, $0.name) }
    ).figure
  }
}
