import Lab

/// Classes, the missingness map, and the ways from a number to the clips behind it.
extension Workbench {
  /// Class indices in the order of the Data screen.
  var shownClasses: [Int] {
    guard let dataset else { return [] }
    return data.order.sorted(dataset.classes, dataset.counts)
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

  mutating func reorder(_ id: Action.ID) -> [Effect] {
    switch id {
    case .classOrder where screen == .missing: missing.order = missing.order.next
    case .classOrder: data.order = data.order.next
    case .flipView:
      let all = MissingState.View.allCases
      missing.beside = missing.view
      missing.view = all[((all.firstIndex(of: missing.view) ?? 0) + 1) % all.count]
    case .binSize:
      let all = MissingState.bins
      missing.bin = all[((all.firstIndex(of: missing.bin) ?? 0) + 1) % all.count]
    default:
      missing.byMissing.toggle()
      missing.position = 0
      resum()
    }
    return askTeacher()
  }

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

  mutating func openSample() -> [Effect] {
    guard let dataset, !dataset.clips.isEmpty else { return noDataset() }
    let line = cursor(.sample)
    clips.filter = ClipFilter()
    refilter()
    cursors[.clipList] = line
    screen = .clips
    return lookAtClip()
  }

  mutating func openClassScore() -> [Effect] {
    guard let dataset, let evaluation = classEvaluation else { return noDataset() }
    let names = worstClasses(evaluation).map(\.name)
    guard names.indices.contains(cursor(.classScores)),
      let c = dataset.classes.firstIndex(of: names[cursor(.classScores)])
    else { return noDataset() }
    return openClass([c], 0)
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

  private mutating func noDataset() -> [Effect] {
    say("no data set is open; 1 Data, then enter")
    return []
  }
}
