import Lab

/// A missing label of a training clip that a person may answer.
struct Question: Sendable, Equatable {
  /// Where it is: indices into the data set's clips and classes.
  struct Cell: Sendable, Hashable {
    var clip, classIndex: Int
  }

  var cell: Cell
  /// The larger, the sooner it is asked.
  var gain: Float
  var teacher: Float?
  var student: Float?

  /// What an answer is expected to teach, 0…1, from the teacher's probability t, the student's s,
  /// and p, the positives observed of each class:
  ///
  ///     gain = |2t − 1| · |t − s| · (1 + min p) / (1 + p)
  ///
  /// certainty of the teacher × disagreement of the two × rarity of the class. Where the teacher is
  /// sure and the student is not of its opinion, one of them is about to be wrong: an answer either
  /// corrects the teacher's strongest claim or gives the student a label it would not have guessed;
  /// and a label is worth more where there are few. Without a teacher it is the student's doubt,
  /// (1 − |2s − 1|) · rarity, which is uncertainty sampling (Lewis & Gale 1994,
  /// doi:10.1007/978-1-4471-2099-5_1); without a model, rarity alone.
  static func gain(teacher: Float?, student: Float?, rarity: Float) -> Float {
    switch (teacher, student) {
    case (let t?, let s?): abs(2 * t - 1) * abs(t - s) * rarity
    case (nil, let s?): (1 - abs(2 * s - 1)) * rarity
    case (_, nil): rarity
    }
  }

  /// Of each class, from its observed positives: the rarest is 1.
  static func rarities(_ counts: [LabelCounts]) -> [Float] {
    let fewest = counts.map(\.positive).min() ?? 0
    return counts.map { Float(1 + fewest) / Float(1 + $0.positive) }
  }
}

/// Asking for missing labels, and what was answered.
struct AnnotationState: ScreenState {
  /// Clips whose cells are ranked, and questions kept of them.
  static let mostClips = 512
  static let most = 200

  /// Whether the clip list holds questions instead of clips.
  var isOn = false
  var questions: [Question] = []
  /// Cells answered in this sitting, the newest last.
  var given: [Question.Cell] = []
  /// Sent and not in the file yet.
  var pending: [Question.Cell: LabelAnswer.Value] = [:]
  /// What the session's file holds of the open data set.
  var answers: [Question.Cell: LabelAnswer.Value] = [:]
  /// Where that file is; empty before the engine has said so.
  var file = ""
  /// Whether the run that is shown was trained with answers.
  var isLearned = false

  func answer(_ cell: Question.Cell) -> LabelAnswer.Value? { pending[cell] ?? answers[cell] }

  /// Answers of yes or no.
  var count: Int { answers.values.count { $0 != .open } }
}

/// Annotate mode: which missing labels to ask about, the answers, and the way back.
extension Workbench {
  var annotation: AnnotationState {
    get { states[AnnotationState.self] }
    _modify { yield &states[AnnotationState.self] }
  }

  /// The question under the cursor.
  var question: Question? {
    let place = cursor(.clipList)
    guard annotation.isOn, annotation.questions.indices.contains(place) else { return nil }
    return annotation.questions[place]
  }

  mutating func beginAnnotation() -> [Effect] {
    guard dataset != nil else { return said("no data set is open; 1 Data, then enter") }
    guard isOwnDataset else { return refuseAnswers() }
    annotation.isOn = true
    annotation.given = []
    clips.byDisagreement = false
    let wanted = askable
    cursors[.clipList] = 0
    askQuestions()
    if annotation.questions.isEmpty {
      annotation.isOn = false
      refilter()
      return said("no label is missing in the training clips shown")
    }
    return ask(wanted.map { dataset?.clips[$0].id ?? "" }) + pointAtQuestion()
  }

  /// Whether the open data set is the session's, to whose patch answers go.
  var isOwnDataset: Bool {
    opened.dataset == opening.dataset && opened["dataset.root"] == opening["dataset.root"]
  }

  mutating func refuseAnswers() -> [Effect] {
    said("answers belong to the session's data set, \(opening.dataset); open that first")
  }

  /// Back to the list of clips, at the clip last asked about.
  mutating func endAnnotation() -> [Effect] {
    let here = clip?.id
    annotation.isOn = false
    annotation.questions = []
    refilter()
    if let here, let dataset {
      cursors[.clipList] = clips.visible.firstIndex { dataset.clips[$0].id == here } ?? 0
    }
    let count = annotation.given.count
    say(count == 0 ? "nothing was answered" : "\(count) answered; U lets the next run learn them")
    return lookAtClip()
  }

  // MARK: ranking

  /// Training clips that pass the filter and lack a label; where they are many, evenly spread.
  private var askable: [Int] {
    guard let dataset else { return [] }
    let found = clips.filter.clips(of: dataset.snapshot).filter { index in
      let clip = dataset.clips[index]
      return clip.split == "train" && clip.labels.contains(.missing)
    }
    let most = AnnotationState.mostClips
    guard found.count > most else { return found }
    return (0..<most).map { found[$0 * found.count / most] }
  }

  /// Ranks anew. Questions up to the cursor stay where they are once one was answered or passed.
  mutating func askQuestions() {
    guard annotation.isOn, let dataset else { return }
    let place = cursor(.clipList)
    let isSettled = place > 0 || !annotation.given.isEmpty
    let kept = isSettled ? Array(annotation.questions.prefix(place + 1)) : []
    let known = Set(kept.map(\.cell))
    let new = ranked(dataset).filter { !known.contains($0.cell) }
    annotation.questions = Array((kept + new).prefix(max(kept.count, AnnotationState.most)))
    clips.visible = annotation.questions.map(\.cell.clip)
    if !isSettled { cursors[.clipList] = 0 }
  }

