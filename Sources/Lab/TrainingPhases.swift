// A schedule that changes the optimizer on the way, and goes back to the best weights as it does.
import Autograd
import Layers

/// A stretch of a training.
struct TrainingPhase: Sendable, Equatable {
  enum Optimizer: String, Sendable { case adam, sgd }

  /// Share of the epochs that lies before it.
  let start: Double
  let optimizer: Optimizer
  /// On the learning rate.
  let factor: Double

  /// Adam at the learning rate for 60 of 200 epochs; then descent with Nesterov's momentum of 0.9,
  /// at ten times the rate for 20 epochs, at the rate for 20, at a tenth of it to the end.
  /// Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669, and its authors' code, where the
  /// rate is 1e-4.
  static let won = [
    TrainingPhase(start: 0, optimizer: .adam, factor: 1),
    TrainingPhase(start: 0.3, optimizer: .sgd, factor: 10),
    TrainingPhase(start: 0.4, optimizer: .sgd, factor: 1),
    TrainingPhase(start: 0.5, optimizer: .sgd, factor: 0.1),
  ]

  /// The last phase that has begun when `epochs` of `total` are over. A phase begins with an epoch.
  static func index(in phases: [TrainingPhase], after epochs: Int, of total: Int) -> Int {
    let begun = phases.lastIndex { Int(($0.start * Double(total)).rounded()) <= epochs }
    return begun ?? 0
  }
}

extension Recipe {
  /// Empty: one optimizer to the end, as `training.optimizer` says.
  var phases: [TrainingPhase] { text("training.schedule") == "won" ? TrainingPhase.won : [] }

  func phase(after epochs: Int) -> Int {
    TrainingPhase.index(in: phases, after: epochs, of: integer("training.epochs"))
  }

  /// `parameters` with the optimizer of a phase, or the recipe's own where there are none.
  func optimizer(
    of parameters: [(name: String, parameter: Parameter)], phase: Int
  ) -> any Optimizer {
    guard phases.indices.contains(phase) else { return optimizer(of: parameters) }
    let decay = real("training.weightDecay")
    switch phases[phase].optimizer {
    case .adam: return Adam(parameters, weightDecay: decay)
    case .sgd: return SGD(parameters, momentum: 0.9, nesterov: true, weightDecay: decay)
    }
  }

  /// The learning rate of a phase, before schedule and warm-up.
  func rate(phase: Int) -> Double {
    let rate = real("training.learningRate")
    return phases.indices.contains(phase) ? rate * phases[phase].factor : rate
  }
}

extension Trainer {
  /// Between epochs: a fresh optimizer where a new phase begins, and the best weights so far where
  /// there are any and `training.reload` does not forbid it.
  func changePhase() throws {
    guard let learner else { return }
    let phase = plan.recipe.phase(after: position.stageEpoch)
    guard phase != learner.phase else { return }
    let isBack = plan.recipe.resolved("training.reload") == .flag(true) && position.bestStep != nil
    if isBack { try takeBest() }
    learner.enter(phase: phase)
    let weights = isBack ? ", with the weights of step \(position.bestStep ?? 0)" : ""
    let optimizer = plan.recipe.phases[phase].optimizer.rawValue
    say(.info, "phase", "\(optimizer) at \(plan.recipe.rate(phase: phase))\(weights)")
  }
}
