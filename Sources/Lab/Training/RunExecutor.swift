// From a recipe and a folder to a trainer: opens the data, computes features, hides labels and fits
// the standardizer. Shared by command line and screen.
import Acoustics
import Autograd
import Datasets
import Formats
import Foundation
import Methods
import Models
import Synchronization

public final class RunExecutor: Sendable {
  let data: PreparedDataCache

  /// `cache`: the folder of rendered clips and features; `nil` is `$XDG_CACHE_HOME/scant`.
  /// `renders`: false does not render a data set that is not in the cache.
  public init(cache: URL? = nil, renders: Bool = true) {
    data = PreparedDataCache(cache: cache, renders: renders)
  }

  /// Opens data, computes features, plans the run; blocking. The trainer resumes from the folder's
  /// checkpoint, if any. `columns`: the metrics that the run's session names, the main one first.
  /// Throws one line: what is wrong and what was expected.
  public func trainer(
    for recipe: Recipe, in folder: RunFolder, columns: [String] = [],
    progress: PreparationHandler? = nil,
    stepped: (@Sendable (Double) -> Void)? = nil, sink: @escaping @Sendable (Event) -> Void
  ) throws -> Trainer {
    try recipe.demandOwn()
    try folder.make()
    let lock = try RunLock(folder)
    try folder.removeLeftovers()
    let recipe = try recipe.resuming(in: folder)
    let checkpoint = try Checkpoint.toResume(recipe, in: folder)
    configureThreads(recipe)
    var plan = try plan(recipe, folder, isResuming: checkpoint != nil, progress: progress)
    plan.columns = columns
    try plan.check()
    if let checkpoint, checkpoint.dataDigest != plan.dataDigest {
      throw LabError(
        "\(folder.last.path): the data set has changed since; expected the same, or a fresh run")
    }
    if let changed = checkpoint?.changedSounds(plan.soundDigest) {
      throw LabError(
        "\(folder.last.path): the data set has changed since (\(changed)); expected the same, or a "
          + "fresh run")
    }
    let yaml = recipe.yaml(dataDigest: plan.dataDigest, remarks: plan.automatic)
    try AtomicFile.write(Data(yaml.utf8), to: folder.recipe)
    let trainer = try Trainer(
      plan, resuming: checkpoint, lock: lock, stepped: stepped, sink: sink)
    trainer.listen()
    return trainer
  }

  /// Scores of a run's best checkpoint on a split, by `student` and `teacher`; blocking. `draws`:
  /// bootstrap samples for confidence intervals; 0: no intervals. `notice`: called with
  /// one line for each part of the data that has changed since the training.
  public func evaluate(
    _ folder: RunFolder, split name: String, draws: Int = 0, progress: PreparationHandler? = nil,
    notice: (String) -> Void = { _ in }
  ) throws -> [String: EvalEnd] {
    try evaluation(
      of: folder, split: name, draws: draws, deciding: nil, progress: progress, notice: notice
    ).networks
  }

  /// Scores of a run's best checkpoint on a split, and with a `choice` what calibration and
  /// thresholds chosen on the validation clips make of the method's result; blocking. The other
  /// parameters are those of `evaluate`.
  public func evaluation(
    of folder: RunFolder, split name: String, draws: Int, deciding choice: DecisionChoice?,
    progress: PreparationHandler? = nil, notice: (String) -> Void = { _ in }
  ) throws -> RunEvaluation {
    guard let split = Split(rawValue: name) else {
      throw LabError("'\(name)' is not a split; expected train, validation or test")
    }
    let model = try TrainedModel(folder)
    configureThreads(model.recipe)
    let prepared = try data.prepare(model.recipe, training: false, progress: progress)
    for change in model.origin.changes(to: prepared) { notice(change) }
    let loader = model.loader(
      prepared.clips(model.recipe).filter { $0.split == split }, prepared)
    guard loader.count > 0, prepared.dataset.classes == model.classes else {
      throw LabError("\(folder.url.path): no \(name) clip with this run's classes; expected some")
    }
    let evaluation = Evaluation(
      split, loader, classes: model.classes, isSingleLabel: model.isSingleLabel,
      batchSize: model.recipe.training[TrainingSettings.batch],
      threshold: model.recipe.training[TrainingSettings.threshold], candidates: model.networks)
    try evaluation.finish()
    let ends = try ends(of: evaluation, folder, draws: draws, progress: progress)
    return RunEvaluation(
      networks: Dictionary(uniqueKeysWithValues: ends.map { ($0.model, $0) }),
      decided: try choice.flatMap { try decide($0, evaluation, model, prepared) })
  }

  /// The scores of all networks, with intervals if there are draws.
  private func ends(
    of evaluation: Evaluation, _ folder: RunFolder, draws: Int, progress: PreparationHandler?
  ) throws -> [EvalEnd] {
    let weights = try folder.tests().first?.weights
    return try evaluation.results.map { result in
      var end = result.end
      end.weights = weights
      guard draws > 0 else { return end }
      let what = "Drawing clips anew (\(end.model))"
      try evaluation.addIntervals(to: &end, result, draws: draws) { done in
        progress?(Preparation(what: what, done: done, total: draws, eta: nil)) ?? true
      }
      return end
    }
  }

