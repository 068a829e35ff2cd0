import Canvas
import Lab

/// 1 Data: data sets to open, the classes of the open one, its first clips.
enum DataScreen: ScreenModel {
  static let id = Screen.data
  static let summary = "data sets, classes, splits"

  static let panes = [
    PaneModel(
      .datasets, lines: { $0.catalog.datasets.count }, open: openDataset,
      view: DatasetList.init),
    PaneModel(
      .classes, lines: { $0.dataset?.classes.count ?? 0 },
      open: { openClass(&$0, shownClasses($0), $0.cursor(.classes)) },
      view: ClassTable.init),
    PaneModel(
      .sample, lines: { $0.dataset?.clips.count ?? 0 }, open: openSample,
      view: SampleList.init),
  ]

  static let actions = [
    Action(
      .classOrder, "sort", "order of the classes", .of("s"), on: [.data, .missing], reorderClasses)
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
    switch news {
    case .begin:
      let ids = bench.catalog.datasets.map(\.id)
      bench.cursors[.datasets] = ids.firstIndex(of: bench.recipe.dataset) ?? 0
    case .dataset: (bench.cursors[.classes], bench.cursors[.sample]) = (0, 0)
    default: break
    }
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

extension StateKey<DataState> {
  static var data: Self { Self() }
}

extension DataScreen {
  /// Class indices in the order of the screen.
  static func shownClasses(_ bench: Workbench) -> [Int] {
    guard let dataset = bench.dataset else { return [] }
    return bench[.data].order.sorted(dataset.classes, dataset.counts)
  }

  /// The next order of classes on this screen or on 5 Missing; each has its own.
  fileprivate static func reorderClasses(_ bench: inout Workbench) -> [Effect] {
    if bench.screen == .missing {
      bench[.missing].order = bench[.missing].order.next
    } else {
      bench[.data].order = bench[.data].order.next
    }
    return MissingScreen.askTeacher(&bench)
  }

  fileprivate static func openDataset(_ bench: inout Workbench) -> [Effect] {
    guard let card = bench.catalog.datasets[at: bench.cursor(.datasets)] else { return [] }
    guard !bench.isTraining else {
      return bench.said("a run is training on \(bench.recipe.dataset); S ends it first")
    }
    var problem = bench.change("dataset.id", to: card.id)
    // Back on the session's own data set, whose folder and answers the session names.
    if [bench.opening.dataset, bench.recipe.dataset].allSatisfy({ $0 == card.id }) {
      for key in ["dataset.root", "dataset.patch"] where bench.recipe[key] != bench.opening[key] {
        if let own = bench.opening[key] { problem = bench.change(key, to: own) }
      }
    }
    if let problem { return bench.said(problem, isWarning: true) }
    return bench.open()
  }

  fileprivate static func openSample(_ bench: inout Workbench) -> [Effect] {
    guard let dataset = bench.dataset, !dataset.clips.isEmpty else { return bench.noDataset() }
    let line = bench.cursor(.sample)
    bench[.clips].filter = ClipFilter()
    ClipScreen.refilter(&bench)
    bench.cursors[.clipList] = line
    bench.screen = .clips
    return ClipScreen.lookAtClip(&bench)
  }

  /// The observed clips of a class, on 4 Clips.
  static func openClass(_ bench: inout Workbench, _ order: [Int], _ line: Int) -> [Effect] {
    guard let dataset = bench.dataset, let c = order[at: line] else { return bench.noDataset() }
    let found = dataset.clips.indices.filter { dataset.clips[$0].label(of: c) != .missing }
    bench.cursors[.predictions] = c
    let scope = ClipFilter.Scope(title: "\(dataset.classes[c]) observed", clips: Array(found))
    return ClipScreen.openClips(&bench, ClipFilter(scope: scope))
  }
}
