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
}
