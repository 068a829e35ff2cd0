// What suggested labels are worth: a person is simulated who answers from the labels that an
// experiment hides.
import Datasets
import Formats
import Foundation
import Metrics

/// Trains the recipe of a run again and again with more answers, for every rule and seed.
///
/// Each round asks for the labels that the rule ranks first, by the network that the answers so
/// far have trained. The answers are the labels that the recipe hides (`dataset.observed`,
/// `dataset.removed`). A seed is that of the recipe: other labels are hidden, and the network
/// begins otherwise. All rules share the run without answers.
package struct LabelSimulation {
  /// One training.
  package struct Step: Sendable, Equatable {
    package let rule: SuggestionRule
    package let seed: Int
    /// Answers that it was trained with, and those of them that are yes.
    package let answers, positives: Int
    /// `ap-macro` of the method's result.
    package let score: Double
  }

  let recipe: Recipe
  /// Rising.
  let counts: [Int]
  let rules: [SuggestionRule]
  let seeds: [Int]
  /// Of the scores.
  let split: Split
  private let executor: RunExecutor
  private let stop: TrainingStop
  private let progress: PreparationHandler

  /// `progress`: also called with the trainings that are done; false cancels.
  package init(
    _ recipe: Recipe, counts: [Int], rules: [SuggestionRule], seeds: [Int], split: Split,
    executor: RunExecutor, stop: TrainingStop, progress: @escaping PreparationHandler
  ) {
    (self.recipe, self.counts, self.rules) = (recipe, counts.sorted(), rules)
    (self.seeds, self.split) = (seeds, split)
    (self.executor, self.stop, self.progress) = (executor, stop, progress)
  }

  /// Trainings of the whole.
  private var total: Int { seeds.count * (1 + rules.count * counts.count) }

  /// Rules in turn within each seed, the fewest answers first. Throws `LabError` where no label is
  /// hidden, and `CancellationError`.
  package func callAsFunction() throws -> [Step] {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-simulation-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    var steps: [Step] = []
    var done = 0
    for seed in seeds {
      let person = try SimulatedPerson(recipe.setting("seed", to: "\(seed)"), executor)
      let start = RunFolder(place.appendingPathComponent("s\(seed)"))
      let first = try score(person, LabelPatch(), in: start, &done)
      for rule in rules {
        steps.append(Step(rule: rule, seed: seed, answers: 0, positives: 0, score: first))
        steps += try rounds(rule, seed, person, from: start, &done)
      }
    }
    return steps
  }

  private func rounds(
    _ rule: SuggestionRule, _ seed: Int, _ person: SimulatedPerson, from start: RunFolder,
    _ done: inout Int
  ) throws -> [Step] {
    var (patch, run, steps) = (LabelPatch(), start, [Step]())
    for count in counts {
      let found = try executor.suggestions(
        run, patch: patch.joined(with: person.unknown), count: count - patch.count, by: rule,
        seed: seed, progress: { [stop] _ in stop.reason == nil })
      for suggestion in found { patch.record(person.answer(suggestion)) }
      run = RunFolder(
        start.url.deletingLastPathComponent()
          .appendingPathComponent("s\(seed)-\(rule.rawValue)-\(count)"))
      let score = try score(person, patch, in: run, &done)
      let yes = patch.answers.count { $0.value == .yes }
      steps.append(
        Step(rule: rule, seed: seed, answers: patch.count, positives: yes, score: score))
    }
    return steps
  }

  /// Trains with these answers.
  private func score(
    _ person: SimulatedPerson, _ patch: LabelPatch, in folder: RunFolder, _ done: inout Int
  ) throws -> Double {
    let step = Preparation(what: "simulated answers", done: done, total: total, eta: nil)
    guard progress(step), stop.reason == nil else { throw CancellationError() }
    try folder.make()
    var recipe = person.recipe
    if patch.count > 0 {
      let file = folder.url.appendingPathComponent("answers.csv")
      try patch.write(to: file)
      recipe = try recipe.setting("dataset.patch", to: file.path)
    }
    let trainer = try executor.trainer(for: recipe, in: folder, progress: progress, sink: { _ in })
    stop.hold(trainer)
    defer { stop.hold(nil) }
    trainer.start()
    let ended = trainer.wait()
    guard ended.reason != .interrupted, ended.reason != .stopped else { throw CancellationError() }
    done += 1
    return try Self.score(of: folder, recipe, split)
  }

  private static func score(
    of folder: RunFolder, _ recipe: Recipe, _ split: Split
  ) throws -> Double {
    let result = ResultNetwork.of(recipe.method)
    let ends = try EventLog.read(folder.events, only: [EvalEnd.self]).events
      .compactMap { $0.body as? EvalEnd }
    let metric = Metric.apMacro.rawValue
    guard
      let score = ends.last(where: { $0.split == split.rawValue && $0.model == result })?
        .metrics[metric]
    else {
      throw LabError(
        "\(recipe.dataset): no \(metric) on the \(split.rawValue) clips; expected one, from "
          + "labels that are observed there")
    }
    return score
  }
}

/// Answers from the labels that a recipe hides.
private struct SimulatedPerson {
  let recipe: Recipe
  /// Missing labels that nobody knows: they are left open, so that no rule asks for them.
  let unknown: LabelPatch
  private let truth: [String: [String: Bool]]

  /// Throws `LabError` where nothing is hidden in training.
  init(_ recipe: Recipe, _ executor: RunExecutor) throws {
    self.recipe = try recipe.setting("dataset.patch", to: "")
    let dataset = try executor.data.open(recipe, progress: nil)
    var truth: [String: [String: Bool]] = [:]
    var unknown: [LabelAnswer] = []
    for clip in recipe.hiding(dataset.clips) where clip.split == .train {
      for (k, name) in dataset.classes.enumerated() where clip.labels[k] == nil {
        if let value = clip.hiddenLabel(k) {
          truth[clip.id, default: [:]][name] = value >= 0.5
        } else {
          unknown.append(LabelAnswer(clip: clip.id, className: name, value: .open))
        }
      }
    }
    guard !truth.isEmpty else {
      throw LabError(
        "\(recipe.dataset): this run hides no label, so that no answer is known; expected a run "
          + "with dataset.observed below 1, such as one by scant train --labels 0.1")
    }
    (self.truth, self.unknown) = (truth, LabelPatch(unknown))
  }

  func answer(_ question: LabelSuggestion) -> LabelAnswer {
    let known = truth[question.clip]?[question.className]
    return LabelAnswer(
      clip: question.clip, className: question.className,
      value: known.map { $0 ? .yes : .no } ?? .open)
  }
}
