import Lab

/// One class of a watched clip after a step.
struct WatchedRow: Sendable, Equatable {
  /// Whether the supervised term counts the cell, as far as its denominator tells.
  enum Part: Sendable, Equatable {
    case counted, missing, masked, absent, unknown

    var text: String {
      switch self {
      case .counted: "yes"
      case .missing: "no: missing"
      case .masked: "no: masked"
      case .absent: "not in batch"
      case .unknown: "-"
      }
    }

    var short: String {
      switch self {
      case .counted: "yes"
      case .missing, .masked, .absent: "no"
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
    func value(_ found: ClipPrediction?) -> Float? {
      found.flatMap { c < $0.probs.count ? $0.probs[c] : nil }
    }
    let student = value(prediction("student", clip.id))
    let before = value(clips.before["student/\(clip.id)"])
    let label = missing.state(of: c, index, dataset, trainingNumbers: counting.numbers)
    return WatchedRow(
      clip: clip.id, classIndex: c, label: label, student: student,
      teacher: value(prediction("teacher", clip.id)),
      moved: student.flatMap { now in before.map { now - $0 } },
      part: counting.clips.contains(clip.id) ? counting.part(told(label)) : .absent)
  }

  /// What the first term counts of the batch at hand.
  struct Counting {
    enum Rule { case all, observed, unmasked, unknown }
    var clips: Set<String> = []
    var rule = Rule.unknown
    var numbers: [Int: Int] = [:]

    func part(_ label: LabelState) -> WatchedRow.Part {
      switch (rule, label) {
      case (.unknown, .missing), (.unknown, .masked): .unknown
      case (.observed, .missing): .missing
      case (.observed, .masked), (.unmasked, .masked): .masked
      default: .counted
      }
    }
  }

  /// Told by the denominator: every cell, the observed ones, or all but the masked ones.
  private func counting(_ dataset: OpenDataset) -> Counting {
    guard let walked = run.walk.last else { return Counting() }
    var counting = Counting(clips: Set(walked.clips), numbers: trainingNumbers(dataset))
    let counts = batchCounts(dataset, counting.numbers)
    guard let term = walked.terms.first ?? run.terms.first else { return counting }
    switch term.denominator {
    case term.entries: counting.rule = .all
    case counts.observed: counting.rule = .observed
    case counts.total - counts.other: counting.rule = .unmasked
    default: break
    }
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
