import Canvas
import Lab
import Metrics

/// The test predictions of a finished run, class by class: what is mistaken for what, precision and
/// recall, thresholds, and whether probabilities are shares: of one class, or of all together.
struct ReportOverlay: Overlay {
  enum View: String, CaseIterable {
    case mistakes, curve = "precision and recall", thresholds, reliability
  }

  let report: RunReport
  let classes: [ClassReport]
  let mistakes: ClassMistakes
  /// The class that is shown.
  var index = 0
  var view = View.mistakes
  /// Whether the reliability is that of all classes together.
  var showsAll = false
  /// Whether that is of the validation clips instead of the test's.
  var showsValidation = false

  /// Columns and rows of the text, for a frame of 80 × 24.
  private static let width = 74
  static let height = 17

  /// Throws `MetricError` if an observed score is not finite.
  init(_ report: RunReport) throws {
    self.report = report
    classes = try report.classes.indices.map { try ClassReport(report.labelled, class: $0) }
    mistakes = ClassMistakes(report.labelled, decided: try report.decisions())
  }

  /// Asks for the predictions of the run under the cursor; they come back as the overlay.
  static func open(_ bench: inout Workbench) -> [Effect] {
    let row =
      bench.screen == .sessions
      ? SessionScreen.chosenRun(bench) : CompareScreen.comparedRow(bench)
    guard let row else { return bench.said("d shows the run under the cursor class by class") }
    guard row.summary.state == "done" else {
      return bench.said("\(row.summary.name) is not done; its test predictions come at the end")
    }
    return [.engine(.sessions(.report(row.folder)))]
  }

  /// The predictions have come; nobody is interrupted elsewhere.
  static func show(_ report: RunReport, _ bench: inout Workbench) {
    guard [.compare, .sessions].contains(bench.screen), bench.overlay == nil else { return }
    guard report.labelled.clips > 0 else {
      return bench.say("\(report.run): none of its test clips is in the data set", isWarning: true)
    }
    do { bench.overlay = try ReportOverlay(report) } catch {
      bench.say("\(report.run): \(error)", isWarning: true)
    }
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    var overlay = self
    let last = classes.count - 1
    switch key {
    case .down, .character("j"): overlay.index = min(last, index + 1)
    case .up, .character("k"): overlay.index = max(0, index - 1)
    case .home, .character("g"): overlay.index = 0
    case .end, .character("G"): overlay.index = last
    case .right, .character("l"), .tab: overlay.view = View.allCases.next(after: view)
    case .left, .character("h"):
      overlay.view = Array(View.allCases.reversed()).next(after: view)
    case .character("a") where view == .reliability: overlay.showsAll.toggle()
    case .character("s") where view == .reliability && showsAll:
      overlay.showsValidation.toggle()
    case .escape, .character("q"), .character("d"):
      bench.overlay = nil
      return []
    default: return []
    }
    bench.overlay = overlay
    return []
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    guard let shown = classes[at: index] else { return nil }
    if view == .reliability, showsAll { return reliabilityBox(bench, place) }
    let width = min(Self.width, max(0, place.width - 4))
    let room = max(4, min(place.height - 2, Self.height)) - 3
    let page = ClassPage(
      report: report, mistakes: mistakes, shown: shown, index: index, width: width, rows: room,
      glyphs: bench.glyphs)
    let lines = [tabs, StyledText(page.facts), StyledText("")] + page.lines(of: view)
    let name = report.classes[index].visible.printable
    let filled = lines + Array(repeating: StyledText(""), count: max(0, room + 3 - lines.count))
    return Box(
      title: "\(report.run) \(report.network): \(name), \(index + 1) of \(classes.count)",
      note: note("j k class", bench),
      lines: filled.padded(to: width))
  }

  /// All classes together.
  private func reliabilityBox(_ bench: Workbench, _ place: Rect) -> Box {
    let width = min(Self.width, max(0, place.width - 4))
    let room = max(4, min(place.height - 2, Self.height)) - 1
    let page = ReliabilityPage(
      report.afterTraining, split: showsValidation ? "validation" : "test", width: width,
      glyphs: bench.glyphs)
    let lines = [tabs] + page.lines.prefix(room)
    let filled = lines + Array(repeating: StyledText(""), count: max(0, room + 1 - lines.count))
    let other = showsValidation ? "test" : "validation"
    return Box(
      title: "\(report.run) \(report.network): all \(classes.count) classes",
      note: note("s \(other)", bench),
      lines: filled.padded(to: width))
  }

  private func note(_ key: String, _ bench: Workbench) -> String {
    [key, "h l view", "esc"].joined(separator: " \(bench.glyphs.dot) ")
  }

  private var tabs: StyledText {
    let names = View.allCases.map { $0 == view ? "[\($0.rawValue)]" : " \($0.rawValue) " }
    let scope = view == .reliability ? " a \(showsAll ? "one class" : "all classes")" : ""
    return StyledText(names.joined(separator: " ") + scope, .title)
  }
}

extension Action.ID {
  public static let report = Self("report")
}
