import Lab

/// Predictions of student and teacher about clips: requests, watched clips, disagreement.
enum Predictions {
  /// Predictions requested at once for a map of many clips.
  static let mostAsked = 512

  /// The model has changed: what was asked before is asked again when it is looked at.
  static func forget(_ bench: inout Workbench) {
    (bench[.clips].asked, bench[.clips].awaited) = ([], [])
  }

  /// Requests predictions of those clips that were not asked for since the model changed.
  static func ask(_ bench: inout Workbench, _ wanted: [String]) -> [Effect] {
    if bench.answering != nil { return wanted.isEmpty ? [] : Holding.askAll(&bench) }
    guard bench.replay == nil, bench.run.started != nil, bench.run.step > 0, bench.runSeesDataset
    else { return [] }
    let new = wanted.filter { !bench[.clips].asked.contains($0) }.prefix(Self.mostAsked)
    bench[.clips].asked.formUnion(new)
    bench[.clips].awaited.formUnion(new)
    return new.isEmpty ? [] : [.engine(.run(.predict(clips: Array(new))))]
  }

  /// The predictions of watched clips after a step.
  static func askWatched(_ bench: Workbench) -> [Effect] {
    let ids = followed(bench)
    return ids.isEmpty || bench.run.step == 0 || !bench.runSeesDataset
      ? [] : [.engine(.run(.predict(clips: ids)))]
  }

  /// The watched clips; where none is, the first two of the batch.
  static func followed(_ bench: Workbench) -> [String] {
    bench[.clips].watched.isEmpty
      ? Array((bench.run.walk.last?.clips ?? []).prefix(2)) : bench[.clips].watched
  }

  /// Keeps the answer before the newest one, so that a step shows how predictions moved.
  static func remember(_ bench: inout Workbench, _ new: ClipPrediction, at step: Int) {
    let key = "\(new.model)/\(new.clip)"
    if let answered = bench[.clips].answeredAt[key], answered != step {
      bench[.clips].before[key] = bench.run.predictions[key]
    }
    bench[.clips].answeredAt[key] = step
    bench[.clips].follow(new, epoch: bench.run.epoch)
    if new.model == "teacher" || !bench.run.hasTeacher { bench[.clips].awaited.remove(new.clip) }
  }

  // MARK: disagreement

  private static let noTeacher =
    "this run has no teacher; mean teacher and label enhancing have one"

  static func showTeacherOnly(_ bench: inout Workbench) -> [Effect] {
    guard bench.hasTeacher else { return bench.said(Self.noTeacher) }
    bench[.clips].teacherOnly.toggle()
    return []
  }

  /// `s`: orders of the clips; of the questions while labels are asked for.
  static func askOrder(_ bench: inout Workbench) -> [Effect] {
    bench.overlay =
      bench[.annotation].isOn
      ? Menu(title: "sort questions by", choices: Annotation.orders)
      : Menu(
        title: "sort clips by",
        choices: [
          .init("c", "the data set's order") { order(&$0, by: .dataset) },
          .init("n", "name") { order(&$0, by: .name) },
          .init(
            "m", "mistakes: observed labels that the model contradicts most", effects: byMistakes),
          .init("d", "difference between teacher and student", effects: byDifference),
        ])
    return []
  }

  private static func byDifference(_ bench: inout Workbench) -> [Effect] {
    guard bench.hasTeacher else { return bench.said(Self.noTeacher) }
    return order(&bench, by: .disagreement)
  }

  private static func byMistakes(_ bench: inout Workbench) -> [Effect] {
    let hasLogged = bench.run.started?.isOutside == true && !bench.run.predictions.isEmpty
    guard hasLogged || bench.answering != nil || (bench.replay == nil && bench.run.step > 0) else {
      return bench.said("no model to ask; enter on a finished run on 7 Sessions loads one")
    }
    return order(&bench, by: .mistakes)
  }

  private static func order(_ bench: inout Workbench, by order: ClipState.Order) -> [Effect] {
    bench[.clips].order = order
    Annotation.close(&bench)
    let filter = bench[.clips].filter
    let wanted =
      order.needsPredictions
      ? bench.dataset.map { open in filter.clips(of: open.snapshot).map { open.clips[$0].id } }
      : nil
    ClipScreen.refilter(&bench)
    return ask(&bench, wanted ?? []) + ClipScreen.lookAtClip(&bench)
  }

