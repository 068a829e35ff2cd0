// Mean teacher: a moving average of the student's weights provides targets for every entry.
import Autograd
import Datasets
import Layers

/// B1's loss plus the mean squared difference between the probabilities of student and teacher over
/// all entries, observed or missing. The weights of the teacher are a moving average of those of
/// the student. No gradient reaches the teacher, and its batch norms have their own running
/// statistics.
///
/// Student and teacher have different dropout masks and, if `teacherView` is `augmented`, different
/// augmentations.
/// Paper: Tarvainen & Valpola 2017, arXiv:1703.01780; with missing labels, Gururani & Lerch 2021,
/// arXiv:2111.12761.
/// Differs: clips have several labels, so a sigmoid replaces the softmax. The teacher starts as a
/// copy of the student; in the authors' code it starts with its own random weights, as with
/// `teacherStart` `random`. The authors' weight is 3 from the first step on with a decay of 0.999;
/// here the weight starts low, and the decay depends on the number of planned steps.
public final class MeanTeacher: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "mean-teacher", title: "Mean teacher",
    summary: "a moving average of the student teaches it to answer steadily, labelled or not",
    paper: "Tarvainen & Valpola 2017, arXiv:1703.01780; Gururani & Lerch 2021, arXiv:2111.12761",
    hyperparameters: [consistency, emaDecay, rampUp, teacherView, teacherStart])

  static let consistency = Hyperparameter<Double>(
    "consistency", "consistency", help: "weight of the consistency loss",
    initial: 0.5, range: 0...1000)
  static let emaDecay = Hyperparameter<Adaptive>(
    "emaDecay", "EMA decay",
    help: "EMA decay of the teacher's weights, after warmup; auto: from the planned steps",
    range: 0...0.999999)
  static let rampUp = RisingWeight.rampUp(initial: 0.8)
  static let teacherView = Hyperparameter<View>(
    "teacherView", "teacher view", help: "clips as they are, or with their own augmentation",
    initial: .clean)
  static let teacherStart = Hyperparameter<Start>(
    "teacherStart", "teacher start", help: "start as a copy of the student, or with own weights",
    initial: .copy)

  enum View: String, CaseIterable, HyperparameterValue { case clean, augmented }
  enum Start: String, CaseIterable, HyperparameterValue { case copy, random }

  /// The share of the planned steps that a teacher with decay `auto` remembers: 1/(1 − α) steps. At
  /// 0.05, the 800 steps of the built-in data set's reference figures give 0.975 (0.98 there), and
  /// the 19,900 of Gururani & Lerch's OpenMIC runs 0.999, as they have it.
  static let memory = 0.05
  /// The values that `auto` can have. Less than 0.9 is hardly an average.
  static let decays = 0.9...0.999

  /// α for a run of `steps` steps.
  package static func decay(_ setting: Adaptive, steps: Int) -> Double {
    switch setting {
    case .fixed(let decay): return decay
    case .auto:
      let decay = 1 - 1 / max(1, memory * Double(steps))
      return min(max(decay, decays.lowerBound), decays.upperBound)
    }
  }

  public static func automatic(_ settings: Settings, plannedSteps: Int) -> [AutomaticSetting] {
    guard settings[emaDecay] == .auto else { return [] }
    let decay = decay(.auto, steps: plannedSteps)
    let (shown, remembered) = (Double(Int((decay * 1e4).rounded())) / 1e4, 1 / (1 - decay))
    let text = "\(shown), a memory of \(Int(remembered.rounded())) of \(plannedSteps) steps"
    return [AutomaticSetting(key: emaDecay.key, text: text)]
  }

  /// The teacher predicts their targets.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private let average: any Classifier
  private let ema: ExponentialMovingAverage
  private let weight: RisingWeight
  private let augmentation: Augmentation
  private let isTeacherAugmented: Bool

  public var teacher: (any Classifier)? { average }
  public var keptShare: Double? { ema.lastShare }
  /// The teacher, as in Tarvainen & Valpola 2017. The student's validation score selects the epoch.
  public static let result = NetworkName.teacher

  public init(_ setup: MethodSetup) throws {
    model = try setup.makeModel()
    average = try setup.makeModel()
    if setup[Self.teacherStart] == .copy { try average.restore(model.state) }
    ema = ExponentialMovingAverage(
      of: model.namedParameters, in: average.namedParameters,
      decay: Self.decay(setup[Self.emaDecay], steps: setup.plannedSteps))
    weight = RisingWeight(setup[Self.consistency], rising: Self.rampUp, in: setup)
    augmentation = setup.augmentation
    isTeacherAugmented = setup[Self.teacherView] == .augmented
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let mixed = augmentation.mix(batch, mode)
    let student = model(augmentation.view(of: mixed.input, mode), mode)
    let input = isTeacherAugmented ? augmentation.view(of: mixed.input, mode) : mixed.input
    let targets = average(input, mode.unrecorded).probabilities.detached
    let probabilities = student.probabilities
    return Loss(
      [
        .supervised(student, mixed),
        .init(
          "cons", probabilities.meanSquaredError(targets), weight: weight.value(at: mode.step),
          counting: Tensor(repeating: 1, mixed.observed.shape)),
      ], probabilities: probabilities, teacher: targets,
      measures: ["disagree/cells": Self.disagreement(probabilities, targets)])
  }

  /// The fraction of entries with probabilities on different sides of ½.
  private static func disagreement(_ a: Tensor, _ b: Tensor) -> Float {
    let count = zip(a.values, b.values).count { ($0 >= 0.5) != ($1 >= 0.5) }
    return Float(count) / Float(max(a.count, 1))
  }

  public func stepEnded(_ step: Int) { ema.update() }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    ema.resume(after: context.step)
  }
}
