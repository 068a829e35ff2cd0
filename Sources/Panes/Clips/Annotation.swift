import Lab

/// One label: indices into the data set's clips and classes.
struct LabelCell: Sendable, Hashable {
  var clip, classIndex: Int
}

/// A missing label of a training clip that a person may answer.
struct AnnotationQuestion: Sendable, Equatable {
  var cell: LabelCell
  /// The larger, the sooner it is asked.
  var gain: Float
  var teacher: Float?
  var student: Float?
  /// Why, in words; empty where it was ranked on the screen.
  var reason = ""
}

/// Asking for missing labels, and what was answered.
struct AnnotationState: ScreenState {
  /// Clips whose cells are ranked, and questions kept of them.
  static let mostClips = 512
  static let most = 200

  /// Whether the clip list holds questions instead of clips.
  var isOn = false
  /// How the held run ranks them; nil where they are ranked on the screen.
  var rule: SuggestionRule?
  var questions: [AnnotationQuestion] = []
  /// Cells answered in this sitting, the newest last.
  var given: [LabelCell] = []
  /// Sent and not in the file yet.
  var pending: [LabelCell: LabelAnswer.Value] = [:]
  /// What the session's file holds of the open data set.
  var answers: [LabelCell: LabelAnswer.Value] = [:]
  /// What tags say of missing labels; nil without a confirmed mapping.
  var guesses: TagGuesses?
  /// Where that file is; empty before the engine has said so.
  var file = ""
  /// Whether the run that is shown was trained with answers.
  var isLearned = false

  func answer(_ cell: LabelCell) -> LabelAnswer.Value? { pending[cell] ?? answers[cell] }

  /// Answers of yes or no.
  var count: Int { answers.values.count { $0 != .open } }
}

extension StateKey<AnnotationState> {
  static var annotation: Self { Self() }
}

/// Annotate mode: which missing labels to ask about, the answers, and the way back.
enum Annotation {
  /// The question under the cursor.
  static func question(_ bench: Workbench) -> AnnotationQuestion? {
    guard bench[.annotation].isOn else { return nil }
    return bench[.annotation].questions[at: bench.cursor(.clipList)]
  }

  static func begin(_ bench: inout Workbench) -> [Effect] {
    guard bench.dataset != nil else { return bench.said("no data set is open; 1 Data, then enter") }
    guard isOwnDataset(bench) else { return refuseAnswers(&bench) }
    bench[.annotation].isOn = true
    bench[.annotation].given = []
    bench[.clips].order = .dataset
    let guess = [Effect.engine(.labels(.guess))]
    if bench.answering != nil || bench.canTakeLast { return askCheckpoint(&bench) + guess }
    let wanted = askable(bench)
    bench.cursors[.clipList] = 0
    rank(&bench)
    if bench[.annotation].questions.isEmpty {
      bench[.annotation].isOn = false
      ClipScreen.refilter(&bench)
      return bench.said("no label is missing in the training clips shown")
    }
    return Predictions.ask(&bench, wanted.map { bench.dataset?.clips[$0].id ?? "" })
      + pointAtQuestion(&bench) + guess
  }

  /// What tags say of the label that is asked for, 0…1.
  static func guess(_ bench: Workbench) -> Float? {
    guard let cell = question(bench)?.cell, let dataset = bench.dataset else { return nil }
    return bench[.annotation].guesses?[
      dataset.clips[cell.clip].id, dataset.classes[cell.classIndex]]
  }

  /// The held run, or the one that ended last, ranks the labels of all training clips.
  private static func askCheckpoint(_ bench: inout Workbench) -> [Effect] {
    bench[.clips].filter = ClipFilter()
    show(&bench, [])
    return Holding.takeLast(&bench) + suggest(&bench)
  }

  private static func suggest(_ bench: inout Workbench) -> [Effect] {
    let rule = bench[.held].rule ?? .usual(hasTeacher: bench.hasTeacher)
    bench[.annotation].rule = rule
    return [.engine(.held(.suggest(rule, count: AnnotationState.most)))]
  }

  private static func show(_ bench: inout Workbench, _ questions: [AnnotationQuestion]) {
    bench[.annotation].questions = questions
    bench[.clips].visible = questions.map(\.cell.clip)
    bench.cursors[.clipList] = 0
  }

  /// The ranking of the held run.
  static func take(
    _ bench: inout Workbench, _ found: [LabelSuggestion], by rule: SuggestionRule
  ) -> [Effect] {
    guard bench[.annotation].rule == rule, let dataset = bench.dataset else { return [] }
    show(
      &bench,
      found.compactMap { suggestion in
        guard let clip = dataset.places[suggestion.clip],
          let c = dataset.classes.firstIndex(of: suggestion.className)
        else { return nil }
        return AnnotationQuestion(
          cell: LabelCell(clip: clip, classIndex: c), gain: suggestion.score,
          teacher: suggestion.teacher, student: suggestion.student, reason: suggestion.reason)
      })
    guard bench[.annotation].questions.isEmpty else { return pointAtQuestion(&bench) }
    close(&bench)
    return bench.said("every label of the training clips is answered")
  }