  /// Unanswered missing cells, the most worth first. Where some clips were predicted, those alone.
  private func ranked(_ dataset: OpenDataset) -> [Question] {
    let rarities = Question.rarities(dataset.counts)
    let all = askable.flatMap { index -> [Question] in
      let clip = dataset.clips[index]
      let student = prediction("student", clip.id)?.probs
      let teacher = prediction("teacher", clip.id)?.probs
      return clip.labels.indices.compactMap { c in
        let cell = Question.Cell(clip: index, classIndex: c)
        guard clip.labels[c] == .missing, annotation.answer(cell) == nil else { return nil }
        func value(_ probs: [Float]?) -> Float? { probs.flatMap { c < $0.count ? $0[c] : nil } }
        let (s, t) = (value(student), value(teacher))
        return Question(
          cell: cell, gain: Question.gain(teacher: t, student: s, rarity: rarities[c]),
          teacher: t, student: s)
      }
    }
    let predicted = all.filter { $0.student != nil }
    let pool = predicted.isEmpty ? all : predicted
    return pool.enumerated().sorted {
      ($1.element.gain, $0.offset) < ($0.element.gain, $1.offset)
    }.prefix(AnnotationState.most).map(\.element)
  }

  /// The clip's sound, and the class in the list of predictions.
  mutating func pointAtQuestion() -> [Effect] {
    if let question { cursors[.predictions] = question.cell.classIndex }
    return lookAtClip()
  }

  // MARK: answering

  mutating func answer(_ value: LabelAnswer.Value) -> [Effect] {
    guard let question, let dataset else {
      return said("a asks for missing labels first")
    }
    let cell = question.cell
    let (clip, name) = (dataset.clips[cell.clip].id, dataset.classes[cell.classIndex])
    annotation.given.removeAll { $0 == cell }
    annotation.given.append(cell)
    annotation.pending[cell] = value
    let word = value == .yes ? "yes" : value == .no ? "no" : "left open"
    say("\(name) in \(clip): \(word); u takes it back")
    let next = annotation.questions.indices.first {
      $0 > cursor(.clipList) && annotation.answer(annotation.questions[$0].cell) == nil
    }
    if let next { cursors[.clipList] = next }
    let answer = LabelAnswer(clip: clip, className: name, value: value, run: run.run)
    return [.engine(.labels(.answer(answer)))] + pointAtQuestion()
  }

  mutating func takeBack() -> [Effect] {
    guard annotation.isOn, let cell = annotation.given.popLast(), let dataset else {
      return said("nothing to take back; a asks for missing labels")
    }
    let effects = takeBack(cell, dataset)
    cursors[.clipList] = annotation.questions.firstIndex { $0.cell == cell } ?? cursor(.clipList)
    return effects + pointAtQuestion()
  }

  /// The label is missing again.
  mutating func takeBack(_ cell: Question.Cell, _ dataset: OpenDataset) -> [Effect] {
    annotation.pending[cell] = nil
    annotation.answers[cell] = nil
    self.dataset?.set(.missing, clip: cell.clip, class: cell.classIndex)
    missing.isStale = true
    if screen == .missing { resumStale() }
    let (clip, name) = (dataset.clips[cell.clip].id, dataset.classes[cell.classIndex])
    say("\(name) in \(clip) is missing again")
    return [.engine(.labels(.takeBack(clip: clip, className: name)))]
  }

  /// The session's answers have changed, or are known for the first time.
  mutating func take(_ found: [LabelAnswer], file: String) {
    annotation.file = file
    annotation.pending = [:]
    guard let known = dataset else { return }
    var answers: [Question.Cell: LabelAnswer.Value] = [:]
    for answer in found {
      guard let clip = known.places[answer.clip],
        let c = known.classes.firstIndex(of: answer.className)
      else { continue }
      answers[Question.Cell(clip: clip, classIndex: c)] = answer.value
    }
    let before = annotation.answers
    annotation.answers = answers
    for cell in Set(before.keys).union(answers.keys) where before[cell] != answers[cell] {
      let label = known.clips[cell.clip].labels[cell.classIndex]
      guard label == .missing || label.isAnswered else { continue }
      dataset?.set(
        answers[cell]?.state ?? .missing, clip: cell.clip, class: cell.classIndex)
      missing.isStale = true
    }
    if screen == .missing { resumStale() }
  }

  // MARK: what becomes of it

  mutating func exportQuestions() -> [Effect] {
    guard let dataset else { return said("no data set is open; 1 Data, then enter") }
    let list = annotation.isOn ? annotation.questions : ranked(dataset)
    guard !list.isEmpty else { return said("no label is missing in the training clips shown") }
    let lines = list.map { question in
      LabelQuestion(
        clip: dataset.clips[question.cell.clip].id,
        className: dataset.classes[question.cell.classIndex], gain: question.gain,
        teacher: question.teacher, student: question.student)
    }
    return [.engine(.labels(.export(lines)))]
  }

  /// Whether the next run learns from the answers too.
  mutating func toggleAnswers() -> [Effect] {
    let isOff = (recipe["dataset.patch"] ?? "").isEmpty
    guard !isOff || annotation.count > 0 else {
      return said("nothing is answered yet; a on 4 Clips asks for missing labels")
    }
    change("dataset.patch", to: isOff ? annotation.file : "")
    if let problem = method.problem {
      say(problem, isWarning: true)
    } else if isOff {
      say("the next run learns from \(annotation.count) answers too; R on 2 Method adds it")
    } else {
      say("the next run learns from the data set's labels alone")
    }
    return []
  }
}
