// Which score selects the epoch of a stage, and whether it is defined on the validation clips.
import Layers
import Methods
import Metrics

extension TrainingPlan {
  /// The score that selects the best epoch of a stage; nil: the last epoch is used.
  func selection(in stage: Int) -> String? {
    let own = recipe.training[TrainingSettings.select]
    let ofTeacher = recipe.training[TrainingSettings.selectTeacher]
    let isTeacher = stages.count > 1 && stage == 0
    let choice = isTeacher && ofTeacher != TrainingSettings.same ? ofTeacher : own
    return choice == TrainingSettings.last ? nil : choice
  }

  /// The score that selects one of several students.
  var selectionOfStudents: String {
    selection(in: stages.count - 1) ?? Metric.f1MacroBoth.rawValue
  }

  /// Throws one sentence if a score was chosen that is undefined on the validation split.
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

  /// Metrics that are defined for these answers on the validation clips.
  private func metrics(of answers: [Float], _ labels: [Float?]) throws -> Set<Metric> {
    let labelled = try LabelledScores(
      scores: answers, targets: labels.map { $0 ?? 0 }, observed: labels.map { $0 != nil },
      classes: classes.count, isSingleLabel: isSingleLabel)
    return Set(try score(labelled, threshold: Float(threshold)).values.keys)
  }
}

extension TrainingPlan {
  /// The score that selects the student's epochs, or f1-macro-both if its last one is taken; nil
  /// if it is undefined on the validation split.
  func validationScore(of classifier: any Classifier) throws -> Double? {
    guard validation.observed > 0 else { return nil }
    let evaluation = Evaluation(
      .validation, of: self, candidates: [ScoredNetwork("student", classifier)])
    try evaluation.finish()
    return evaluation.results.first?.end.score(selectionOfStudents)
  }
}

extension Metric {
  /// Why it is undefined on some clips.
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
