import Canvas
import Lab

/// What is chosen on 5 Missing.
struct MissingState: ScreenState {
  enum View: String, Sendable, CaseIterable {
    case given
    case masked = "after mask"
    case teacher = "teacher belief"
    case truth
  }
  static let bins: [Int?] = [nil, 1, 4, 16, 64]

  var view = View.given
  /// Clips a column; nil fits the whole data set into the pane.
  var bin: Int?
  var byMissing = false
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

/// The map of missing labels: its sums, and the way from a cell to the clips behind it.
extension Workbench {
  var missing: MissingState {
    get { states[MissingState.self] }
    _modify { yield &states[MissingState.self] }
  }

  /// Class indices in the order of the map.
  var mapClasses: [Int] {
    guard let dataset else { return [] }
    return missing.order.sorted(dataset.classes, dataset.counts)
  }

  /// Clips a column: as chosen, or so that the whole data set fits the map's width.
  var binSize: Int { binSize(columns: MissingMap.columns(in: size.width)) }

  func binSize(columns: Int) -> Int {
    missing.bin ?? max(1, (missing.clips.count + columns - 1) / max(1, columns))
  }

  /// Makes the running sums anew: the data set or the order of the clips has changed.
  mutating func resum() {
    missing.isStale = false
    guard let dataset else { return }
    var order = dataset.trainingClips
    if missing.byMissing {
      let counts = dataset.clips.map { $0.labels.count { $0 == .missing } }
      order.sort { (-counts[$0], $0) < (-counts[$1], $1) }
    }
    missing.clips = order
    missing.given = LabelSums(classes: dataset.classes.count, clips: order.count) { c, n in
      let labels = dataset.clips[order[n]].labels
      return c < labels.count ? labels[c] : .missing
    }
    missing.truth =
      !dataset.hasTruth
      ? nil
      : LabelSums(classes: dataset.classes.count, clips: order.count) { c, n in
        let clip = dataset.clips[order[n]]
        if let truth = clip.truth, c < truth.count { return truth[c] ? .positive : .negative }
        return c < clip.labels.count ? clip.labels[c] : .missing
      }
    remask()
  }

  /// Answers have changed labels since the map was summed.
  mutating func resumStale() {
    if missing.isStale { resum() }
  }

  /// The view that is drawn: the chosen one or, every other second, the one beside it.
  var missingView: MissingState.View {
    missing.blinks && Int(now) % 2 == 1 ? missing.beside : missing.view
  }

  mutating func flipView() -> [Effect] {
    missing.beside = missing.view
    missing.view = missing.view.next
    return askTeacher()
  }

  mutating func changeBin() -> [Effect] {
    let all = MissingState.bins
    missing.bin = all[((all.firstIndex(of: missing.bin) ?? 0) + 1) % all.count]
    return askTeacher()
  }

  mutating func reorderClips() -> [Effect] {
    missing.byMissing.toggle()
    missing.position = 0
    resum()
    return askTeacher()
  }

  /// The clips behind the cell under the cursor.
  mutating func openCell() -> [Effect] {
    let order = mapClasses
    guard let dataset, order.indices.contains(cursor(.map)) else { return noDataset() }
    let c = order[cursor(.map)]
    let range = cellRange
    dropPreview()
    cursors[.predictions] = c
    let title = "\(dataset.classes[c]) · clips \(range.lowerBound)-\(range.upperBound - 1)"
    let scope = ClipFilter.Scope(title: title, clips: Array(missing.clips[range]))
    return openClips(ClipFilter(scope: scope))
  }

  /// Positions of the clips in the column under the cursor.
  var cellRange: Range<Int> { cellRange(bin: binSize) }

  func cellRange(bin: Int) -> Range<Int> {
    let start = missing.position / bin * bin
    return min(start, missing.clips.count)..<min(start + bin, missing.clips.count)
  }

  // MARK: a masked label answered by hand

  /// The one masked label behind the cursor counts as no, an answer that the next run may learn
  /// from; where there is none but such an answer, that is taken back.
  mutating func unmask() -> [Effect] {
    guard let dataset, mapClasses.indices.contains(cursor(.map)) else {
      return said("no data set is open; 1 Data, then enter")
    }
    guard isOwnDataset else { return refuseAnswers() }
    let c = mapClasses[cursor(.map)]
    let cells = cellRange.map { Question.Cell(clip: missing.clips[$0], classIndex: c) }
    let masked = cells.filter { isMasked($0, dataset) && annotation.answer($0) == nil }
    if masked.count > 1 {
      return said("\(masked.count) masked labels here; b shows one clip a column")
    }
    guard let cell = masked.first else {
      guard let answered = cells.first(where: { annotation.answer($0) == .no }) else {
        return said("no masked label here; tab shows what a method masks")
      }
      return takeBack(answered, dataset)
    }
    annotation.pending[cell] = .no
    let (clip, name) = (dataset.clips[cell.clip].id, dataset.classes[c])
    say("\(name) in \(clip) counts as no; u takes it back, U on 4 Clips lets the next run learn it")
    let answer = LabelAnswer(clip: clip, className: name, value: .no, run: run.run)
    return [.engine(.labels(.answer(answer)))]
  }