  /// Rules of the held run, by which questions are sorted.
  static let orders: [Menu.Choice] = [
    .init("g", "gain: student and teacher differ, and the class is rare") { sort(&$0, by: .gain) },
    .init("u", "uncertainty: probability closest to the threshold") {
      sort(&$0, by: .uncertainty)
    },
    .init("d", "diversity: clips unlike the ones asked before") { sort(&$0, by: .diversity) },
  ]

  private static func sort(_ bench: inout Workbench, by rule: SuggestionRule) -> [Effect] {
    guard bench[.annotation].rule != nil else {
      return bench.said("these questions have one order; a on a finished run offers three")
    }
    bench[.held].rule = rule
    show(&bench, [])
    return suggest(&bench)
  }

  /// The list of clips again, from its start.
  static func close(_ bench: inout Workbench) {
    guard bench[.annotation].isOn else { return }
    (bench[.annotation].isOn, bench[.annotation].rule) = (false, nil)
    bench[.annotation].questions = []
    ClipScreen.refilter(&bench)
  }

  /// A run has started, perhaps with the answers of the session.
  static func begin(_ bench: inout Workbench, _ started: RunStarted) {
    do {
      bench[.annotation].isLearned = try started.recipe?.value().learnsAnswers ?? false
    } catch { bench.say("\(error)", isWarning: true) }
  }

  /// Whether the open data set is the session's, to whose patch answers go.
  static func isOwnDataset(_ bench: Workbench) -> Bool {
    bench.opened.dataset == bench.opening.dataset
      && bench.opened["dataset.root"] == bench.opening["dataset.root"]
  }

  static func refuseAnswers(_ bench: inout Workbench) -> [Effect] {
    bench.said(
      "answers belong to the session's data set, \(bench.opening.dataset); open that first")
  }

  /// Back to the list of clips, at the clip last asked about.
  static func end(_ bench: inout Workbench) -> [Effect] {
    let here = ClipScreen.clip(bench)?.id
    close(&bench)
    if let here, let dataset = bench.dataset {
      bench.cursors[.clipList] =
        bench[.clips].visible.firstIndex { dataset.clips[$0].id == here } ?? 0
    }
    let count = bench[.annotation].given.count
    bench.say(
      count == 0 ? "nothing was answered" : "\(count) answered; U lets the next run learn them")
    return ClipScreen.lookAtClip(&bench)
  }

  // MARK: ranking

  /// Training clips that pass the filter and lack a label; where they are many, evenly spread.
  private static func askable(_ bench: Workbench) -> [Int] {
    guard let dataset = bench.dataset else { return [] }
    let found = bench[.clips].filter.clips(of: dataset.snapshot).filter { index in
      let clip = dataset.clips[index]
      return clip.split == "train" && clip.labels.contains(.missing)
    }
    let most = AnnotationState.mostClips
    guard found.count > most else { return found }
    return (0..<most).map { found[$0 * found.count / most] }
  }

  /// Ranks again. Questions up to the cursor keep their place once one was answered or passed.
  static func rank(_ bench: inout Workbench) {
    guard bench[.annotation].isOn, bench[.annotation].rule == nil, let dataset = bench.dataset
    else { return }
    let place = bench.cursor(.clipList)
    let isSettled = place > 0 || !bench[.annotation].given.isEmpty
    let kept = isSettled ? Array(bench[.annotation].questions.prefix(place + 1)) : []
    let known = Set(kept.map(\.cell))
    let new = ranked(bench, dataset).filter { !known.contains($0.cell) }
    bench[.annotation].questions = Array((kept + new).prefix(max(kept.count, AnnotationState.most)))
    bench[.clips].visible = bench[.annotation].questions.map(\.cell.clip)
    if !isSettled { bench.cursors[.clipList] = 0 }
  }

