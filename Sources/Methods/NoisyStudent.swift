// Noisy student: a teacher predicts missing labels, and a student learns them under noise.
import Autograd
import Datasets
import Layers

/// Stage 0 trains a teacher as B1. Then it predicts all training clips, without augmentation or
/// dropout, and its predictions become the targets of missing labels. The next stage trains a new
/// student on observed labels and predictions, with stronger augmentation. With more `rounds`, the
/// student is the next teacher.
/// Paper: Xie et al. 2020, arXiv:1911.04252.
/// Differs: clips have several labels, so each missing entry has its own pseudo-label. The student
/// is as large as the teacher. Hard pseudo-labels are those beyond the thresholds of pseudo-labels.
public final class NoisyStudent: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "noisy-student", title: "Noisy student",
    summary:
      "a trained teacher predicts missing labels; a fresh student learns them under noise",
    paper: "Xie et al. 2020, arXiv:1911.04252",
    hyperparameters: [rounds, isSoft, PseudoLabels.weight, FixMatch.strength]
      + PseudoLabels.fixed)

  static let rounds = Hyperparameter<Int>(
    "rounds", "rounds", help: "students, each taught by the one before", initial: 1, range: 1...5)
  static let isSoft = Hyperparameter<Bool>(
    "soft", "soft targets",
    help: "probabilities as targets; no: 0 or 1, where the teacher is sure", initial: true)

  /// The teacher predicts their labels.
  public static let usesUnlabelledClips = true
  public private(set) var model: any Classifier
  private let teacherModel: any Classifier
  public var teacher: (any Classifier)? { teacherModel }
  private let makeModel: () throws -> any Classifier
  private let augmentation, strong: Augmentation
  private let weight: Double
  private let isSoft: Bool
  private let thresholds: PseudoLabels.Thresholds
  private let rounds: Int
  private var stage = 0
  /// The teacher's probabilities of each training clip, [C] each; empty before it is trained.
  private var predictions: [Clip.ID: [Float]] = [:]
  private var probabilities: [Float] = []

  public static func stages(_ settings: Settings) -> [String] {
    let count = settings[rounds]
    return ["teacher"] + (count == 1 ? ["student"] : (1...count).map { "student \($0)" })
  }

  public init(_ setup: MethodSetup) throws {
    teacherModel = try setup.makeModel()
    model = try setup.makeModel()
    makeModel = setup.makeModel
    augmentation = setup.augmentation
    strong = augmentation.strengthened(by: setup[FixMatch.strength])
    weight = setup[PseudoLabels.weight]
    isSoft = setup[Self.isSoft]
    thresholds = PseudoLabels.Thresholds(setup)
    rounds = setup[Self.rounds]
  }

  public func trained(in stage: Int) -> any Classifier { stage == 0 ? teacherModel : model }

  public func scored(in stage: Int) -> [ScoredNetwork] {
    (stage == 0 ? [] : [ScoredNetwork("student", model)]) + [ScoredNetwork("teacher", teacherModel)]
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    guard stage > 0 else {
      let augmented = augmentation(batch, mode)
      return Loss(supervised: teacherModel(augmented.input, mode), augmented)
    }
    var (mixed, predicted) = mixedWithPseudoLabels(batch, mode)
    let prediction = model(strong.view(of: mixed.input, mode), mode)
    let value = prediction.binaryCrossEntropy(mixed.targets, observed: predicted)
    mixed.targets = mixed.targets * mixed.observed
    return Loss(
      [
        .supervised(prediction, mixed),
        .init("pseudo", value, weight: weight, counting: predicted),
      ], probabilities: prediction.probabilities,
      measures: ["mask/ratio": predicted.mean().item])
  }

  /// The batch with predictions in the place of missing labels, after mixup, and the mask of
  /// entries that have one. An entry mixed of a label and a prediction counts as a prediction.
  private func mixedWithPseudoLabels(_ batch: Batch, _ mode: Mode) -> (Batch, predicted: Tensor) {
    let (predictions, weights) = pseudoLabels(of: batch)
    var taught = batch
    taught.targets = batch.targets * batch.observed + predictions * weights
    // Mixup takes the lower of two values, so this order tells afterwards what was mixed.
    let (label, prediction): (Float, Float) = (1, 0.5)
    taught.observed = batch.observed * label + weights * prediction
    var mixed = strong.mix(taught, mode)
    let levels = mixed.observed.values, shape = mixed.observed.shape
    mixed.observed = Tensor(levels.map { $0 == label ? 1 : 0 }, shape)
    return (mixed, Tensor(levels.map { $0 == prediction ? 1 : 0 }, shape))
  }

  /// The teacher's predictions [B, C], and the mask of missing labels that have one.
  private func pseudoLabels(of batch: Batch) -> (targets: Tensor, weights: Tensor) {
    let classes = batch.targets.shape[1]
    let unknown = [Float](repeating: 0.5, count: classes)
    let values = Tensor(
      batch.clips.flatMap { predictions[$0] ?? unknown }, batch.targets.shape)
    guard !isSoft else { return (values, batch.observed * -1 + 1) }
    let labels = PseudoLabels(values, missingIn: batch, thresholds)
    return (labels.targets, labels.weights)
  }

  public func stageEnded(_ stage: Int, _ context: StageContext) throws -> MaskReport? {
    guard stage < rounds else { return nil }
    if stage > 0 {
      try teacherModel.restore(model.state)
      model = try makeModel()
    }
    keep(context.predict(teacherModel), of: context.clips)
    self.stage = stage + 1
    return nil
  }

  private func keep(_ probabilities: [Float], of clips: [Clip]) {
    self.probabilities = probabilities
    let classes = clips.first?.labels.count ?? 0
    for (place, clip) in clips.enumerated() {
      predictions[clip.id] = Array(probabilities[place * classes..<(place + 1) * classes])
    }
  }

  public var memory: [String: Tensor] {
    stage > 0 ? ["predictions": Tensor(probabilities, [probabilities.count])] : [:]
  }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    guard stage > 0 else { return }
    let size = context.clips.reduce(0) { $0 + $1.labels.count }
    keep(try SavedState.entry("predictions", [size], in: memory).values, of: context.clips)
    self.stage = stage
  }
}