  private func isMasked(_ cell: Question.Cell, _ dataset: OpenDataset) -> Bool {
    guard let mask = missing.mask, let number = trainingNumbers(dataset)[cell.clip] else {
      return false
    }
    return mask.scores[number * dataset.classes.count + cell.classIndex] != nil
  }

  /// The column of the map under the mouse.
  mutating func pointAtColumn(_ mouse: Mouse, _ rect: Rect) -> [Effect] {
    let map = MissingMap(bench: self, glyphs: .unicode)
    if let position = map.position(at: mouse.x, in: rect) { missing.position = position }
    return askTeacher()
  }

  // MARK: the mask

  /// Works the run's mask into the map: the mask, the data set or the order has changed.
  mutating func remask() {
    missing.masked = nil
    missing.mask = nil
    missing.history = []
    guard let dataset, let mask = run.mask, run.started?.classes == dataset.classes,
      run.started?.dataset == dataset.snapshot.id, let facts = MaskFacts(mask, dataset)
    else {
      missing.preview = nil
      return
    }
    let numbers = trainingNumbers(dataset), order = missing.clips, count = dataset.classes.count
    missing.mask = facts
    missing.history = run.masks.map {
      MaskMembership(epoch: $0.epoch, cells: Set($0.mask.masked.map(\.cell)))
    }
    let shown = missing.shownMask ?? facts
    missing.masked = LabelSums(classes: count, clips: order.count) { c, n in
      let labels = dataset.clips[order[n]].labels
      if c < labels.count, labels[c].isAnswered { return labels[c] }
      if shown.scores[(numbers[order[n]] ?? -1) * count + c] != nil { return .masked }
      return c < labels.count ? labels[c] : .missing
    }
  }

  /// From indices into the data set's clips to places among its training clips.
  func trainingNumbers(_ dataset: OpenDataset) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: dataset.trainingClips.enumerated().map { ($1, $0) })
  }

  // MARK: another share

  /// Whether the run that is shown was told this label.
  func isLabelled(_ state: LabelState) -> Bool {
    state.isObserved && (!state.isAnswered || annotation.isLearned)
  }

  /// What is masked of the missing labels now.
  private var maskedShare: Double? {
    guard let mask = run.mask else { return nil }
    let all = mask.candidates.reduce(0, +)
    return all > 0 ? Double(mask.cells.count) / Double(all) : nil
  }

  mutating func preview(by step: Int) -> [Effect] {
    guard let dataset, run.started?.method == "label-enhancing", let now = maskedShare else {
      return said("+ and - try another share on a run of label enhancing that has masked labels")
    }
    let here = missing.preview?.share ?? now
    let shares = MaskPreview.shares
    let next =
      step > 0 ? shares.first { $0 > here + 0.004 } : shares.last { $0 < here - 0.004 }
    guard let next else { return said("share \(here.fixed(2)) is as far as it goes") }
    missing.preview = MaskPreview(self, share: next)
    missing.view = .masked
    remask()
    let total = dataset.trainingClips.count, most = AnnotationState.mostClips
    let wanted = (0..<min(total, most)).map { dataset.trainingClips[$0 * total / min(total, most)] }
    return ask(wanted.map { dataset.clips[$0].id })
  }

  /// The teacher has answered: the preview is worked out anew.
  mutating func refreshPreview() {
    guard let share = missing.preview?.share else { return }
    missing.preview = MaskPreview(self, share: share)
    remask()
  }

  mutating func dropPreview() {
    guard missing.preview != nil else { return }
    missing.preview = nil
    remask()
  }

  /// The share tried becomes that of the recipe.
  mutating func keepShare() -> [Effect] {
    guard let preview = missing.preview else { return said("+ and - try another share first") }
    guard recipe.method == "label-enhancing" else {
      return said("the recipe on 2 Method is of \(recipe.method); choose label enhancing there")
    }
    change("method.maskedShare", to: "\(preview.share)")
    if let problem = method.problem {
      say(problem, isWarning: true)
    } else {
      say("share \(preview.share.fixed(2)) is in the recipe; R on 2 Method adds a run with it")
    }
    return []
  }

  mutating func blink() -> [Effect] {
    missing.blinks.toggle()
    guard missing.blinks else { return said("the view stands still") }
    if missing.beside == missing.view { missing.beside = missing.view == .given ? .truth : .given }
    return said("\(missing.beside.rawValue) and \(missing.view.rawValue) take turns, a second each")
  }

  /// What became of the clip's masked labels, a sentence a class.
  func maskStories(of clip: ClipRow) -> [String] {
    guard let dataset, !missing.history.isEmpty, let index = dataset.places[clip.id],
      let n = dataset.trainingClips.firstIndex(of: index)
    else { return [] }
    return dataset.classes.indices.compactMap { c in
      MaskMembership.story(of: n * dataset.classes.count + c, missing.history)
        .map { "\(dataset.classes[c]): \($0)" }
    }
  }
}
