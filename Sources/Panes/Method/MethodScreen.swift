import Canvas
import Lab

/// 2 Method: the recipe of the next run, and the runs of the session.
enum MethodScreen: ScreenModel {
  static let id = Screen.method
  static let summary = "method, model, settings, runs"

  static let panes = [
    PaneModel(
      .methods, lines: { $0.catalog.methods.count + $0.catalog.models.count },
      open: chooseMethod, view: MethodList.init),
    PaneModel(
      .form, lines: { shownFields($0).count }, open: editField,
      moved: {
        $0[.method].problem = nil
        return []
      }, orders: [.given, .name, ListOrder("c", "changed first")],
      view: RecipeForm.init),
    PaneModel(
      .runs, lines: { shownRuns($0).count },
      orders: [.given, .name, ListOrder("c", "score"), ListOrder("t", "state")],
      view: RunList.init),
    PaneModel(.explain, lines: { _ in 200 }, view: Explanation.init),
  ]

  static let actions = [
    Action(.edit, "edit", "change the field under the cursor", .of("e"), as: .edit, editField),
    Action(
      .initial, "default", "give the field its default value back", .of("u"), as: .undo,
      resetField),
  ]

  static func primary(in bench: Workbench) -> Pane { .form }

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    if body.width < 100 {
      let columns = body.columns(.fixed(26), .share(1))
      let right = columns[1].rows(.share(1), .fixed(body.height >= 20 ? 7 : 0))
      return [(.methods, columns[0]), (.form, right[0]), (.runs, right[1])]
    }
    let columns = body.columns(.fixed(34), .share(4), .share(3))
    let right = columns[2].rows(.share(1), .share(1))
    return [
      (.methods, columns[0]), (.form, columns[1]), (.runs, right[0]), (.explain, right[1]),
    ]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    bench.offered([.open, .edit, .initial, .filter, .nextPane, .fullScreen])
  }

  static func typingHints(_ bench: Workbench) -> [Offer]? {
    guard bench[.method].edit != nil else { return nil }
    return [Offer("enter", "set", .key(.enter)), Offer("esc", "cancel", .key(.escape))]
  }

  static func type(_ key: Key, _ bench: inout Workbench) -> [Effect] { typeField(&bench, key) }

  static func moveAcross(_ step: Int, _ bench: inout Workbench) -> [Effect] {
    if bench.focused == .form { return changeChoice(&bench, by: step) }
    bench.focusNeighbour(step)
    return []
  }

  static func copied(_ bench: Workbench) -> String? { commandLine(bench) }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    switch news {
    case .begin:
      let ids = bench.catalog.methods.map(\.id)
      bench.cursors[.methods] = ids.firstIndex(of: bench.recipe.method) ?? 0
    case .dataset:
      bench[.method].counted = nil
      return settle(&bench)
    case .message(.parameters(let count)): bench[.method].parameters = count
    default: break
    }
    return []
  }
}

extension Screen {
  public static let method = Screen("Method")
}

extension Pane {
  static let methods = Pane("methods"), form = Pane("form")
  static let runs = Pane("runs"), explain = Pane("explain")
}

extension Action.ID {
  public static let showMethod = Screen.method.action
  public static let edit = Self("edit"), initial = Self("initial")
}

extension MethodScreen {
  /// The runs of the session that pass the filter.
  static func shownRuns(_ bench: Workbench) -> [RunSummary] {
    let filter = bench.filter(of: .runs)
    let found = bench.session.filter { filter.passes([$0.name, $0.method, $0.model, $0.state]) }
    switch bench.order(of: .runs) {
    case "n": return found.sorted { $0.name < $1.name }
    case "t": return found.sorted { ($0.state, $0.name) < ($1.state, $1.name) }
    case "c":
      let main = bench.columns(of: bench.sessionName).first ?? ""
      func score(_ run: RunSummary) -> Double { run.scores[main] ?? -.infinity }
      return found.sorted { (score($1), $0.name) < (score($0), $1.name) }
    default: return found
    }
  }
}

/// The runs of the session and how many remain.
struct RunList: ListView {
  let pane = Pane.runs
  let bench: Workbench

  var title: String {
    (bench.sessionName.map { "Runs · \($0)" } ?? "Runs") + bench.listMarks(.runs)
  }
  var note: String {
    let all = bench.session.count
    return all == 0 ? "" : "\(bench.remainingRuns) of \(all) remain"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let window = window(in: rect), runs = MethodScreen.shownRuns(bench)
    let rows = window.range.map { row(runs[$0], scores: rect.width < 66 ? 1 : 2) }
    // Names give way to scores: half a number says less than half a name.
    let scores = rows.compactMap { $0.last?.text.columns }.max() ?? 0
    let table = TableWidget(
      [
        .init("", .flexible), .init("", .fixed(9)),
        .init("", .fixed(max(scores, min(22, rect.width / 3)))),
      ],
      rows: rows,
      selection: window.selection, hasHeader: false,
      emptyText: bench.session.isEmpty ? "no runs yet; R adds the first" : "no match")
    grid.draw(table, in: rect)
  }

  /// The first scores of its session's table.
  private func row(_ run: RunSummary, scores count: Int) -> [StyledText] {
    let isOn = run.name == bench.run.run && bench.isTraining
    let state = isOn ? "training" : run.state == "absent" ? "to do" : run.state
    let scores = ids(run).prefix(count).compactMap { id in
      run.scores[id].map { "\(ScoreOrder.short(id)) \($0.fixed(3))" }
    }
    return [
      StyledText(run.name), StyledText(state, isOn ? .good : .muted),
      StyledText(scores.joined(separator: " ")),
    ]
  }

  private func ids(_ run: RunSummary) -> [String] {
    ScoreOrder.sorted(Array(run.scores.keys), after: bench.columns(of: bench.sessionName))
  }
}