  /// Unanswered missing cells, the most worth first. Where some clips were predicted, those alone.
  private static func ranked(_ bench: Workbench, _ dataset: OpenDataset) -> [AnnotationQuestion] {
    let rarities = LabelGain.rarities(positives: dataset.counts.map(\.positive))
    let annotation = bench[.annotation]
    let all = askable(bench).flatMap { index -> [AnnotationQuestion] in
      let clip = dataset.clips[index]
      let student = bench.prediction("student", clip.id)?.probs
      let teacher = bench.prediction("teacher", clip.id)?.probs
      return clip.labels.indices.compactMap { c in
        let cell = LabelCell(clip: index, classIndex: c)
        guard clip.labels[c] == .missing, annotation.answer(cell) == nil else { return nil }
        let (s, t) = (student?[at: c], teacher?[at: c])
        return AnnotationQuestion(
          cell: cell, gain: LabelGain.of(teacher: t, student: s, rarity: rarities[c]),
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
  static func pointAtQuestion(_ bench: inout Workbench) -> [Effect] {
    if let question = question(bench) { bench.cursors[.predictions] = question.cell.classIndex }
    return ClipScreen.lookAtClip(&bench)
  }

  // MARK: answering

  static func answer(_ bench: inout Workbench, _ value: LabelAnswer.Value) -> [Effect] {
    guard let question = question(bench), let dataset = bench.dataset else {
      return bench.said("a asks for missing labels first")
    }
    let cell = question.cell
    let (clip, name) = (dataset.clips[cell.clip].id, dataset.classes[cell.classIndex])
    bench[.annotation].given.removeAll { $0 == cell }
    bench[.annotation].given.append(cell)
    bench[.annotation].pending[cell] = value
    let word = value == .yes ? "yes" : value == .no ? "no" : "left open"
    bench.say("\(name) in \(clip): \(word); u takes it back")
    let next = bench[.annotation].questions.indices.first {
      $0 > bench.cursor(.clipList)
        && bench[.annotation].answer(bench[.annotation].questions[$0].cell) == nil
    }
    if let next { bench.cursors[.clipList] = next }
    let answer = LabelAnswer(
      clip: clip, className: name, value: value, run: bench.answering?.run ?? bench.run.run)
    return [.engine(.labels(.answer(answer)))] + pointAtQuestion(&bench)
  }

  static func takeBack(_ bench: inout Workbench) -> [Effect] {
    guard bench[.annotation].isOn, let cell = bench[.annotation].given.popLast(),
      let dataset = bench.dataset
    else {
      return bench.said("nothing to take back; a asks for missing labels")
    }
    let effects = takeBack(&bench, cell, dataset)
    bench.cursors[.clipList] =
      bench[.annotation].questions.firstIndex { $0.cell == cell } ?? bench.cursor(.clipList)
    return effects + pointAtQuestion(&bench)
  }

  /// The label is missing again.
  static func takeBack(_ bench: inout Workbench, _ cell: LabelCell, _ dataset: OpenDataset)
    -> [Effect]
  {
    bench[.annotation].pending[cell] = nil
    bench[.annotation].answers[cell] = nil
    bench.dataset?.set(.missing, clip: cell.clip, class: cell.classIndex)
    bench[.missing].isStale = true
    if bench.screen == .missing { MissingScreen.resumStale(&bench) }
    let (clip, name) = (dataset.clips[cell.clip].id, dataset.classes[cell.classIndex])
    bench.say("\(name) in \(clip) is missing again")
    return [.engine(.labels(.takeBack(clip: clip, className: name)))]
  }

  /// The session's answers have changed, or are known for the first time.
  static func take(_ bench: inout Workbench, _ found: [LabelAnswer], file: String) {
    bench[.annotation].file = file
    bench[.annotation].pending = [:]
    guard let known = bench.dataset else { return }
    var answers: [LabelCell: LabelAnswer.Value] = [:]
    for answer in found {
      guard let clip = known.places[answer.clip],
        let c = known.classes.firstIndex(of: answer.className)
      else { continue }
      answers[LabelCell(clip: clip, classIndex: c)] = answer.value
    }
    let before = bench[.annotation].answers
    bench[.annotation].answers = answers
    for cell in Set(before.keys).union(answers.keys) where before[cell] != answers[cell] {
      let label = known.clips[cell.clip].labels[cell.classIndex]
      guard label == .missing || label.isAnswered else { continue }
      bench.dataset?.set(
        answers[cell]?.state ?? .missing, clip: cell.clip, class: cell.classIndex)
      bench[.missing].isStale = true
    }
    if bench.screen == .missing { MissingScreen.resumStale(&bench) }
  }

  // MARK: what becomes of it

  static func exportQuestions(_ bench: inout Workbench) -> [Effect] {
    guard let dataset = bench.dataset else {
      return bench.said("no data set is open; 1 Data, then enter")
    }
    let list = bench[.annotation].isOn ? bench[.annotation].questions : ranked(bench, dataset)
    guard !list.isEmpty else {
      return bench.said("no label is missing in the training clips shown")
    }
    let lines = list.map { question in
      LabelQuestion(
        clip: dataset.clips[question.cell.clip].id,
        className: dataset.classes[question.cell.classIndex], gain: question.gain,
        teacher: question.teacher, student: question.student)
    }
    return [.engine(.labels(.export(lines)))]
  }

  /// Whether the next run learns from the answers too.
  static func toggleAnswers(_ bench: inout Workbench) -> [Effect] {
    let isOff = (bench.recipe["dataset.patch"] ?? "").isEmpty
    guard !isOff || bench[.annotation].count > 0 else {
      return bench.said("nothing is answered yet; a on 4 Clips asks for missing labels")
    }
    if let problem = bench.change("dataset.patch", to: isOff ? bench[.annotation].file : "") {
      bench.say(problem, isWarning: true)
    } else if isOff {
      bench.say(
        "the next run learns from \(bench[.annotation].count) answers too; R on 2 Method adds it")
    } else {
      bench.say("the next run learns from the data set's labels alone")
    }
    return []
  }
}
