// Everything a trainer needs, as plain values: it makes its model on its own queue.
import Acoustics
import Autograd
import Datasets
import Methods

package struct TrainingPlan: Sendable {
  package typealias MakeMethod =
    @Sendable (_ random: RandomSource, _ plannedSteps: Int) throws -> any Method

  package let recipe: Recipe
  /// Of the recipe, looked up once: every step asks for them.
  let epochs, batchSize: Int
  private let dropsLast: Bool
  /// Decision threshold for F1.
  let threshold: Double
  package var folder: RunFolder
  package var classes: [String]
  package var isSingleLabel: Bool
  package var train: SplitData
  package var validation: SplitData
  package var test: SplitData
  package var makeMethod: MakeMethod
  package var standardizer: (mean: [Float], std: [Float])
  package var input: ModelInput
  package var size: InputSize
  /// D of the features batches bring along, by extractor.
  package var embeddings: [String: Int]
  /// Length of every clip, s.
  package var seconds: Double
  package var dataDigest: String
  /// Of the sounds' content; nil where the data set brings its features.
  package var soundDigest: String?
  /// Clips that the tables name and that are trained and tested without: files missing, no sound.
  package var lostClips: Int
  /// Said in the run's log before the first step.
  package var remarks: [LogLine]
  /// Names of the method's trainings, one after the other.
  package var stages: [String]

  package init(
    recipe: Recipe, folder: RunFolder, classes: [String], isSingleLabel: Bool, train: SplitData,
    validation: SplitData, test: SplitData, standardizer: (mean: [Float], std: [Float]),
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
    self.makeMethod = makeMethod
  }

  /// `training.dropLast` leaves out a last batch that is not full, unless it is the only one.
  var stepsPerEpoch: Int {
    dropsLast
      ? max(min(train.clips.count, 1), train.clips.count / batchSize)
      : train.batches(of: batchSize)
  }
  /// Steps of one stage.
  var stageSteps: Int { epochs * stepsPerEpoch }
  var plannedSteps: Int { stageSteps * stages.count }

  func data(_ split: Split) -> SplitData {
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
    guard train.observed > 0 else {
      throw LabError("\(recipe.dataset): no label is observed in the train split; expected some")
    }
    try checkSelection()
  }
}
