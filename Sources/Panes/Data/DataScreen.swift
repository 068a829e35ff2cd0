import Canvas
import Lab

/// 1 Data: data sets to open, the classes of the open one, its first clips.
enum DataScreen: ScreenModel {
  static let id = Screen.data
  static let summary = "data sets, classes, splits"

  static let panes = [
    PaneModel(
      .datasets, lines: { $0.catalog.datasets.count }, open: { $0.openDataset() },
      view: { DatasetList(bench: $0, glyphs: $1) }),
    PaneModel(
      .classes, lines: { $0.dataset?.classes.count ?? 0 },
      open: { $0.openClass($0.shownClasses, $0.cursor(.classes)) },
      view: { ClassTable(bench: $0, glyphs: $1) }),
    PaneModel(
      .sample, lines: { $0.dataset?.clips.count ?? 0 }, open: { $0.openSample() },
      view: { SampleList(bench: $0, glyphs: $1) }),
  ]

  static let actions = [
    Action(.classOrder, "sort", "order of the classes", .of("s"), on: [.data, .missing]) {
      $0.reorderClasses()
    }
  ]

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    if body.width < 100 {
      let columns = body.columns(.fixed(28), .share(1))
      guard body.height >= 20 else { return [(.datasets, columns[0]), (.classes, columns[1])] }
      let left = columns[0].rows(.share(1), .fixed(7))
      return [(.datasets, left[0]), (.classes, columns[1]), (.sample, left[1])]
    }
    let side = body.width < 160 ? 32 : 52
    let columns = body.columns(.fixed(34), .share(1), .fixed(side))
    return [(.datasets, columns[0]), (.classes, columns[1]), (.sample, columns[2])]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    bench.offered([.open, .nextPane, .classOrder, .fullScreen])
  }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    guard case .dataset = news else { return [] }
    for pane in [Pane.classes, .sample] { bench.cursors[pane] = 0 }
    return []
  }
}

extension Screen {
  public static let data = Screen("Data")
}

extension Pane {
  static let datasets = Pane("datasets"), classes = Pane("classes"), sample = Pane("sample")
}

extension Action.ID {
  public static let showData = Screen.data.action
  public static let classOrder = Self("classOrder")
}

struct DataState: ScreenState {
  var order = ClassOrder.dataset
}

extension Workbench {
  var data: DataState {
    get { states[DataState.self] }
    _modify { yield &states[DataState.self] }
  }

  /// Class indices in the order of the screen.
  var shownClasses: [Int] {
    guard let dataset else { return [] }
    return data.order.sorted(dataset.classes, dataset.counts)
  }

  /// Here and on 5 Missing, each with an order of its own.
  fileprivate mutating func reorderClasses() -> [Effect] {
    if screen == .missing {
      missing.order = missing.order.next
    } else {
      data.order = data.order.next
    }
    return askTeacher()
  }

  fileprivate mutating func openDataset() -> [Effect] {
    guard catalog.datasets.indices.contains(cursor(.datasets)) else { return [] }
    guard !isTraining else {
      say("a run is training on \(recipe.dataset); S ends it first")
      return []
    }
    let id = catalog.datasets[cursor(.datasets)].id
    change("dataset.id", to: id)
    // Back on the session's own data set, which lies where the session says.
    if id == opening.dataset, recipe.dataset == id {
      for key in ["dataset.root", "dataset.patch"] where recipe[key] != opening[key] {
        if let own = opening[key] { change(key, to: own) }
      }
    }
    if let problem = method.problem {
      say(problem, isWarning: true)
      return []
    }
    return open()
  }

  fileprivate mutating func openSample() -> [Effect] {
    guard let dataset, !dataset.clips.isEmpty else { return noDataset() }
    let line = cursor(.sample)
    clips.filter = ClipFilter()
    refilter()
    cursors[.clipList] = line
    screen = .clips
    return lookAtClip()
  }

  /// The observed clips of a class, on 4 Clips.
  mutating func openClass(_ order: [Int], _ line: Int) -> [Effect] {
    guard let dataset, order.indices.contains(line) else { return noDataset() }
    let c = order[line]
    let found = dataset.clips.indices.filter { index in
      let labels = dataset.clips[index].labels
      return c < labels.count && labels[c] != .missing
    }
    cursors[.predictions] = c
    let scope = ClipFilter.Scope(title: "\(dataset.classes[c]) observed", clips: Array(found))
    return openClips(ClipFilter(scope: scope))
  }

  mutating func noDataset() -> [Effect] {
    say("no data set is open; 1 Data, then enter")
    return []
  }
}
