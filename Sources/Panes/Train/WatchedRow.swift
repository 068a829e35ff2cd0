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

extension WatchedRow {
  /// Classes shown of one clip: those where the models differ or that moved, observed ones first.
  private static let classesShown = 6

  static func all(_ bench: Workbench) -> [WatchedRow] {
    guard let dataset = bench.dataset else { return [] }
    let ids = Predictions.followed(bench)
    let room = ids.count == 1 ? dataset.classes.count : Self.classesShown
    let counting = counting(bench, dataset)
    return ids.flatMap { id -> [WatchedRow] in
      guard let index = dataset.clips.firstIndex(where: { $0.id == id }) else { return [] }
      let rows = dataset.classes.indices.map { row(bench, $0, index, dataset, counting) }
      return Array(rows.sorted { weight($0) > weight($1) }.prefix(room))
    }
  }

  private static func weight(_ row: WatchedRow) -> Float {
    let difference = row.student.flatMap { s in row.teacher.map { abs($0 - s) } } ?? 0
    return (row.label.isObserved ? 0.15 : 0) + difference + abs(row.moved ?? 0)
      - Float(row.classIndex) * 1e-6
  }

  private static func row(
    _ bench: Workbench, _ c: Int, _ index: Int, _ dataset: OpenDataset, _ counting: Counting
  ) -> WatchedRow {
    let clip = dataset.clips[index]
    let asked = bench.run.prediction("student", clip.id)?.probs[at: c]
    let before = bench[.clips].before["student/\(clip.id)"]?.probs[at: c]
    let label = bench[.missing].state(of: c, index, dataset)
    let isTraining = watchedPass(bench) == .training
    return WatchedRow(
      clip: clip.id, classIndex: c, label: label,
      student: isTraining ? trained(bench, .studentFwd, clip.id)?[at: c] : asked,
      teacher:
        isTraining
        ? trained(bench, .teacherFwd, clip.id)?[at: c]
        : bench.run.prediction("teacher", clip.id)?.probs[at: c],
      moved: asked.flatMap { now in before.map { now - $0 } },
      part: counting.part(clip.id, c, told(bench, label)))
  }

  // MARK: which pass

  /// Where the answers of all watched clips come from.
  enum WatchedPass: Sendable, Equatable {
    /// The pass that is trained on: the one that losses and "T - S" are made of.
    case training
    /// A request without dropout and augmentation, after that step.
    case asked(Int?)
  }

  /// `.training` if that pass saw all of the clips and the log holds its outputs.
  static func watchedPass(_ bench: Workbench) -> WatchedPass {
    let ids = Predictions.followed(bench)
    if !ids.isEmpty, ids.allSatisfy({ trained(bench, .studentFwd, $0) != nil }) { return .training }
    return .asked(ids.lazy.compactMap { bench.run.disagreements.step("student", $0) }.first)
  }

  /// The probabilities of a clip in a forward pass of the step.
  private static func trained(_ bench: Workbench, _ phase: PhaseChange.Name, _ clip: String)
    -> [Float]?
  {
    guard let told = bench.run.walk.first(where: { $0.phase == phase }), let answers = told.answers,
      let row = told.clips.firstIndex(of: clip)
    else { return nil }
    return answers[at: row]
  }

  // MARK: which cells count

  /// The entries of the batch that the first term counts, according to the log.
  struct Counting {
    var clips: Set<String> = []
    /// By clip, 1 for a class that counts; nil where the log does not say.
    var digits: [String: [Character]]?
    var countsAll = false

    func part(_ clip: String, _ c: Int, _ label: LabelState) -> Part {
      guard clips.contains(clip) else { return .absent }
      if countsAll { return .counted }
      guard let row = digits?[clip], c < row.count else { return .unknown }
      if row[c] == "1" { return .counted }
      return label == .missing ? .missing : label == .masked ? .masked : .left
    }
  }

  /// The term of the losses whose cells are told.
  static func watchedTerm(_ bench: Workbench) -> TermReport? {
    bench.run.walk.first { $0.phase == .losses }?.terms.first ?? bench.run.walk.last?.terms.first
  }

  private static func counting(_ bench: Workbench, _ dataset: OpenDataset) -> Counting {
    guard let walked = bench.run.walk.last else { return Counting() }
    var counting = Counting(clips: Set(walked.clips))
    guard let term = watchedTerm(bench) else { return counting }
    counting.digits = term.counted.map {
      Dictionary(zip(walked.clips, $0.map(Array.init)), uniquingKeysWith: { first, _ in first })
    }
    // A mean over all labels of the batch needs no list.
    let cells = walked.clips.count * dataset.classes.count
    counting.countsAll = term.denominator == cells && term.entries == cells
    return counting
  }

  /// Labels of the batch at hand.
  static func batchCounts(_ bench: Workbench, _ dataset: OpenDataset)
    -> LabelCounts
  {
    let wanted = Set(bench.run.walk.last?.clips ?? [])
    var counts = LabelCounts()
    for index in dataset.clips.indices where wanted.contains(dataset.clips[index].id) {
      for c in dataset.classes.indices {
        counts.add(
          told(bench, bench[.missing].state(of: c, index, dataset)))
      }
    }
    return counts
  }

  /// The label as the run knows it: answers given since are missing to it.
  private static func told(_ bench: Workbench, _ state: LabelState) -> LabelState {
    state.isAnswered && !bench[.annotation].isLearned ? .missing : state
  }
}

extension MissingState {
  /// The label of class `c` of the clip at `index`, masked where the mask says so.
  func state(
    of c: Int, _ index: Int, _ dataset: OpenDataset
  ) -> LabelState {
    let cell = dataset.trainingNumbers[index].map { $0 * dataset.classes.count + c }
    let isMasked = cell.map { mask?.scores[$0] != nil } ?? false
    return isMasked ? .masked : dataset.clips[index].label(of: c)
  }
}
