// A schedule that changes the optimizer on the way, and goes back to the best weights as it does.
import Autograd
import Layers

/// A stretch of a training.
struct TrainingPeriod: Sendable, Equatable {
  /// Share of the epochs that lies before it.
  let start: Double
  let optimizer: OptimizerChoice
  /// On the learning rate.
  let factor: Double

  /// Adam at the learning rate for 60 of 200 epochs; then descent with Nesterov's momentum of 0.9,
  /// at ten times the rate for 20 epochs, at the rate for 20, at a tenth of it to the end.
  /// Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669, and its authors' code, where the
  /// rate is 1e-4.
  static let won2020 = [
    TrainingPeriod(start: 0, optimizer: .adam, factor: 1),
    TrainingPeriod(start: 0.3, optimizer: .sgd, factor: 10),
    TrainingPeriod(start: 0.4, optimizer: .sgd, factor: 1),
    TrainingPeriod(start: 0.5, optimizer: .sgd, factor: 0.1),
  ]

  /// The last one that has begun when `epochs` of `total` are over; each begins with an epoch.
  static func index(in periods: [TrainingPeriod], after epochs: Int, of total: Int) -> Int {
    let begun = periods.lastIndex { Int(($0.start * Double(total)).rounded()) <= epochs }
    return begun ?? 0
  }
}

extension Recipe {
  /// Empty: one optimizer to the end, as `training.optimizer` says.
  var periods: [TrainingPeriod] {
    training[TrainingSettings.schedule] == .won2020 ? TrainingPeriod.won2020 : []
  }

  func period(after epochs: Int) -> Int {
    TrainingPeriod.index(in: periods, after: epochs, of: training[TrainingSettings.epochs])
  }

  /// `parameters` with the optimizer of a period, or the recipe's own where there are none.
  func optimizer(
    of parameters: [(name: String, parameter: Parameter)], period: Int
  ) -> any Optimizer {
    guard periods.indices.contains(period) else { return optimizer(of: parameters) }
    let decay = training[TrainingSettings.weightDecay]
    switch periods[period].optimizer {
    case .adam: return Adam(parameters, weightDecay: decay)
    case .sgd: return SGD(parameters, momentum: 0.9, nesterov: true, weightDecay: decay)
    }
  }

  /// The learning rate of a period, before schedule and warm-up.
  func rate(period: Int) -> Double {
    let rate = training[TrainingSettings.learningRate]
    return periods.indices.contains(period) ? rate * periods[period].factor : rate
  }
}

extension Trainer {
  /// Between epochs: a fresh optimizer where a new period begins, and the best weights so far where
  /// there are any and `training.reload` does not forbid it.
  func changePeriod() throws {
    guard let learner else { return }
    let period = plan.recipe.period(after: position.stageEpoch)
    guard period != learner.period else { return }
    let isBack = plan.recipe.training[TrainingSettings.reload] && position.bestStep != nil
    if isBack { try takeBest() }
    learner.enter(period: period)
    let weights = isBack ? ", with the weights of step \(position.bestStep ?? 0)" : ""
    let optimizer = plan.recipe.periods[period].optimizer.rawValue
    say(.info, "period", "\(optimizer) at \(plan.recipe.rate(period: period))\(weights)")
  }
}
