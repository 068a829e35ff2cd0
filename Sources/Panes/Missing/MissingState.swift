import Canvas
import Formats
import Lab

/// What is chosen on 5 Missing.
struct MissingState: ScreenState {
  enum View: String, Sendable, CaseIterable {
    case given
    case masked = "after mask"
    case teacher = "teacher belief"
    case truth
  }
  enum ClipOrder: String, Sendable, CaseIterable {
    /// By the first class that is present, then by the second, so that each class is a block.
    case byClass = "by class"
    case dataset = "data set"
    case missing = "most missing first"
  }
  static let bins: [Int?] = [nil, 1, 4, 16, 64]

  var view = View.given
  /// Clips a column; nil fits the whole data set into the pane.
  var bin: Int?
  var clipOrder = ClipOrder.byClass
  var order = ClassOrder.dataset
  /// Position of the cursor in the order of the clips.
  var position = 0
  /// Clip indices in the order shown.
  var clips: [Int] = []
  var given: LabelSums?
  var truth: LabelSums?
  /// The given labels with the masked ones marked, and what there is to say of the mask.
  var masked: LabelSums?
  var mask: MaskFacts?
  /// The mask at another share, shown in place of the run's.
  var preview: MaskPreview?
  var shownMask: MaskFacts? { preview?.facts ?? mask }
  /// Every mask of the run, to say since when a cell is in it.
  var history: [MaskMembership] = []
  /// A label has changed since the sums were made.
  var isStale = false
  /// The view before this one, and whether the two take turns.
  var beside = View.given
  var blinks = false
}

extension StateKey<MissingState> {
  static var missing: Self { Self() }
}

/// The cells n · C + k of one mask.
struct MaskMembership: Sendable, Equatable {
  var epoch: Int
  var cells: Set<Int>

  /// "masked since epoch 3", "left the mask in epoch 8"; nil for a cell that never was in one.
  static func story(of cell: Int, _ history: [MaskMembership]) -> String? {
    var entered: Int?
    var text: String?
    for mask in history {
      let isIn = mask.cells.contains(cell)
      if isIn, entered == nil {
        entered = mask.epoch
        text = "masked since epoch \(mask.epoch)"
      } else if !isIn, let since = entered {
        entered = nil
        text = "masked from epoch \(since), left in epoch \(mask.epoch)"
      }
    }
    return text
  }
}

/// The map of missing labels: its sums, and opening the clips of a cell.
extension MissingScreen {
  /// Class indices in the order of the map.
  static func mapClasses(_ bench: Workbench) -> [Int] {
    guard let dataset = bench.dataset else { return [] }
    return bench[.missing].order.sorted(dataset.classes, dataset.counts)
  }

  /// The class under the cursor of the map.
  static func shownClass(_ bench: Workbench) -> Int? { mapClasses(bench)[at: bench.cursor(.map)] }

  /// Clips a column: as chosen, or so that the whole data set fits the map's width.
  static func binSize(_ bench: Workbench) -> Int {
    binSize(bench, columns: MissingMap.columns(in: bench.size.width))
  }

  static func binSize(_ bench: Workbench, columns: Int) -> Int {
    bench[.missing].bin ?? max(1, (bench[.missing].clips.count + columns - 1) / max(1, columns))
  }

  /// Computes the running sums again: the data set or the order of the clips has changed.
  static func resum(_ bench: inout Workbench) {
    bench[.missing].isStale = false
    guard let dataset = bench.dataset else { return }
    let order = sortedClips(dataset, bench[.missing].clipOrder)
    bench[.missing].clips = order
    bench[.missing].given = LabelSums(classes: dataset.classes.count, clips: order.count) { c, n in
      dataset.clips[order[n]].label(of: c)
    }
    bench[.missing].truth =
      !dataset.hasTruth
      ? nil
      : LabelSums(classes: dataset.classes.count, clips: order.count) { c, n in
        let clip = dataset.clips[order[n]]
        return clip.truth(of: c).map { $0 ? .positive : .negative } ?? clip.label(of: c)
      }
    remask(&bench)
  }

