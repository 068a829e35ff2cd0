import Lab

/// One class of a watched clip after a step.
struct WatchedRow: Sendable, Equatable {
  /// Whether the first term's mean counts the cell.
  enum Part: Sendable, Equatable {
    /// `left`: observed, but not counted, as where another clip is mixed in.
    case counted, missing, masked, left, absent, unknown

    var text: String {
      switch self {
      case .counted: "yes"
      case .missing: "no: missing"
      case .masked: "no: masked"
      case .left: "no"
      case .absent: "not in batch"
      case .unknown: "-"
      }
    }

    var short: String {
      switch self {
      case .counted: "yes"
      case .missing, .masked, .left, .absent: "no"
      case .unknown: "-"
      }
    }
  }

  var clip: String
  var classIndex: Int
  var label: LabelState
  var student: Float?
  var teacher: Float?
  /// How far the student's (without one: the teacher's) answer moved since the answer before.
  var moved: Float?
  var part: Part
}

extension Workbench {
  /// Classes shown of one clip: those where the models differ or that moved, observed ones first.
  private static let classesShown = 6

  var watchedRows: [WatchedRow] {
    guard let dataset else { return [] }
    let ids = followed
    let room = ids.count == 1 ? dataset.classes.count : Self.classesShown
    let counting = counting(dataset)
    return ids.flatMap { id -> [WatchedRow] in
      guard let index = dataset.clips.firstIndex(where: { $0.id == id }) else { return [] }
      let rows = dataset.classes.indices.map { row($0, index, dataset, counting) }
      return Array(rows.sorted { weight($0) > weight($1) }.prefix(room))
    }
  }

  private func weight(_ row: WatchedRow) -> Float {
    let difference = row.student.flatMap { s in row.teacher.map { abs($0 - s) } } ?? 0
    return (row.label.isObserved ? 0.15 : 0) + difference + abs(row.moved ?? 0)
      - Float(row.classIndex) * 1e-6
  }

  private func row(
    _ c: Int, _ index: Int, _ dataset: OpenDataset, _ counting: Counting
  ) -> WatchedRow {
    let clip = dataset.clips[index]
    func value(_ found: [Float]?) -> Float? { found.flatMap { c < $0.count ? $0[c] : nil } }
    let asked = value(prediction("student", clip.id)?.probs)
    let before = value(clips.before["student/\(clip.id)"]?.probs)
    let label = missing.state(of: c, index, dataset, trainingNumbers: counting.numbers)
    let isTraining = watchedPass == .training
    return WatchedRow(
      clip: clip.id, classIndex: c, label: label,
      student: isTraining ? value(trained(.studentFwd, clip.id)) : asked,
      teacher: value(
        isTraining ? trained(.teacherFwd, clip.id) : prediction("teacher", clip.id)?.probs),
      moved: asked.flatMap { now in before.map { now - $0 } },
      part: counting.part(clip.id, c, told(label)))
  }

  // MARK: which pass

  /// Where the answers of all watched clips come from.
  enum WatchedPass: Sendable, Equatable {
    /// The pass that is trained on: the one that losses and "T - S" are made of.
    case training
    /// Asked without dropout and augmentation, behind that step.
    case asked(Int?)
  }

  /// The training pass where it saw all of the clips and the log holds its answers.
  var watchedPass: WatchedPass {
    let ids = followed
    if !ids.isEmpty, ids.allSatisfy({ trained(.studentFwd, $0) != nil }) { return .training }
    return .asked(ids.lazy.compactMap { run.disagreements.step("student", $0) }.first)
  }

  /// What a forward pass of the step answered about a clip.
  private func trained(_ phase: PhaseChange.Name, _ clip: String) -> [Float]? {
    guard let told = run.walk.first(where: { $0.phase == phase }), let answers = told.answers,
      let row = told.clips.firstIndex(of: clip), answers.indices.contains(row)
    else { return nil }
    return answers[row]
  }

  // MARK: which cells count

  /// What the first term counts of the batch at hand, as the log says.
  struct Counting {
    var clips: Set<String> = []
    var numbers: [Int: Int] = [:]
    /// By clip, 1 for a class that counts; nil where the log does not say.
    var digits: [String: [Character]]?
    var countsAll = false

    func part(_ clip: String, _ c: Int, _ label: LabelState) -> WatchedRow.Part {
      guard clips.contains(clip) else { return .absent }
      if countsAll { return .counted }
      guard let row = digits?[clip], c < row.count else { return .unknown }
      if row[c] == "1" { return .counted }
      return label == .missing ? .missing : label == .masked ? .masked : .left
    }
  }

  /// The term of the losses whose cells are told.
  var watchedTerm: TermReport? {
    run.walk.first { $0.phase == .losses }?.terms.first ?? run.walk.last?.terms.first
  }

  private func counting(_ dataset: OpenDataset) -> Counting {
    guard let walked = run.walk.last else { return Counting() }
    var counting = Counting(clips: Set(walked.clips), numbers: trainingNumbers(dataset))
    guard let term = watchedTerm else { return counting }
    counting.digits = term.counted.map {
      Dictionary(zip(walked.clips, $0.map(Array.init)), uniquingKeysWith: { first, _ in first })
    }
    // A mean over all labels of the batch needs no list.
    let cells = walked.clips.count * dataset.classes.count
    counting.countsAll = term.denominator == cells && term.entries == cells
    return counting
  }

  /// Labels of the batch at hand.
  func batchCounts(_ dataset: OpenDataset, _ numbers: [Int: Int]) -> LabelCounts {
    let wanted = Set(run.walk.last?.clips ?? [])
    var counts = LabelCounts()
    for index in dataset.clips.indices where wanted.contains(dataset.clips[index].id) {
      for c in dataset.classes.indices {
        counts.add(told(missing.state(of: c, index, dataset, trainingNumbers: numbers)))
      }
    }
    return counts
  }

  /// The label as the run knows it: answers given since are missing to it.
  private func told(_ state: LabelState) -> LabelState {
    state.isAnswered && !annotation.isLearned ? .missing : state
  }
}

extension MissingState {
  /// The label of class `c` of the clip at `index`, masked where the mask says so.
  func state(
    of c: Int, _ index: Int, _ dataset: OpenDataset, trainingNumbers: [Int: Int]
  ) -> LabelState {
    let labels = dataset.clips[index].labels
    if let mask, let n = trainingNumbers[index], mask.scores[n * dataset.classes.count + c] != nil {
      return .masked
    }
    return c < labels.count ? labels[c] : .missing
  }
}