  func configureThreads(_ recipe: Recipe) {
    let asked = recipe.training[TrainingSettings.threads]
    let threads = asked > 0 ? asked : ProcessInfo.processInfo.activeProcessorCount
    if ThreadPool.shared.threads != threads { ThreadPool.configure(threads: threads) }
  }

  private func plan(
    _ recipe: Recipe, _ folder: RunFolder, isResuming: Bool, progress: PreparationHandler?
  ) throws -> TrainingPlan {
    let prepared = try data.prepare(recipe, progress: progress)
    let classes = prepared.dataset.classes
    try Self.demandOneClass(recipe, prepared.dataset)
    let patch = try LabelPatch.used(by: recipe, in: folder, isResuming: isResuming)
    let patched = try patch.map {
      try PatchedClips(
        $0, clips: prepared.clips(recipe), of: Set(prepared.dataset.clips.map(\.id)),
        classes: classes)
    }
    let (clips, unlabelled) = recipe.used(patched?.clips ?? prepared.clips(recipe))
    func part(_ split: Split) -> Loader {
      prepared.loader(clips.filter { $0.split == split }, training: split == .train)
    }
    let (train, validation, test) = (part(.train), part(.validation), part(.test))
    let count = [train, validation, test].reduce(0) { $0 + $1.clips.count }
    for (split, data) in zip(Split.allCases, [train, validation, test]) where data.clips.isEmpty {
      try prepared.demandSound(split, of: recipe)
    }
    let scale = try recipe.powerScale(of: prepared)
    var plan = TrainingPlan(
      recipe: recipe, folder: folder, classes: classes,
      isSingleLabel: prepared.dataset.isSingleLabel, train: train, validation: validation,
      test: test,
      standardizer: (prepared.standardizer.mean, prepared.standardizer.std),
      input: prepared.input, size: prepared.size,
      embeddings: prepared.embeddings.mapValues(\.dimension), seconds: prepared.dataset.seconds,
      dataDigest: prepared.dataset.digest + (patch.map { "+\($0.digest)" } ?? ""),
      soundDigest: prepared.sounds?.text,
      lostClips: prepared.dataset.lost.values.reduce(clips.count - count, +),
      remarks: [patched?.remark, unlabelled, prepared.alignmentRemark(recipe)].compactMap { $0 }
        + StartupWarnings.of(
          prepared.problems, train.clips, recipe.learnsLabels ? classes : [])
        + StartupWarnings.of(recipe.training[TrainingSettings.precision]),
      stages: MethodCatalog.find(recipe.method)?.stages(recipe.methodSettings) ?? ["student"],
      makeMethod: try TrainingPlan.methodMaker(
        recipe, classes: classes.count, input: prepared.input, size: prepared.size,
        embeddings: prepared.embeddings.mapValues(\.dimension), clips: train.clips, scale: scale))
    plan.background = try recipe.background(prepared, patched?.clips)
    return plan
  }

  /// A tree of classes chooses one class a clip.
  private static func demandOneClass(_ recipe: Recipe, _ dataset: any Dataset) throws {
    guard recipe.modelSettings.ifListed(ClassicNetwork.tree) == .clustered,
      !dataset.isSingleLabel
    else { return }
    throw LabError(
      "model.tree: clustered chooses one class a clip, and \(recipe.dataset) has clips with "
        + "others; expected none, or data such as esc50")
  }
}

/// Warnings about the data of a run before it starts.
enum StartupWarnings {
  /// Problems named one by one; the rest are counted.
  static let mostNamed = 20

  static func of(_ problems: [String], _ train: [Clip], _ classes: [String]) -> [LogLine] {
    var lines = problems.prefix(mostNamed).map { LogLine(level: .warn, code: "data", text: $0) }
    if problems.count > mostNamed {
      let more = problems.count - mostNamed
      lines.append(LogLine(level: .warn, code: "data", text: "and \(more) more problems"))
    }
    let empty = classes.indices.filter { index in
      !problems.contains { $0.hasPrefix("class \(classes[index]) has no positive") }
        && !train.contains { ($0.labels[index] ?? 0) >= 0.5 }
    }
    if !empty.isEmpty {
      let names = empty.map { classes[$0] }.joined(separator: ", ")
      lines.append(
        LogLine(
          level: .warn, code: "no-positive",
          text: "no observed positive in the train split: \(names); expected one a class"))
    }
    return lines
  }

  /// A precision that the processor does not support.
  static func of(_ precision: Precision) -> [LogLine] {
    guard !precision.isSupported else { return [] }
    return [
      LogLine(
        level: .warn, code: "precision",
        text: "this processor does not multiply \(precision.rawValue); products stay float32")
    ]
  }
}