  private static func sortedClips(
    _ dataset: OpenDataset, _ order: MissingState.ClipOrder
  ) -> [Int] {
    let clips = dataset.trainingClips
    func sorted(_ key: (ClipRow) -> (Int, Int)) -> [Int] {
      let keys = clips.map { (key(dataset.clips[$0]), $0) }
      return keys.sorted { ($0.0.0, $0.0.1, $0.1) < ($1.0.0, $1.0.1, $1.1) }.map(\.1)
    }
    switch order {
    case .dataset: return clips
    case .missing: return sorted { (-$0.labels.count { $0 == .missing }, 0) }
    case .byClass:
      return sorted { clip in
        let present = clip.labels.indices.filter { clip.labels[$0].isPositive }
        return (present.first ?? .max, present.dropFirst().first ?? -1)
      }
    }
  }

  /// Answers have changed labels since the map was summed.
  static func resumStale(_ bench: inout Workbench) {
    if bench[.missing].isStale { resum(&bench) }
  }

  /// The view that is drawn: the chosen one or, while blinking, every other second `beside`.
  static func missingView(_ bench: Workbench) -> MissingState.View {
    bench[.missing].blinks && Int(bench.now) % 2 == 1
      ? bench[.missing].beside : bench[.missing].view
  }

  static func flipView(_ bench: inout Workbench) -> [Effect] {
    bench[.missing].beside = bench[.missing].view
    bench[.missing].view = bench[.missing].view.next
    return askTeacher(&bench)
  }

  static func changeBin(_ bench: inout Workbench) -> [Effect] {
    bench[.missing].bin = MissingState.bins.next(after: bench[.missing].bin)
    return askTeacher(&bench)
  }

  /// Opens the clips of the cell under the cursor on 4 Clips; puts the share that is tried into the
  /// recipe.
  static func openCell(_ bench: inout Workbench) -> [Effect] {
    if bench[.missing].preview != nil { return keepShare(&bench) }
    guard let dataset = bench.dataset, let c = shownClass(bench) else { return bench.noDataset() }
    let range = cellRange(bench)
    dropPreview(&bench)
    bench.cursors[.predictions] = c
    let title = "\(dataset.classes[c]) · clips \(range.lowerBound)-\(range.upperBound - 1)"
    let scope = ClipFilter.Scope(title: title, clips: Array(bench[.missing].clips[range]))
    return ClipScreen.openClips(&bench, ClipFilter(scope: scope))
  }

  /// Positions of the clips in the column under the cursor.
  static func cellRange(_ bench: Workbench) -> Range<Int> { cellRange(bench, bin: binSize(bench)) }

  static func cellRange(_ bench: Workbench, bin: Int) -> Range<Int> {
    let start = bench[.missing].position / bin * bin
    return min(start, bench[.missing].clips.count)..<min(start + bin, bench[.missing].clips.count)
  }

  // MARK: the teacher's belief

  /// Clips a column the teacher is asked about, so that a frame asks for some hundreds at most.
  static func sampled(columns: Int, bin: Int) -> Int {
    min(bin, max(1, Predictions.mostAsked / max(1, columns)))
  }

  /// Positions of the clips that stand for a column: evenly spread over it.
  static func sample(_ bench: Workbench, column: Int, bin: Int, _ count: Int) -> [Int] {
    let total = bench[.missing].clips.count
    return (0..<count).map { column * bin + $0 * bin / count }.filter { $0 < total }
  }

  /// Asks for what the belief view shows and does not have yet.
  static func askTeacher(_ bench: inout Workbench) -> [Effect] {
    guard bench.screen == .missing, bench[.missing].view == .teacher, bench.run.hasTeacher,
      let dataset = bench.dataset
    else { return [] }
    let columns = MissingMap.columns(in: bench.size.width)
    let bin = binSize(bench, columns: columns)
    let total = (bench[.missing].clips.count + bin - 1) / bin
    let across = ListWindow(cursor: bench[.missing].position / bin, count: total, rows: columns)
    let count = sampled(columns: across.range.count, bin: bin)
    let positions = across.range.flatMap { sample(bench, column: $0, bin: bin, count) }
    return Predictions.ask(&bench, positions.map { dataset.clips[bench[.missing].clips[$0]].id })
  }

