// Which score picks an epoch, what happens where it has no value, and what a step leaves out.
import Datasets
import Foundation
import Lab
import Methods
import Testing

@Suite struct EpochSelectionTests {
  /// The plan of the tones with other validation labels.
  private func plan(
    _ folder: URL, _ changes: [String: String], _ label: @escaping (Float) -> Float?
  ) throws -> TrainingPlan {
    var plan = try Tones.plan(folder, changes)
    var validation = try #require(plan.validation as? ToneSplit)
    for index in validation.clips.indices {
      validation.clips[index].labels = (validation.clips[index].truth ?? []).map(label)
    }
    plan.validation = validation
    return plan
  }

  private func refusal(
    _ changes: [String: String], _ label: @escaping (Float) -> Float?
  ) throws -> String? {
    let plan = try plan(URL(fileURLWithPath: "/nowhere"), changes, label)
    do { _ = try Tones.trainer(plan) } catch { return "\(error)" }
    return nil
  }

  private static let positives: @Sendable (Float) -> Float? = { $0 == 1 ? 1 : nil }
  private static let negatives: @Sendable (Float) -> Float? = { $0 == 1 ? nil : 0 }
  private static let all: @Sendable (Float) -> Float? = { $0 }

  @Test(arguments: ["f1-macro-both", "roc-auc-macro"])
  func f1OfBothSidesIsUndefinedWithoutNegatives(_ metric: String) throws {
    let error = try #require(try refusal(["training.select": metric], Self.positives))
    #expect(
      error.hasPrefix(
        "training.select: \(metric) is undefined on the validation split: no class has a positive "
          + "and a negative label there; expected last, loss, f1-macro, "))
    #expect(!error.contains(", roc-auc-macro") && error.contains("ap-macro"))
  }

  @Test func f1IsUndefinedWithoutPositives() throws {
    for metric in ["ap-macro", "auprc-micro", "f1-macro", "f1-micro", "dcase-f1"] {
      let error = try #require(try refusal(["training.select": metric], Self.negatives))
      #expect(error.hasSuffix("no label there is positive; expected last, loss"))
    }
  }

  @Test func metricsThatTheDataCannotHaveAreRefused() throws {
    let accuracy = try #require(try refusal(["training.select": "accuracy"], Self.all))
    #expect(accuracy.contains("it needs data with exactly one class a clip; expected last"))
    let sonyc = try #require(try refusal(["training.select": "sonyc-auprc"], Self.all))
    #expect(sonyc.contains("it needs groups of tags, which no data set brings here; expected last"))
  }

  @Test func definedMetricsAreAccepted() throws {
    #expect(try refusal(["training.select": "f1-macro-both"], Self.all) == nil)
    #expect(try refusal(["training.select": "ap-macro"], Self.positives) == nil)
    #expect(
      try refusal(["training.select": "loss", "training.patience": "1"], Self.negatives) == nil)
  }

  /// One of several students is picked even where the last epoch of each is taken.
  @Test func sweepsNeedADefinedMetric() throws {
    let sweep = ["method.id": "label-enhancing", "method.sweep": "yes"]
    let error = try #require(try refusal(sweep, Self.positives))
    #expect(error.hasPrefix("method.sweep: f1-macro-both is undefined on the validation split: "))
    #expect(error.hasSuffix("; expected no"))
    let none = try #require(try refusal(sweep) { _ in nil })
    #expect(none == "method.sweep: f1-macro-both needs labels in the validation split; expected no")
    #expect(try refusal(sweep, Self.all) == nil)
  }

  @Test func teacherSelectionIsCheckedUnderItsName() throws {
    let changes = ["method.id": "label-enhancing", "training.selectTeacher": "roc-auc-macro"]
    let error = try #require(try refusal(changes, Self.positives))
    #expect(error.hasPrefix("training.selectTeacher: roc-auc-macro is undefined"))
  }

  /// Nothing is to be found and nothing is: the score has no value, which is neither better nor
  /// worse. It is said once, and once more at the end that the last epoch was kept.
  @Test func epochsWithoutAScoreDoNotCountForPatience() throws {
    try Samples.withFolder { folder in
      let changes = [
        "training.select": "f1-instance", "training.patience": "2", "training.epochs": "6",
        "training.threshold": "0.999",
      ]
      let recorder = Recorder()
      let trainer = try Tones.trainer(try plan(folder, changes, Self.negatives), recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      #expect(recorder.events.last?.step == 24)
      let said = recorder.events.compactMap { event -> String? in
        guard let line = event.body as? LogLine, line.code == "select" else { return nil }
        return line.level == .warn ? line.text : nil
      }
      #expect(
        said == [
          "f1-instance has no value in epoch 1: the epoch cannot be compared, and patience does "
            + "not count it",
          "f1-instance had no value in any epoch: nothing could be compared, the last epoch is kept",
        ])
    }
  }

  @Test func teacherHasItsOwnSelection() throws {
    func best(_ changes: [String: String]) throws -> [UInt64] {
      try Samples.withFolder { folder in
        let recorder = Recorder()
        let label = ["method.id": "label-enhancing"]
        let plan = try Tones.plan(folder, label.merging(changes) { $1 })
        let trainer = try Tones.trainer(plan, recorder)
        trainer.start()
        #expect(trainer.wait().reason == .done)
        return recorder.events.compactMap { event in
          guard let saved = event.body as? CheckpointSaved, saved.file == "best" else { return nil }
          return UInt64(event.step)
        }
      }
    }
    // Twelve steps of the teacher, twelve of the student.
    let student = try best(["training.select": "loss", "training.selectTeacher": "last"])
    #expect(student.first.map { $0 > 12 } == true)
    let teacher = try best(["training.select": "last", "training.selectTeacher": "loss"])
    #expect(teacher.first == 4 && teacher.last == 24)
    let both = try best(["training.select": "loss"])
    #expect(both.first == 4)
    #expect(try best(["training.select": "loss", "training.selectTeacher": "same"]) == both)
  }

  @Test(arguments: [("8", "yes", 3), ("8", "no", 4), ("64", "yes", 1), ("10", "yes", 3)])
  func lastBatchMayBeDropped(batch: String, drops: String, steps: Int) throws {
    try Samples.withFolder { folder in
      let changes = [
        "training.batch": batch, "training.dropLast": drops, "training.epochs": "2",
      ]
      let recorder = Recorder()
      let trainer = try Tones.trainer(try Tones.plan(folder, changes), recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      #expect(recorder.events.last?.step == 2 * steps)
      let state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.started?.stepsPerEpoch == steps && state.started?.plannedSteps == 2 * steps)
    }
  }

  @Test func classesExcludedFromMeansAreCounted() throws {
    try Samples.withFolder { folder in
      var plan = try Tones.plan(folder)
      var test = try #require(plan.test as? ToneSplit)
      for index in test.clips.indices {
        test.clips[index].labels = [test.clips[index].labels[0], 1, 0]
      }
      plan.test = test
      let recorder = Recorder()
      let trainer = try Tones.trainer(plan, recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let said = recorder.events.compactMap { event -> String? in
        guard let line = event.body as? LogLine, line.code == "coverage" else { return nil }
        return line.text
      }
      #expect(try plan.folder.tests().last?.coverage == said.first)
      #expect(
        said == [
          "of 3 classes, f1-macro, ap-macro and auprc-macro are means over the 2 with an observed "
            + "positive, f1-macro-both and roc-auc-macro over the 1 with a negative too"
        ])
    }
  }
}
