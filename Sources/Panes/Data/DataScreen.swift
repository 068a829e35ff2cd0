import Canvas
import Lab
import Layers

/// 1 Data: data sets to open, the classes of the open one, its first clips.
enum DataScreen: ScreenModel {
  static let id = Screen.data
  static let summary = "data sets, classes, splits"

  static let panes = [
    PaneModel(
      .datasets, lines: { shownDatasets($0).count }, open: openDataset, orders: [.given, .name],
      view: DatasetList.init),
    PaneModel(
      .classes, lines: { shownClasses($0).count },
      open: { openClass(&$0, shownClasses($0), $0.cursor(.classes)) },
      orders: ClassOrder.allCases.map { ListOrder($0.key, $0.rawValue) },
      view: ClassTable.init),
    PaneModel(
      .sample, lines: { shownSample($0).count }, open: openSample, moved: lookAtSample,
      orders: [.given, .name, ListOrder("m", "missing labels")],
      view: SampleList.init),
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
    bench.offered([.open, .nextPane, .sort, .filter, .fullScreen])
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
}

extension DataScreen {
  /// Indices of the classes that pass the filter, in the order of the screen.
  static func shownClasses(_ bench: Workbench) -> [Int] {
    guard let dataset = bench.dataset else { return [] }
    let filter = bench.filter(of: .classes)
    return classOrder(bench).sorted(dataset.classes, dataset.counts).filter {
      filter.passes([dataset.classes[$0]])
    }
  }

  static func classOrder(_ bench: Workbench) -> ClassOrder {
    let key = bench.order(of: .classes)
    return ClassOrder.allCases.first { $0.key == key } ?? .dataset
  }

  /// The data sets that pass the filter.
  static func shownDatasets(_ bench: Workbench) -> [Card] {
    let filter = bench.filter(of: .datasets)
    let found = bench.catalog.datasets.filter { filter.passes([$0.id, $0.title, $0.summary]) }
    return bench.order(of: .datasets) == "n"
      ? found.sorted { ($0.title.lowercased(), $0.id) < ($1.title.lowercased(), $1.id) } : found
  }

  /// Indices of the clips that pass the filter, which is that of 4 Clips.
  static func shownSample(_ bench: Workbench) -> [Int] {
    guard let dataset = bench.dataset else { return [] }
    let words = bench.lists[.sample]?.words ?? ""
    let found =
      words.isEmpty
      ? Array(dataset.clips.indices) : ClipFilter(words: words).clips(of: dataset.snapshot)
    switch bench.order(of: .sample) {
    case "n": return found.sorted { (dataset.clips[$0].id, $0) < (dataset.clips[$1].id, $1) }
    case "m":
      let missing = found.map { dataset.clips[$0].labels.count { $0 == .missing } }
      return found.indices.sorted { (-missing[$0], $0) < (-missing[$1], $1) }.map { found[$0] }
    default: return found
    }
  }

  fileprivate static func openDataset(_ bench: inout Workbench) -> [Effect] {
    guard let card = shownDatasets(bench)[at: bench.cursor(.datasets)] else { return [] }
    var problem = bench.change("dataset.id", to: card.id)
    // Back on the session's own data set, whose folder and answers the session names.
    if [bench.opening.dataset, bench.recipe.dataset].allSatisfy({ $0 == card.id }) {
      for key in ["dataset.root", "dataset.patch"] where bench.recipe[key] != bench.opening[key] {
        if let own = bench.opening[key] { problem = bench.change(key, to: own) }
      }
    }
    if let problem { return bench.said(problem, isWarning: true) }
    let running = (bench.replay?.live ?? bench.run).started?.dataset
    if bench.isTraining, let running, running != card.id {
      bench.say("\(card.title); the run on \(running) continues")
    }
    return bench.open()
  }

  /// The clip under the cursor of the clips.
  static func sample(_ bench: Workbench) -> ClipRow? {
    shownSample(bench)[at: bench.cursor(.sample)].flatMap { bench.dataset?.clips[at: $0] }
  }

  /// Asks for the sound of the clip under the cursor, where it is drawn.
  fileprivate static func lookAtSample(_ bench: inout Workbench) -> [Effect] {
    guard SampleList.hasSound(at: bench.size), let clip = sample(bench),
      bench[.clips].inspected != clip.id
    else { return [] }
    bench[.clips].inspected = clip.id
    return [.engine(.inspect(clip: clip.id))]
  }

  fileprivate static func openSample(_ bench: inout Workbench) -> [Effect] {
    guard let dataset = bench.dataset, !dataset.clips.isEmpty else { return bench.noDataset() }
    guard let clip = shownSample(bench)[at: bench.cursor(.sample)] else {
      return bench.said("no clip matches the filter")
    }
    bench[.clips].filter = ClipFilter()
    ClipScreen.refilter(&bench)
    bench.cursors[.clipList] = bench[.clips].visible.firstIndex(of: clip) ?? 0
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
