// Which score picks the epoch that a stage keeps, and whether the validation clips can have it.
import Layers
import Metrics

extension TrainingPlan {
  /// What picks the best epoch of a stage; nil: the last epoch is used.
  func selection(in stage: Int) -> String? {
    let own = recipe.training[TrainingSettings.select]
    let ofTeacher = recipe.training[TrainingSettings.selectTeacher]
    let isTeacher = stages.count > 1 && stage == 0
    let choice = isTeacher && ofTeacher != TrainingSettings.same ? ofTeacher : own
    return choice == TrainingSettings.last ? nil : choice
  }

  /// What picks one of several students.
  var selectionOfStudents: String {
    selection(in: stages.count - 1) ?? Metric.f1MacroBoth.rawValue
  }

  /// Throws one sentence where a score is asked for that validation can never have.
  func checkSelection() throws {
    for stage in stages.indices {
      guard let choice = selection(in: stage) else { continue }
      let key = choice == recipe.training[TrainingSettings.select] ? "select" : "selectTeacher"
      try checkSelection(choice, asked: "training.\(key)", instead: "last")
    }
    if stages.count > 2 {
      try checkSelection(selectionOfStudents, asked: "method.sweep", instead: "no")
    }
    let isChosen = stages.indices.contains { selection(in: $0) != nil }
    if recipe.training[TrainingSettings.patience] > 0, !isChosen {
      throw LabError("training.patience: needs a metric in training.select; expected 0 with last")
    }
  }

  private func checkSelection(_ choice: String, asked key: String, instead: String) throws {
    guard validation.observed > 0 else {
      throw LabError("\(key): \(choice) needs labels in the validation split; expected \(instead)")
    }
    guard let metric = Metric(rawValue: choice) else { return }
    let labels = validation.clips.flatMap(\.labels)
    let sound = try metrics(of: labels.map { $0 ?? 0 }, labels)
    let whereAllIsFound = try metrics(of: labels.map { _ in 1 }, labels)
    guard !sound.contains(metric), !whereAllIsFound.contains(metric) else { return }
    let others = Metric.allCases.filter(sound.contains).map(\.rawValue)
    let expected = [instead] + (key == "method.sweep" ? [] : ["loss"] + others)
    throw LabError(
      "\(key): \(choice) is undefined on the validation split: "
        + "\(metric.obstacle(isSingleLabel: isSingleLabel)); "
        + "expected \(expected.joined(separator: ", "))")
  }

  /// Metrics that these answers to the validation clips have.
  private func metrics(of answers: [Float], _ labels: [Float?]) throws -> Set<Metric> {
    let labelled = try LabelledScores(
      scores: answers, targets: labels.map { $0 ?? 0 }, observed: labels.map { $0 != nil },
      classes: classes.count, isSingleLabel: isSingleLabel)
    return Set(try score(labelled, threshold: Float(threshold)).values.keys)
  }
}

extension Metric {
  /// Why it has no value on clips that it cannot be computed on.
  fileprivate func obstacle(isSingleLabel: Bool) -> String {
    switch self {
    case .f1MacroBoth, .rocAUCMacro:
      "no class has a positive and a negative label there"
    case .accuracy where !isSingleLabel:
      "it needs data with exactly one class a clip"
    case .sonycAUPRC:
      "it needs groups of tags, which no data set brings here"
    case .f1Macro, .f1Micro, .f1Instance, .apMacro, .apMicro, .auprcMacro, .auprcMicro, .accuracy,
      .dcaseF1:
      "no label there is positive"
    }
  }
}

// MARK: between epochs

extension Trainer {
  /// Keeps the epoch as the best one where it is. An epoch without a score is neither better nor
  /// worse: patience does not count it. `false`: the checkpoint failed.
  func judge(_ evaluation: Evaluation?) -> Bool {
    guard let selection = plan.selection(in: position.stage) else { return true }
    guard let score = evaluation?.results.first?.end.score(selection) else {
      warnOfUndefined(selection)
      return true
    }
    guard score > position.bestScore ?? -.infinity else {
      position.stale += 1
      return true
    }
    position.bestScore = score
    position.bestStep = position.step
    position.stale = 0
    return saveBest("best")
  }

  private func warnOfUndefined(_ selection: String) {
    guard undefinedStage != position.stage else { return }
    undefinedStage = position.stage
    say(
      .warn, "select",
      "\(selection) has no value in epoch \(position.stageEpoch + 1): the epoch cannot be "
        + "compared, and patience does not count it")
  }

  /// Says so where a score was to pick an epoch and none of them had one.
  func admitNoChoice() {
    guard position.bestStep == nil, let selection = plan.selection(in: position.stage) else {
      return
    }
    say(
      .warn, "select",
      "\(selection) had no value in any epoch: nothing could be compared, the last epoch is kept")
  }
}
