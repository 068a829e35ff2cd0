import Lab

/// What student and teacher say about clips: asking for it, following it, comparing the two.
extension Workbench {
  /// Predictions asked for at once for a picture of many clips.
  private static let mostAsked = 512

  var hasTeacher: Bool { run.started?.hasTeacher ?? false }

  func prediction(_ model: String, _ clip: String) -> ClipPrediction? {
    run.predictions["\(model)/\(clip)"]
  }

  /// The model has changed: what was asked before is asked again when it is looked at.
  mutating func forgetPredictions() {
    clips.asked = []
    clips.awaited = []
  }

  /// Requests predictions of those clips that were not asked for since the model changed.
  mutating func ask(_ wanted: [String]) -> [Effect] {
    guard replay == nil, run.started != nil, run.step > 0 else { return [] }
    let new = wanted.filter { !clips.asked.contains($0) }.prefix(Self.mostAsked)
    clips.asked.formUnion(new)
    clips.awaited.formUnion(new)
    return new.isEmpty ? [] : [.engine(.run(.predict(clips: Array(new))))]
  }

  /// The predictions of watched clips after a step.
  func askWatched() -> [Effect] {
    let ids = followed
    return ids.isEmpty || run.step == 0 ? [] : [.engine(.run(.predict(clips: ids)))]
  }

  /// The watched clips; where none is, the first two of the batch.
  var followed: [String] {
    clips.watched.isEmpty ? Array((run.walk.last?.clips ?? []).prefix(2)) : clips.watched
  }

  /// Keeps the answer before the newest one, so that a step shows how predictions moved.
  mutating func remember(_ new: ClipPrediction, at step: Int) {
    let key = "\(new.model)/\(new.clip)"
    if let answered = clips.answeredAt[key], answered != step {
      clips.before[key] = run.predictions[key]
    }
    clips.answeredAt[key] = step
    if new.model == "teacher" || !hasTeacher { clips.awaited.remove(new.clip) }
  }

  // MARK: teacher belief

  /// Clips a column the teacher is asked about, so that a picture asks for some hundreds at most.
  func sampled(columns: Int, bin: Int) -> Int {
    min(bin, max(1, Self.mostAsked / max(1, columns)))
  }

  /// Positions of the clips that stand for a column: evenly spread over it.
  func sample(column: Int, bin: Int, _ count: Int) -> [Int] {
    let total = missing.clips.count
    return (0..<count).map { column * bin + $0 * bin / count }.filter { $0 < total }
  }

  /// Asks for what the belief view shows and does not have yet.
  mutating func askTeacher() -> [Effect] {
    guard screen == .missing, missing.view == .teacher, hasTeacher, let dataset else { return [] }
    let columns = MissingMap.columns(in: size.width)
    let bin = binSize(columns: columns)
    let total = (missing.clips.count + bin - 1) / bin
    let across = ListWindow(cursor: missing.position / bin, count: total, rows: columns)
    let count = sampled(columns: across.range.count, bin: bin)
    let positions = across.range.flatMap { sample(column: $0, bin: bin, count) }
    return ask(positions.map { dataset.clips[missing.clips[$0]].id })
  }

  // MARK: disagreement

  private static let noTeacher =
    "this run has no teacher; mean teacher and label enhancing have one"

  mutating func showTeacherOnly() -> [Effect] {
    guard hasTeacher else { return said(Self.noTeacher) }
    clips.teacherOnly.toggle()
    return []
  }

  mutating func sortOrNotByDisagreement() -> [Effect] {
    guard hasTeacher else { return said(Self.noTeacher) }
    clips.byDisagreement.toggle()
    annotation.isOn = false
    let wanted = clips.byDisagreement ? clips.filter.clips(of: clips, dataset) : []
    refilter()
    return ask(wanted) + lookAtClip()
  }

  mutating func watch() -> [Effect] {
    guard let clip else { return said("no clip under the cursor") }
    if let place = clips.watched.firstIndex(of: clip.id) {
      clips.watched.remove(at: place)
      return said("\(clip.id) is no longer watched")
    }
    guard clips.watched.count < ClipState.mostWatched else {
      return said("\(ClipState.mostWatched) clips are watched; w on one of them lets it go")
    }
    clips.watched.append(clip.id)
    return said("\(clip.id) is watched; 3 Train, P shows it step by step")
  }

  /// The largest difference between the two models on a clip, and the class it is in.
  func disagreement(_ clip: String) -> (difference: Float, class: Int)? {
    guard let student = prediction("student", clip), let teacher = prediction("teacher", clip)
    else { return nil }
    let differences = zip(teacher.probs, student.probs).map { $0 - $1 }
    guard let c = differences.indices.max(by: { abs(differences[$0]) < abs(differences[$1]) })
    else { return nil }
    return (differences[c], c)
  }

  /// Orders the visible clips anew and stays on the one under the cursor.
  mutating func sortByDisagreement() {
    guard let dataset else { return }
    let here = clip?.id
    let keyed = clips.visible.map { ($0, disagreement(dataset.clips[$0].id)?.difference) }
    clips.visible = keyed.sorted { a, b in
      (-abs(a.1 ?? 0), a.1 == nil ? 1 : 0, a.0) < (-abs(b.1 ?? 0), b.1 == nil ? 1 : 0, b.0)
    }.map(\.0)
    if cursors[.clipList] ?? 0 > 0, let here {
      cursors[.clipList] = clips.visible.firstIndex { dataset.clips[$0].id == here }
    }
  }
}

extension ClipFilter {
  /// Ids of the clips shown.
  fileprivate func clips(of state: ClipState, _ dataset: OpenDataset?) -> [String] {
    guard let dataset else { return [] }
    return clips(of: dataset.snapshot).map { dataset.clips[$0].id }
  }
}
