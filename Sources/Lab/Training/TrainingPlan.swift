// Everything a trainer needs, as plain values; it makes its model on its own queue.
import Acoustics
import Autograd
import Datasets
import Layers
import Methods
import Models

package struct TrainingPlan: Sendable {
  package typealias MakeMethod =
    @Sendable (_ random: RandomSource, _ plannedSteps: Int) throws -> any Method

  package let recipe: Recipe
  /// From the recipe; looked up once, since every step asks for them.
  let epochs, batchSize: Int
  /// The epochs of each stage, and whether the method learns from labels.
  private let stageEpochs: [Int]
  let learnsLabels: Bool
  private let dropsLast: Bool
  /// Decision threshold for F1.
  let threshold: Double
  package var folder: RunFolder
  package var classes: [String]
  package var isSingleLabel: Bool
  package var train: any SplitData
  package var validation: any SplitData
  package var test: any SplitData
  package var makeMethod: MakeMethod
  package var standardizer: (mean: [Float], std: [Float])
  package var input: ModelInput
  package var size: InputSize
  /// D of the features batches bring along, by extractor.
  package var embeddings: [String: Int]
  /// Length of every clip, s.
  package var seconds: Double
  package var dataDigest: String
  /// Of the sounds' content; nil if the data set brings its features.
  package var soundDigest: String?
  /// Clips of the tables whose files are missing or hold no sound.
  package var lostClips: Int
  /// Lines of the run's log before the first step.
  package var remarks: [LogLine]
  /// Names of the method's stages.
  package var stages: [String]
  /// The metrics of the session's table, the main one first; empty where none are named.
  package var columns: [String] = []
  /// Training clips without a label, whose sound is added to others; nil if none is wanted.
  package var background: (any SplitData)?

  package init(
    recipe: Recipe, folder: RunFolder, classes: [String], isSingleLabel: Bool, train: any SplitData,
    validation: any SplitData, test: any SplitData, standardizer: (mean: [Float], std: [Float]),
    input: ModelInput, size: InputSize,
    embeddings: [String: Int] = [:], seconds: Double, dataDigest: String,
    soundDigest: String? = nil, lostClips: Int = 0, remarks: [LogLine] = [],
    stages: [String] = ["student"], makeMethod: @escaping MakeMethod
  ) {
    self.recipe = recipe
    let training = recipe.training
    epochs = training[TrainingSettings.epochs]
    batchSize = training[TrainingSettings.batch]
    dropsLast = training[TrainingSettings.dropLast]
    threshold = training[TrainingSettings.threshold]
    self.folder = folder
    self.classes = classes
    self.isSingleLabel = isSingleLabel
    self.train = train
    self.validation = validation
    self.test = test
    self.standardizer = standardizer
    self.input = input
    self.size = size
    self.embeddings = embeddings
    self.seconds = seconds
    self.dataDigest = dataDigest
    self.soundDigest = soundDigest
    self.lostClips = lostClips
    self.remarks = remarks
    self.stages = stages
    stageEpochs = stages.indices.map { recipe.epochs(in: $0) }
    learnsLabels = recipe.learnsLabels
    self.makeMethod = makeMethod
  }

  var stepsPerEpoch: Int {
    Self.stepsPerEpoch(train.clips.count, batch: batchSize, dropsLast: dropsLast)
  }
  /// Steps of a stage with the recipe's number of epochs.
  var stageSteps: Int { epochs * stepsPerEpoch }
  var plannedEpochs: Int { stageEpochs.reduce(0, +) }
  var plannedSteps: Int { plannedEpochs * stepsPerEpoch }

  func epochs(in stage: Int) -> Int {
    stageEpochs.indices.contains(stage) ? stageEpochs[stage] : epochs
  }

  func steps(in stage: Int) -> Int { epochs(in: stage) * stepsPerEpoch }

  /// `training.dropLast` leaves out a last batch that is not full, unless it is the only one.
  fileprivate static func stepsPerEpoch(_ clips: Int, batch: Int, dropsLast: Bool) -> Int {
    dropsLast ? max(min(clips, 1), clips / batch) : (clips + batch - 1) / batch
  }

  /// What the method's `auto` settings stand for in this run, by dotted key.
  var automatic: [String: String] { recipe.automatic(trainingClips: train.clips.count) }

  var splits: [any SplitData] { [train, validation, test] }
  /// As events carry it.
  var lostClipsIfAny: Int? { lostClips > 0 ? lostClips : nil }

  /// The first event of the run.
  func started(_ model: any Classifier, hasTeacher: Bool) -> RunStarted {
    let changesInput = (model as? any InputChanging)?.changesInput == true
    return RunStarted(
      build: Build.version, seed: recipe.seed, threads: ThreadPool.shared.threads,
      dataset: recipe.dataset, model: recipe.model, method: recipe.method, classes: classes,
      plannedSteps: plannedSteps, plannedEpochs: plannedEpochs,
      stepsPerEpoch: stepsPerEpoch, parameters: model.parameterCount,
      trainableParameters: model.trainableCount, observed: train.observed, entries: train.entries,
      hasTeacher: hasTeacher,
      capabilities: ["pause", "phaseStep", "stepBack", "perTermGrad"]
        + (changesInput ? [RunStarted.reprogramsInput] : []),
      recipe: LoggedRecipe(recipe, dataDigest: dataDigest, remarks: automatic),
      stages: stages.count > 1 ? stages : nil, lostClips: lostClipsIfAny,
      columns: columns.isEmpty ? nil : columns)
  }

  func data(_ split: Split) -> any SplitData {
    switch split {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }

  /// What cannot be trained, in one sentence, before anything is built.
  package func check() throws {
    guard !train.clips.isEmpty else {
      throw LabError("\(recipe.dataset): no clip to train on; expected some in the train split")
    }
    guard learnsLabels else { return }
    guard train.observed > 0 else {
      throw LabError("\(recipe.dataset): no label is observed in the train split; expected some")
    }
    try checkSelection()
  }
}

extension Recipe {
  /// Whether the method learns from labels.
  public var learnsLabels: Bool { MethodCatalog.find(method)?.learnsLabels(methodSettings) ?? true }

  /// The epochs of a stage.
  func epochs(in stage: Int) -> Int {
    let epochs = training[TrainingSettings.epochs]
    return MethodCatalog.find(method)?.epochs(methodSettings, in: stage, of: epochs) ?? epochs
  }

  /// What the method's `auto` settings stand for when `clips` clips are trained on, by dotted key:
  /// "0.975, a memory of 40 of 800 steps".
  public func automatic(trainingClips clips: Int) -> [String: String] {
    let epoch = TrainingPlan.stepsPerEpoch(
      clips, batch: training[TrainingSettings.batch],
      dropsLast: training[TrainingSettings.dropLast])
    let steps = epoch * training[TrainingSettings.epochs]
    let all = MethodCatalog.find(method)?.automatic(methodSettings, plannedSteps: steps) ?? []
    return Dictionary(all.map { ("method.\($0.key)", $0.text) }) { first, _ in first }
  }
}

extension TrainingPlan {
  /// How the trainer makes a recipe's method and model on its queue. `embeddings`: D by extractor.
  /// `clips`: the training clips; none where a trained model is only read. `scale`: of spectrograms
  /// to powers, for methods and augmentations that add clips.
  static func methodMaker(
    _ recipe: Recipe, classes: Int, input: ModelInput, size: InputSize, embeddings: [String: Int],
    clips: [Clip] = [], scale: PowerScale? = nil
  ) throws -> MakeMethod {
    guard let method = MethodCatalog.find(recipe.method),
      let model = ModelCatalog.find(recipe.model)
    else {
      throw LabError(
        "\(recipe.method)/\(recipe.model): no such method or model; expected known ids")
    }
    guard (recipe.method == "classic") == (recipe.model == "classic") else {
      throw LabError(
        "\(recipe.method)/\(recipe.model): a classic learner is fitted, not trained; expected "
          + "method 'classic' with model 'classic', or neither")
    }
    let (ofMethod, ofModel) = (recipe.methodSettings, recipe.modelSettings)
    let augmentation = augmentation(recipe.training, scale)
    let epochs = recipe.training[TrainingSettings.epochs]
    return { random, steps in
      try method.init(
        MethodSetup(
          makeModel: {
            try model.make(classes: classes, input: size, settings: ofModel, random: random)
          }, classes: classes, input: size.shape(isSequence: input.isSequence),
          embeddings: embeddings, settings: ofMethod, augmentation: augmentation,
          plannedSteps: steps, stepsPerEpoch: steps / max(1, epochs), clips: clips, random: random,
          makePart: { try Preprocessors.make($0, random: random) }))
    }
  }

  private static func augmentation(_ training: Settings, _ scale: PowerScale?) -> Augmentation {
    Augmentation(
      bands: training[TrainingSettings.bands], frames: training[TrainingSettings.frames],
      shift: training[TrainingSettings.shift], gain: training[TrainingSettings.gain],
      noise: training[TrainingSettings.noise], mixup: training[TrainingSettings.mixup],
      mixupLabels: training[TrainingSettings.mixupLabels],
      filter: training[TrainingSettings.filter],
      filterShape: training[TrainingSettings.filterShape],
      mixClips: training[TrainingSettings.mixClips],
      background: training[TrainingSettings.background], scale: scale)
  }
}
