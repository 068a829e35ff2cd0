// One optimizer step after the other: the method's loss, its gradient, the update, and the
// values to report about them.
import Autograd
import Datasets
import Dispatch
import Foundation
import Layers
import Methods

/// Used on the trainer's queue only.
final class Learner {
  let method: any Method
  let random: RandomSource
  private var optimizer: any Optimizer
  let optimization: Optimization
  /// Updates of each stage.
  private let plannedSteps: [Int]
  /// The stage of the method that is trained now.
  private(set) var stage = 0
  /// Steps taken in the stage.
  private(set) var step = 0
  /// The present period of `optimization`.
  private(set) var period = 0
  /// What the optimizer updates now; kept so that a step need not look it up.
  private(set) var trained: [(name: String, parameter: Parameter)]
  /// Parameters beside the saved networks, as they were at the best epoch.
  private var bestAside: [String: Tensor] = [:]
  private var rate: Double

  init(_ plan: TrainingPlan) throws {
    optimization = Optimization(plan.recipe)
    random = RandomSource(Generator(seed: plan.recipe.seed, 0x7472_6169))
    plannedSteps = plan.stages.indices.map(plan.steps)
    method = try plan.makeMethod(random, plan.stageSteps)
    trained = method.trained(in: 0).namedParameters
    optimizer = optimization.optimizer(of: trained, period: 0)
    rate = optimization.rate(period: 0)
  }

  /// The networks by name: the student, and the teacher of a method that has one.
  var networks: [ScoredNetwork] { method.networks }

  /// Whether the networks of the present stage predict labels.
  var isScored: Bool { !method.scored(in: stage).isEmpty }

  /// The name of the network that learns now.
  var trainedName: String { method.scored(in: stage).first?.name ?? "student" }

  /// Ends the stage: the method takes stock, and the next stage, if there is one, starts with a
  /// fresh optimizer.
  func endStage(_ context: StageContext, of stages: Int) throws -> MaskReport? {
    let report = try method.stageEnded(stage, context)
    guard stage + 1 < stages else { return report }
    (stage, step, bestAside) = (stage + 1, 0, [:])
    enter(period: 0)
    return report
  }

  /// A fresh optimizer, that of the period.
  func enter(period: Int) {
    self.period = period
    rate = optimization.rate(period: period)
    trained = method.trained(in: stage).namedParameters
    optimizer = optimization.optimizer(of: trained, period: period)
  }

  /// Takes one step; a batch without a counted entry changes no weight. `measuring` adds each
  /// term's gradient norm, one backward pass a term. Throws `Divergence` before anything changes.
  func learn(_ batch: Batch, measuring: Bool) throws -> LearningStep.Outcome {
    var attempt = try forward(batch, measuring: measuring)
    try backward(&attempt)
    update(&attempt)
    average()
    return attempt.outcome
  }

  // MARK: the pieces of a step

  /// The loss, not yet its gradient.
  func forward(_ batch: Batch, measuring: Bool) throws -> LearningStep {
    let loss = method.loss(batch, .training(random, precision: optimization.precision, step: step))
    return try LearningStep(batch, loss, rate: nextRate, measuring: measuring)
  }

  /// The learning rate that the next step takes.
  var nextRate: Double {
    let steps = plannedSteps.indices.contains(stage) ? plannedSteps[stage] : 1
    return rate * optimization.schedule.factor(step: step, of: steps)
  }

  /// Seconds that a loss and its gradient take. In evaluation mode: no random number is drawn, and
  /// running statistics and weights stay as they are.
  func probe(_ batch: Batch) -> Double {
    let mode = Mode(
      training: false, random: RandomSource(Generator(seed: 0)), records: true,
      precision: optimization.precision, step: step)
    let start = DispatchTime.now()
    _ = gradients(of: method.loss(batch, mode).total, forgetting: true)
    return start.seconds
  }

  func backward(_ attempt: inout LearningStep) throws {
    try attempt.backward(trained, maxNorm: optimization.maxGradientNorm)
  }

  func update(_ attempt: inout LearningStep) {
    attempt.update(optimizer)
    step += 1
  }