  // MARK: a masked label answered by hand

  /// Answers the only masked label under the cursor with no, and the next run may learn from that.
  /// If it was answered so before, takes the answer back.
  static func unmask(_ bench: inout Workbench) -> [Effect] {
    guard let dataset = bench.dataset, let c = shownClass(bench) else { return bench.noDataset() }
    guard Annotation.isOwnDataset(bench) else { return Annotation.refuseAnswers(&bench) }
    let cells = cellRange(bench).map {
      LabelCell(clip: bench[.missing].clips[$0], classIndex: c)
    }
    let masked = cells.filter {
      isMasked(bench, $0, dataset) && bench[.annotation].answer($0) == nil
    }
    if masked.count > 1 {
      return bench.said("\(masked.count) masked labels here; b shows one clip a column")
    }
    guard let cell = masked.first else {
      guard let answered = cells.first(where: { bench[.annotation].answer($0) == .no }) else {
        return bench.said("no masked label here; v shows what a method masks")
      }
      return Annotation.takeBack(&bench, answered, dataset)
    }
    bench[.annotation].pending[cell] = .no
    let (clip, name) = (dataset.clips[cell.clip].id, dataset.classes[c])
    bench.say(
      "\(name) in \(clip) counts as no; u takes it back, U on 4 Clips lets the next run learn it")
    let answer = LabelAnswer(clip: clip, className: name, value: .no, run: bench.run.run)
    return [.engine(.labels(.answer(answer)))]
  }

  private static func isMasked(_ bench: Workbench, _ cell: LabelCell, _ dataset: OpenDataset)
    -> Bool
  {
    guard let mask = bench[.missing].mask, let number = dataset.trainingNumbers[cell.clip]
    else {
      return false
    }
    return mask.scores[number * dataset.classes.count + cell.classIndex] != nil
  }

  /// The column of the map under the mouse.
  static func pointAtColumn(_ bench: inout Workbench, _ mouse: Mouse, _ rect: Rect) -> [Effect] {
    let map = MissingMap(bench: bench)
    if let position = map.position(at: mouse.x, in: rect) { bench[.missing].position = position }
    return askTeacher(&bench)
  }

  // MARK: the mask

  /// Works the run's mask into the map: the mask, the data set or the order has changed.
  static func remask(_ bench: inout Workbench) {
    bench[.missing].masked = nil
    bench[.missing].mask = nil
    bench[.missing].history = []
    guard let dataset = bench.dataset, let mask = bench.run.mask,
      bench.run.started?.classes == dataset.classes,
      bench.run.started?.dataset == dataset.snapshot.id, let facts = MaskFacts(mask, dataset)
    else {
      bench[.missing].preview = nil
      return
    }
    let order = bench[.missing].clips, count = dataset.classes.count
    bench[.missing].mask = facts
    bench[.missing].history = bench.run.masks.map {
      MaskMembership(epoch: $0.epoch, cells: Set($0.mask.masked.map(\.cell)))
    }
    let shown = bench[.missing].shownMask ?? facts
    bench[.missing].masked = LabelSums(classes: count, clips: order.count) { c, n in
      let label = dataset.clips[order[n]].label(of: c)
      let number = dataset.trainingNumbers[order[n]] ?? -1
      return shown.scores[number * count + c] == nil || label.isAnswered ? label : .masked
    }
  }

  // MARK: another share

  /// Whether the run that is shown learns from this label.
  static func isLabelled(_ bench: Workbench, _ state: LabelState) -> Bool {
    state.isObserved && (!state.isAnswered || bench[.annotation].isLearned)
  }

  /// The share of the missing labels that is masked now.
  private static func maskedShare(_ bench: Workbench) -> Double? {
    guard let mask = bench.run.mask else { return nil }
    let all = mask.candidates.reduce(0, +)
    return all > 0 ? Double(mask.cells.count) / Double(all) : nil
  }

