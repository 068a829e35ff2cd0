// What a recipe says of the optimizer, made.
import Autograd
import Layers

extension Recipe {
  /// `training.optimizer` over `parameters`, with its own settings.
  func optimizer(of parameters: [(name: String, parameter: Parameter)]) -> any Optimizer {
    let decay = real("training.weightDecay")
    guard text("training.optimizer") == "sgd" else {
      return Adam(
        parameters, betas: (real("training.beta1"), real("training.beta2")), weightDecay: decay)
    }
    return SGD(
      parameters, momentum: real("training.momentum"),
      nesterov: flag("training.nesterov"), weightDecay: decay)
  }

  /// `training.schedule`, after `training.warmup`.
  var schedule: Schedule {
    let schedule: Schedule =
      switch text("training.schedule") {
      case "constant", "won": .constant
      case "steps": .halving
      case "epochs":
        .epochs(
          decayEpochs, of: integer("training.epochs"), factor: real("training.decayFactor"))
      default: .cosine
      }
    let share = real("training.warmup")
    return share > 0 ? .warmup(share, then: schedule) : schedule
  }

  /// The epochs after which `schedule: epochs` lets the rate fall, from the first to the last.
  private var decayEpochs: [Int] {
    let first = integer("training.decayFirst")
    return Array(first...max(first, integer("training.decayLast")))
  }
}