  /// What the method does after an update.
  func average() { method.stepEnded(step) }
}

// MARK: the state in a checkpoint

extension Learner {
  private static let teacher = "teacher."
  private static let optimizer = "optimizer."
  private static let memory = "method."
  private static let aside = "best."

  /// Parameters under their own names, the teacher's under `teacher.`.
  var weights: [String: Tensor] {
    var all = method.model.state
    for (name, value) in method.teacher?.state ?? [:] { all[Self.teacher + name] = value }
    return all
  }

  /// The weights, the optimizer's moments and what the method remembers.
  var state: [String: Tensor] {
    var all = weights
    for (name, value) in optimizer.state { all[Self.optimizer + name] = value }
    for (name, value) in method.memory { all[Self.memory + name] = value }
    for (name, value) in bestAside { all[Self.aside + name] = value }
    return all
  }

  /// Trained parameters that belong neither to the model nor to the teacher, such as the
  /// projections of Con-Reg: not part of `weights`.
  private var asideParts: [(name: String, parameter: Parameter)] {
    let networks = method.model.namedParameters + (method.teacher?.namedParameters ?? [])
    let saved = Set(networks.map { ObjectIdentifier($0.parameter) })
    return trained.filter { !saved.contains(ObjectIdentifier($0.parameter)) }
  }

  /// Marks the present weights as those of the best epoch.
  func markBest() {
    bestAside = Dictionary(uniqueKeysWithValues: asideParts.map { ($0.name, $0.parameter.value) })
  }

  /// Restores the best epoch: its saved weights, and the parameters beside them.
  func goBack(to weights: [String: Tensor]) throws {
    try restoreWeights(weights)
    for (name, parameter) in asideParts {
      if let value = bestAside[name] { parameter.value = value }
    }
  }

  /// Restores saved weights; ignores other tensors.
  func restoreWeights(_ tensors: [String: Tensor]) throws {
    try method.model.restore(Self.student(in: tensors))
    try method.teacher?.restore(Self.strip(Self.teacher, from: tensors))
  }

  func restore(
    _ tensors: [String: Tensor], at position: TrainingPosition, context: StageContext,
    generator: Generator
  ) throws {
    (stage, step) = (position.stage, position.stageStep)
    try restoreWeights(tensors)
    var context = context
    context.step = step
    try method.restore(Self.strip(Self.memory, from: tensors), stage: stage, context: context)
    enter(period: optimization.period(after: position.stageEpoch))
    try optimizer.restore(Self.strip(Self.optimizer, from: tensors))
    try restoreAside(Self.strip(Self.aside, from: tensors))
    random.generator = generator
  }

  private func restoreAside(_ values: [String: Tensor]) throws {
    let shapes = Dictionary(
      uniqueKeysWithValues: asideParts.map { ($0.name, $0.parameter.value.shape) })
    for (name, value) in values where shapes[name] != value.shape {
      guard let shape = shapes[name] else { throw StateError.unknown(Self.aside + name) }
      throw StateError.shape(Self.aside + name, found: value.shape, expected: shape)
    }
    bestAside = values
  }

  static func student(in tensors: [String: Tensor]) -> [String: Tensor] {
    let others = [teacher, optimizer, memory, aside, Checkpoint.standardizer]
    return tensors.filter { name, _ in !others.contains { name.hasPrefix($0) } }
  }

  static func teacher(in tensors: [String: Tensor]) -> [String: Tensor]? {
    let found = strip(teacher, from: tensors)
    return found.isEmpty ? nil : found
  }

  private static func strip(_ prefix: String, from tensors: [String: Tensor]) -> [String: Tensor] {
    var found: [String: Tensor] = [:]
    for (name, value) in tensors where name.hasPrefix(prefix) {
      found[String(name.dropFirst(prefix.count))] = value
    }
    return found
  }
}

extension Method {
  /// Student and, if the method has one, teacher, by name.
  var networks: [ScoredNetwork] {
    [ScoredNetwork("student", model)] + (teacher.map { [ScoredNetwork("teacher", $0)] } ?? [])
  }
}