  static func preview(_ bench: inout Workbench, by step: Int) -> [Effect] {
    guard let dataset = bench.dataset, bench.run.started?.method == "label-enhancing",
      let now = maskedShare(bench)
    else {
      return bench.said(
        "+ and - try another share on a run of label enhancing that has masked labels")
    }
    let here = bench[.missing].preview?.share ?? now
    let shares = MaskPreview.shares
    let next =
      step > 0 ? shares.first { $0 > here + 0.004 } : shares.last { $0 < here - 0.004 }
    guard let next else { return bench.said("share \(here.fixed(2)) is the limit") }
    bench[.missing].preview = MaskPreview(bench, share: next)
    bench[.missing].view = .masked
    remask(&bench)
    let total = dataset.trainingClips.count, most = AnnotationState.mostClips
    let wanted = (0..<min(total, most)).map { dataset.trainingClips[$0 * total / min(total, most)] }
    return Predictions.ask(&bench, wanted.map { dataset.clips[$0].id })
  }

  /// Computes the preview again after new predictions of the teacher.
  static func refreshPreview(_ bench: inout Workbench) {
    guard let share = bench[.missing].preview?.share else { return }
    bench[.missing].preview = MaskPreview(bench, share: share)
    remask(&bench)
  }

  static func dropPreview(_ bench: inout Workbench) {
    guard bench[.missing].preview != nil else { return }
    bench[.missing].preview = nil
    remask(&bench)
  }

  /// The share tried becomes that of the recipe.
  static func keepShare(_ bench: inout Workbench) -> [Effect] {
    guard let preview = bench[.missing].preview else { return [] }
    guard bench.recipe.method == "label-enhancing" else {
      return bench.said(
        "the recipe on 2 Method is of \(bench.recipe.method); choose label enhancing there")
    }
    if let problem = bench.change("method.maskedShare", to: "\(preview.share)") {
      bench.say(problem, isWarning: true)
    } else {
      bench.say(
        "share \(preview.share.fixed(2)) is in the recipe; R on 2 Method adds a run with it")
    }
    return []
  }

  static func blink(_ bench: inout Workbench) -> [Effect] {
    bench[.missing].blinks.toggle()
    guard bench[.missing].blinks else { return bench.said("the views no longer alternate") }
    if bench[.missing].beside == bench[.missing].view {
      bench[.missing].beside = bench[.missing].view == .given ? .truth : .given
    }
    let (one, other) = (bench[.missing].beside.rawValue, bench[.missing].view.rawValue)
    return bench.said("\(one) and \(other) alternate every second")
  }

  /// The history of the clip's masked labels, one sentence per class.
  static func maskStories(_ bench: Workbench, of clip: ClipRow) -> [String] {
    guard let dataset = bench.dataset, !bench[.missing].history.isEmpty,
      let index = dataset.places[clip.id],
      let n = dataset.trainingClips.firstIndex(of: index)
    else { return [] }
    return dataset.classes.indices.compactMap { c in
      MaskMembership.story(of: n * dataset.classes.count + c, bench[.missing].history)
        .map { "\(dataset.classes[c]): \($0)" }
    }
  }

  /// The masked cells of the training clips: `clip,class,score,threshold,truth`.
  static func maskText(_ bench: Workbench) -> String? {
    guard let dataset = bench.dataset, let mask = bench[.missing].mask else { return nil }
    let count = dataset.classes.count
    let rows = mask.scores.sorted { $0.key < $1.key }.map { cell, score -> String in
      let (n, c) = cell.quotientAndRemainder(dividingBy: count)
      let clip = dataset.clips[dataset.trainingClips[n]]
      let threshold = mask.classes[c].threshold.map { "\($0)" } ?? ""
      let truth = clip.truth == nil ? "" : clip.truth(of: c) == true ? "1" : "0"
      return [
        CSVText.quoted(clip.id), CSVText.quoted(dataset.classes[c]), "\(score)", threshold, truth,
      ].joined(separator: ",")
    }
    return (["clip,class,score,threshold,truth"] + rows).joined(separator: "\n") + "\n"
  }
}
