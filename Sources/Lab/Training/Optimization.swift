// The optimizer of a training and its learning rate, from the first epoch to the last.
import Autograd
import Layers

/// What a recipe says about optimization, as values.
struct Optimization {
  private let training: Settings
  /// Empty: `training.optimizer` for all epochs.
  private let periods: [TrainingPeriod]
  /// `training.schedule`, after `training.warmup`.
  let schedule: Schedule
  /// Maximum L2 norm of the gradient; 0 disables clipping.
  let maxGradientNorm: Double
  let precision: Precision

  init(_ recipe: Recipe) {
    training = recipe.training
    let choice = training[TrainingSettings.schedule]
    periods = choice == .won2020 ? TrainingPeriod.won2020 : []
    let schedule = Self.schedule(choice, training)
    let share = training[TrainingSettings.warmup]
    self.schedule = share > 0 ? .warmup(share, then: schedule) : schedule
    maxGradientNorm = training[TrainingSettings.clip]
    precision = training[TrainingSettings.precision]
  }

  private static func schedule(
    _ choice: LearningRateSchedule, _ training: Settings
  ) -> Schedule {
    switch choice {
    case .constant, .won2020: return .constant
    case .steps: return .halving
    case .epochs:
      let first = training[TrainingSettings.decayFirst]
      let last = max(first, training[TrainingSettings.decayLast])
      return .epochs(
        Array(first...last), of: training[TrainingSettings.epochs],
        factor: training[TrainingSettings.decayFactor])
    case .cosine: return .cosine
    }
  }

  /// The index of the period after `epochs` finished epochs; 0 without periods.
  func period(after epochs: Int) -> Int {
    let total = Double(training[TrainingSettings.epochs])
    return periods.lastIndex { Int(($0.start * total).rounded()) <= epochs } ?? 0
  }

  /// The learning rate of a period, before schedule and warm-up.
  func rate(period: Int) -> Double {
    let rate = training[TrainingSettings.learningRate]
    return periods.indices.contains(period) ? rate * periods[period].factor : rate
  }

  /// A fresh optimizer of `parameters` for a period.
  func optimizer(
    of parameters: [(name: String, parameter: Parameter)], period: Int
  ) -> any Optimizer {
    let decay = training[TrainingSettings.weightDecay]
    let isPeriod = periods.indices.contains(period)
    switch isPeriod ? periods[period].optimizer : training[TrainingSettings.optimizer] {
    case .adam where isPeriod: return Adam(parameters, weightDecay: decay)
    case .sgd where isPeriod:
      return SGD(parameters, momentum: 0.9, nesterov: true, weightDecay: decay)
    case .adam:
      let betas = (training[TrainingSettings.beta1], training[TrainingSettings.beta2])
      return Adam(parameters, betas: betas, weightDecay: decay)
    case .sgd:
      return SGD(
        parameters, momentum: training[TrainingSettings.momentum],
        nesterov: training[TrainingSettings.nesterov], weightDecay: decay)
    }
  }

  /// "sgd at 0.02": the optimizer of a period and its learning rate.
  func summary(of period: Int) -> String {
    "\(periods[period].optimizer.rawValue) at \(rate(period: period))"
  }
}

/// A part of a training with an optimizer of its own.
private struct TrainingPeriod: Sendable {
  /// Share of the epochs before it; a period begins with an epoch.
  let start: Double
  let optimizer: OptimizerChoice
  /// Factor of the learning rate.
  let factor: Double

  /// Adam at the learning rate for 60 of 200 epochs; then gradient descent with Nesterov momentum
  /// 0.9, at ten times the rate for 20 epochs, at the rate for 20, at a tenth of it to the end.
  /// Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669, and its authors' code, where the
  /// rate is 1e-4.
  static let won2020 = [
    TrainingPeriod(start: 0, optimizer: .adam, factor: 1),
    TrainingPeriod(start: 0.3, optimizer: .sgd, factor: 10),
    TrainingPeriod(start: 0.4, optimizer: .sgd, factor: 1),
    TrainingPeriod(start: 0.5, optimizer: .sgd, factor: 0.1),
  ]
}
