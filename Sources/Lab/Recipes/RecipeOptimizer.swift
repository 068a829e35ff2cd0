// What a recipe says of the optimizer, made.
import Autograd
import Layers

extension Recipe {
  /// `training.optimizer` over `parameters`, with its own settings.
  func optimizer(of parameters: [(name: String, parameter: Parameter)]) -> any Optimizer {
    let training = self.training
    let decay = training[TrainingSettings.weightDecay]
    switch training[TrainingSettings.optimizer] {
    case .adam:
      let betas = (training[TrainingSettings.beta1], training[TrainingSettings.beta2])
      return Adam(parameters, betas: betas, weightDecay: decay)
    case .sgd:
      return SGD(
        parameters, momentum: training[TrainingSettings.momentum],
        nesterov: training[TrainingSettings.nesterov], weightDecay: decay)
    }
  }

  /// `training.schedule`, after `training.warmup`.
  var schedule: Schedule {
    let training = self.training
    let schedule: Schedule =
      switch training[TrainingSettings.schedule] {
      case .constant, .won2020: .constant
      case .steps: .halving
      case .epochs:
        .epochs(
          decayEpochs, of: training[TrainingSettings.epochs],
          factor: training[TrainingSettings.decayFactor])
      case .cosine: .cosine
      }
    let share = training[TrainingSettings.warmup]
    return share > 0 ? .warmup(share, then: schedule) : schedule
  }

  /// The epochs after which `schedule: epochs` lets the rate fall, from the first to the last.
  private var decayEpochs: [Int] {
    let first = training[TrainingSettings.decayFirst]
    return Array(first...max(first, training[TrainingSettings.decayLast]))
  }
}
