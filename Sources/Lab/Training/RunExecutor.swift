// From a recipe and a folder to a training: opens the data, computes features, hides labels,
// fits the standardizer, and hands a trainer what it needs. Shared by command line and screen.
import Acoustics
import Autograd
import Datasets
import Formats
import Foundation
import Methods
import Models
import Synchronization

public struct Preparation: Sendable, Equatable {
  /// "rendering band", "log-mel".
  public var what: String
  public var done: Int
  public var total: Int
  /// Seconds left; absent while unknown.
  public var eta: Double?

  public init(what: String, done: Int, total: Int, eta: Double?) {
    self.what = what
    self.done = done
    self.total = total
    self.eta = eta
  }
}

/// Told of long preparations; `false` cancels, upon which the work throws `CancellationError`.
public typealias PreparationHandler = @Sendable (Preparation) -> Bool

public final class RunExecutor: Sendable {
  let data: PreparedDataCache

  /// `cache`: where rendered clips and features are kept; `nil` is `$XDG_CACHE_HOME/scant`.
  /// `renders`: false makes no clips of a data set that is not there yet.
  public init(cache: URL? = nil, renders: Bool = true) {
    data = PreparedDataCache(cache: cache, renders: renders)
  }

  /// Opens data, computes features, plans the run; blocking. The trainer goes on where the folder
  /// has a checkpoint. Throws one line: what is wrong and what was expected.
  public func trainer(
    for recipe: Recipe, in folder: RunFolder, progress: PreparationHandler? = nil,
    stepped: (@Sendable (Double) -> Void)? = nil, sink: @escaping @Sendable (Event) -> Void
  ) throws -> Trainer {
    try folder.make()
    let lock = try RunLock(folder)
    try folder.removeLeftovers()
    let checkpoint = try folder.checkpoint(for: recipe)
    configureThreads(recipe)
    let plan = try plan(recipe, folder, isResuming: checkpoint != nil, progress: progress)
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
    let yaml = recipe.yaml(dataDigest: plan.dataDigest)
    try AtomicFile.write(Data(yaml.utf8), to: folder.recipe)
    let trainer = try Trainer(
      plan, resuming: checkpoint, lock: lock, stepped: stepped, sink: sink)
    trainer.listen()
    return trainer
  }

  /// Scores of a run's best checkpoint on a split, by `student` and `teacher`; blocking. `draws`:
  /// of clips anew, for intervals of confidence; 0: none. `notice`: told in one line what of the
  /// data is not as it was when the run was trained.
  public func evaluate(
    _ folder: RunFolder, split name: String, draws: Int = 0, progress: PreparationHandler? = nil,
    notice: (String) -> Void = { _ in }
  ) throws -> [String: EvalEnd] {
    guard let split = Split(rawValue: name) else {
      throw LabError("'\(name)' is no split; expected train, validation or test")
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
      split, SplitData(loader), classes: model.classes, isSingleLabel: model.isSingleLabel,
      batchSize: model.recipe.training[TrainingSettings.batch],
      threshold: model.recipe.training[TrainingSettings.threshold], candidates: model.candidates)
    while !evaluation.isFinished { _ = try evaluation.advance() }
    let ends = try evaluation.results.map { result in
      var end = result.end
      guard draws > 0 else { return end }
      let what = "Drawing clips anew (\(end.model))"
      end.intervals = try evaluation.intervals(of: result, draws: draws) { done in
        progress?(Preparation(what: what, done: done, total: draws, eta: nil)) ?? true
      }
      return end
    }
    return Dictionary(uniqueKeysWithValues: ends.map { ($0.model, $0) })
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
    try recipe.demandOneClass(prepared.dataset)
    let patch = try folder.patch(of: recipe, isResuming: isResuming)
    let patched = try patch.map { try prepared.clips(recipe, patchedBy: $0) }
    let (clips, unlabelled) = recipe.used(patched?.clips ?? prepared.clips(recipe))
    func part(_ split: Split) -> SplitData {
      SplitData(
        prepared.loader(clips.filter { $0.split == split }, training: split == .train))
    }
    let (train, validation, test) = (part(.train), part(.validation), part(.test))
    let count = [train, validation, test].reduce(0) { $0 + $1.clips.count }
    for (split, data) in zip(Split.allCases, [train, validation, test]) where data.clips.isEmpty {
      try prepared.demandSound(split, of: recipe)
    }
    return TrainingPlan(
      recipe: recipe, folder: folder, classes: classes,
      isSingleLabel: prepared.dataset.isSingleLabel, train: train, validation: validation,
      test: test,
      standardizer: (prepared.standardizer.mean, prepared.standardizer.std),
      input: prepared.input, size: prepared.size,
      embeddings: prepared.embeddings.mapValues(\.dimension), seconds: prepared.dataset.seconds,
      dataDigest: prepared.dataset.digest + (patch.map { "+\($0.digest)" } ?? ""),
      soundDigest: prepared.sounds?.text,
      lostClips: prepared.dataset.lost.values.reduce(clips.count - count, +),
      remarks: [patched?.remark, unlabelled].compactMap { $0 }
        + StartupWarnings.of(prepared.problems, train.clips, classes)
        + StartupWarnings.of(recipe.precision, isSupported: recipe.precision.isSupported),
      stages: recipe.stages,
      makeMethod: try recipe.methodMaker(
        classes: classes.count, input: prepared.input, size: prepared.size,
        embeddings: prepared.embeddings.mapValues(\.dimension)))
  }
}

