// Mean teacher: a moving average of the student's weights gives targets for every entry.
import Autograd
import Datasets
import Layers

/// B1's loss plus the squared difference between the student's and the teacher's probabilities,
/// over labelled and missing entries alike. The teacher is an average of the student's weights
/// over time; no gradient reaches it, and its batch norms keep running statistics of their own.
///
/// The two look at the clips through different dropout masks and, on spectrograms, different
/// augmentation.
/// Paper: Tarvainen & Valpola 2017, arXiv:1703.01780; with missing labels, Gururani & Lerch 2021,
/// arXiv:2111.12761.
/// Differs: softmax is a sigmoid here, for several classes apply at once; the teacher begins as a
/// copy unless `teacherStart` says `random`, as the authors' code does.
public final class MeanTeacher: Method {
  public static let card = Card(
    id: "mean-teacher", title: "Mean teacher",
    summary: "a moving average of the student teaches it to answer steadily, labelled or not",
    paper: "Tarvainen & Valpola 2017, arXiv:1703.01780; Gururani & Lerch 2021, arXiv:2111.12761",
    hyperparameters: [
      Hyperparameter(
        "consistency", "consistency", help: "weight of the difference between student and teacher",
        initial: .real(3), range: .real(0...1000)),
      Hyperparameter(
        "emaDecay", "EMA decay", help: "share of the teacher kept at each step, once warmed up",
        initial: .real(0.999), range: .real(0...0.999999)),
      RisingWeight.hyperparameter,
      Hyperparameter(
        "teacherView", "teacher sees", help: "the clips as they are, or augmented anew",
        initial: .choice("clean"), range: .choice(["clean", "augmented"])),
      Hyperparameter(
        "teacherStart", "teacher starts", help: "as a copy of the student, or with its own weights",
        initial: .choice("copy"), range: .choice(["copy", "random"])),
    ])

  public let model: any Classifier
  private let average: any Classifier
  private let movement: ExponentialMovingAverage
  private let weight: RisingWeight
  private let augmentation: Augmentation
  private let isTeacherAugmented: Bool
  private var step = 0

  public var teacher: (any Classifier)? { average }
  /// The teacher, as in Tarvainen & Valpola 2017. The student's validation score picks the epoch.
  public static let result = NetworkName.teacher

  public init(_ setup: MethodSetup) throws {
    let settings = try Settings(setup.hyperparameters, of: Self.card)
    model = try setup.makeModel()
    average = try setup.makeModel()
    if settings.choice("teacherStart") == "copy" { try average.restore(model.state) }
    movement = ExponentialMovingAverage(
      of: model.namedParameters, in: average.namedParameters, decay: settings.real("emaDecay"))
    weight = RisingWeight(
      settings.real("consistency"), rising: settings.real("rampUp"), of: setup.plannedSteps)
    augmentation = setup.augmentation
    isTeacherAugmented = settings.choice("teacherView") == "augmented"
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let mixed = augmentation.mix(batch, mode)
    let student = model(augmentation.view(of: mixed.input, mode), mode)
    let seen = isTeacherAugmented ? augmentation.view(of: mixed.input, mode) : mixed.input
    let belief = average(seen, mode.unrecorded).probabilities.detached
    let answers = student.probabilities
    return Loss(
      [
        .init(
          "cls", student.binaryCrossEntropy(mixed.targets, observed: mixed.observed),
          counting: mixed.observed),
        .init(
          "cons", answers.meanSquaredError(belief), weight: weight.value(at: step),
          counting: Tensor(repeating: 1, mixed.observed.shape)),
      ], probabilities: answers, teacher: belief,
      measures: ["disagree/cells": Disagreement.share(answers, belief)])
  }

  public func stepEnded(_ step: Int) {
    self.step = step
    movement.update()
  }

  public var memory: [String: Tensor] { ["step": Tensor(Float(step))] }

  public func restore(_ memory: [String: Tensor], stage: Int, lesson: Lesson) throws {
    step = try SavedState.steps(in: memory)
    movement.resume(after: step)
  }
}

/// Where two networks would decide differently.
enum Disagreement {
  /// Share of the entries on different sides of ½.
  static func share(_ a: Tensor, _ b: Tensor) -> Float {
    let pairs = zip(a.values, b.values)
    let different = pairs.count { ($0 >= 0.5) != ($1 >= 0.5) }
    return Float(different) / Float(max(a.count, 1))
  }
}