  static func watch(_ bench: inout Workbench) -> [Effect] {
    guard let clip = ClipScreen.clip(bench) else { return bench.said("no clip under the cursor") }
    if let place = bench[.clips].watched.firstIndex(of: clip.id) {
      bench[.clips].watched.remove(at: place)
      for model in ["student", "teacher"] { bench[.clips].followed["\(model)/\(clip.id)"] = nil }
      return bench.said("\(clip.id) is no longer watched")
    }
    guard bench[.clips].watched.count < ClipState.mostWatched else {
      return bench.said(
        "\(ClipState.mostWatched) clips is the limit; press w on one of them to unwatch it")
    }
    bench[.clips].watched.append(clip.id)
    return bench.said("\(clip.id) is watched; 3 Train, P shows it step by step")
  }

  /// The largest difference between the two models on a clip, and the class it is in.
  static func disagreement(_ bench: Workbench, _ clip: String) -> (difference: Float, class: Int)? {
    guard let student = bench.prediction("student", clip),
      let teacher = bench.prediction("teacher", clip)
    else { return nil }
    let differences = zip(teacher.probs, student.probs).map { $0 - $1 }
    guard let c = differences.indices.max(by: { abs(differences[$0]) < abs(differences[$1]) })
    else { return nil }
    return (differences[c], c)
  }

  /// The largest difference between the run's result and an observed label of a clip, and the
  /// class it is in.
  static func mistake(_ bench: Workbench, _ clip: ClipRow) -> (difference: Float, class: Int)? {
    guard let found = bench.prediction(bench.resultNetwork, clip.id) else { return nil }
    let differences = zip(found.probs, clip.labels).enumerated().compactMap { c, entry in
      let (probability, label) = entry
      return label.isPositive || label.isNegative
        ? (difference: probability - (label.isPositive ? 1 : 0), class: c) : nil
    }
    return differences.max { abs($0.difference) < abs($1.difference) }
  }

  /// What the order of the list is about.
  static func difference(_ bench: Workbench, _ clip: ClipRow) -> (difference: Float, class: Int)? {
    switch bench[.clips].order {
    case .dataset, .name: nil
    case .disagreement: disagreement(bench, clip.id)
    case .mistakes: mistake(bench, clip)
    }
  }

  /// Sorts the visible clips again; the cursor stays on its clip.
  static func sort(_ bench: inout Workbench) {
    guard let dataset = bench.dataset, bench[.clips].order != .dataset else { return }
    let here = ClipScreen.clip(bench)?.id
    if bench[.clips].order == .name {
      bench[.clips].visible.sort { (dataset.clips[$0].id, $0) < (dataset.clips[$1].id, $1) }
      return
    }
    let keyed = bench[.clips].visible.map {
      ($0, difference(bench, dataset.clips[$0])?.difference)
    }
    bench[.clips].visible = keyed.sorted { a, b in
      (-abs(a.1 ?? 0), a.1 == nil ? 1 : 0, a.0) < (-abs(b.1 ?? 0), b.1 == nil ? 1 : 0, b.0)
    }.map(\.0)
    if bench.cursors[.clipList] ?? 0 > 0, let here {
      bench.cursors[.clipList] = bench[.clips].visible.firstIndex { dataset.clips[$0].id == here }
    }
  }
}

extension RunState {
  /// Whether the method has a second network, the teacher.
  var hasTeacher: Bool { started?.hasTeacher ?? false }

  /// The newest answer of a network, "student" or "teacher", about a clip.
  func prediction(_ model: String, _ clip: String) -> ClipPrediction? {
    predictions["\(model)/\(clip)"]
  }

  /// "teacher 1/2" while a method trains the first of two networks; nil for a single network.
  var stageText: String? {
    guard let stages = started?.stages, let stage, let place = stages.firstIndex(of: stage) else {
      return nil
    }
    return "\(stage) \(place + 1)/\(stages.count)"
  }
}