extension Recipe {
  /// A tree of classes chooses one of them.
  fileprivate func demandOneClass(_ dataset: any Dataset) throws {
    guard modelSettings.ifListed(ClassicNetwork.tree) == .clustered, !dataset.isSingleLabel else {
      return
    }
    throw LabError(
      "model.tree: clustered chooses one class a clip, and \(self.dataset) has clips with others; "
        + "expected none, or data such as esc50")
  }

  /// The clips that the method learns from and is scored on, and what to say of training clips
  /// without any label.
  fileprivate func used(_ clips: [Clip]) -> (clips: [Clip], remark: LogLine?) {
    let isOut: (Clip) -> Bool = { $0.split == .train && $0.isUnlabelled }
    let count = clips.count(where: isOut)
    guard count > 0 else { return (clips, nil) }
    let isUsed = MethodCatalog.find(method)?.usesUnlabelledClips ?? false
    let noun = count == 1 ? "1 training clip has" : "\(count) training clips have"
    let use = isUsed ? "\(method) learns from the sound" : "\(method) cannot use what has none"
    return (
      isUsed ? clips : clips.filter { !isOut($0) },
      LogLine(level: .info, code: "unlabelled", text: "\(noun) no label; \(use)")
    )
  }

  /// Of training steps.
  var precision: Precision { training[TrainingSettings.precision] }

  /// Names of the method's trainings.
  var stages: [String] {
    MethodCatalog.find(method)?.stages(methodSettings) ?? ["student"]
  }

  private var augmentation: Augmentation {
    let training = self.training
    return Augmentation(
      bands: training[TrainingSettings.bands], frames: training[TrainingSettings.frames],
      shift: training[TrainingSettings.shift], gain: training[TrainingSettings.gain],
      noise: training[TrainingSettings.noise], mixup: training[TrainingSettings.mixup])
  }

  /// How the trainer makes method and model on its queue.
  func methodMaker(
    classes: Int, input: ModelInput, size: InputSize, embeddings: [String: Int]
  ) throws -> TrainingPlan.MakeMethod {
    guard let method = MethodCatalog.find(method), let model = ModelCatalog.find(model) else {
      throw LabError("\(self.method)/\(self.model): no such method or model; expected known ids")
    }
    guard (self.method == "classic") == (self.model == "classic") else {
      throw LabError(
        "\(self.method)/\(self.model): a classic learner is fitted, not trained; expected method "
          + "'classic' with model 'classic', or neither")
    }
    let (ofMethod, ofModel) = (methodSettings, modelSettings)
    let augmentation = self.augmentation
    return { random, steps in
      try method.init(
        MethodSetup(
          makeModel: {
            try model.make(
              classes: classes, input: size, settings: ofModel, random: random)
          }, classes: classes, input: size.shape(isSequence: input.isSequence),
          embeddings: embeddings, settings: ofMethod,
          augmentation: augmentation, plannedSteps: steps, random: random,
          makePart: { try Preprocessors.make($0, random: random) }))
    }
  }
}

extension RunFolder {
  /// The checkpoint to go on from, if there is one. Throws where it belongs to other settings.
  func checkpoint(for recipe: Recipe) throws -> Checkpoint? {
    guard try StoredFile.exists(last) else { return nil }
    let checkpoint = try Checkpoint(reading: last)
    if let difference = recipe.difference(from: checkpoint.recipe) {
      throw LabError(
        "\(last.path): made with other settings (\(difference)); expected the same, or a fresh run")
    }
    return checkpoint
  }
}
