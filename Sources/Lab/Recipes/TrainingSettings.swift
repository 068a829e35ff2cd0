// What can be set of the training, whatever the method, the model and the data set.
import Autograd
import Layers
import Metrics

enum TrainingSettings {
  static let epochs = Hyperparameter<Int>(
    "epochs", "epochs", help: "passes over the training clips", initial: 16, range: 1...100_000)
  static let batch = Hyperparameter<Int>(
    "batch", "batch", help: "clips of a step", initial: 32, range: 1...4096)
  static let dropLast = Hyperparameter<Bool>(
    "dropLast", "drop the last", help: "leave out an epoch's last batch where it is not full",
    initial: false)
  static let learningRate = Hyperparameter<Double>(
    "learningRate", "learning rate", help: "size of a step, before the schedule", initial: 2e-3,
    range: 1e-8...10)
  static let schedule = Hyperparameter<LearningRateSchedule>(
    "schedule", "schedule",
    help: "learning-rate schedule; won: Adam, then SGD (Won et al. 2020)", initial: .cosine)
  static let reload = Hyperparameter<Bool>(
    "reload", "reload", help: "won: the best weights so far come back when the optimizer changes",
    initial: true)
  static let decayFirst = Hyperparameter<Int>(
    "decayFirst", "first decay", help: "schedule epochs: the first epoch after which it falls",
    initial: 5, range: 1...100_000)
  static let decayLast = Hyperparameter<Int>(
    "decayLast", "last decay", help: "schedule epochs: the last epoch after which it falls",
    initial: 25, range: 1...100_000)
  static let decayFactor = Hyperparameter<Double>(
    "decayFactor", "decay factor", help: "schedule epochs: what the rate is multiplied by",
    initial: 0.85, range: 0.001...1)
  static let warmup = Hyperparameter<Double>(
    "warmup", "warm-up", help: "share of the steps over which the rate rises to its size first",
    initial: 0, range: 0...1)
  static let optimizer = Hyperparameter<OptimizerChoice>(
    "optimizer", "optimizer", help: "Adam, or gradient descent", initial: .adam)
  static let beta1 = Hyperparameter<Double>(
    "beta1", "first beta", help: "adam: β₁, decay of the first-moment estimate", initial: 0.9,
    range: 0...0.9999)
  static let beta2 = Hyperparameter<Double>(
    "beta2", "second beta", help: "adam: β₂, decay of the second-moment estimate", initial: 0.999,
    range: 0...0.999999)
  static let momentum = Hyperparameter<Double>(
    "momentum", "momentum", help: "sgd: share of the last step that is taken again", initial: 0.9,
    range: 0...0.9999)
  static let nesterov = Hyperparameter<Bool>(
    "nesterov", "Nesterov", help: "sgd: use Nesterov momentum", initial: false)
  static let clip = Hyperparameter<Double>(
    "clip", "longest gradient", help: "gradient clipping: maximum L2 norm; 0 disables it",
    initial: 0, range: 0...1e6)
  static let weightDecay = Hyperparameter<Double>(
    "weightDecay", "weight decay", help: "L2 penalty added to the gradient", initial: 1e-5,
    range: 0...1)
  static let select = Hyperparameter<String>(
    "select", "selection", help: "the epoch that is kept: the last, or the best by a metric",
    initial: last, choices: selections)
  static let selectTeacher = Hyperparameter<String>(
    "selectTeacher", "teacher's selection",
    help: "label-enhancing: the epoch of its teacher that is kept; same: as selection says",
    initial: same, choices: [same] + selections)
  static let threshold = Hyperparameter<Double>(
    "threshold", "threshold", help: "decision threshold for F1", initial: 0.5,
    range: 0.001...0.999)
  static let patience = Hyperparameter<Int>(
    "patience", "patience", help: "epochs without a better score before stopping; 0: never",
    initial: 0, range: 0...100_000)
  static let precision = Hyperparameter<Precision>(
    "precision", "precision", help: "factors of products in training; sums are always float32",
    initial: .fp32)
  static let threads = Hyperparameter<Int>(
    "threads", "threads", help: "threads of the engine; 0: one a core", initial: 0, range: 0...256)
  static let bands = Hyperparameter<Int>(
    "augment.bands", "frequency stripe", help: "SpecAugment: largest width of the frequency mask",
    initial: 4, range: 0...512)
  static let frames = Hyperparameter<Int>(
    "augment.frames", "time stripe", help: "SpecAugment: largest width of the time mask",
    initial: 2, range: 0...4096)
  static let shift = Hyperparameter<Double>(
    "augment.shift", "time shift", help: "largest circular shift, as a share of the clip",
    initial: 0, range: 0...1)
  static let gain = Hyperparameter<Double>(
    "augment.gain", "gain", help: "largest change of level, in standard deviations of the input",
    initial: 0, range: 0...10)
  static let noise = Hyperparameter<Double>(
    "augment.noise", "noise",
    help: "standard deviation of Gaussian noise, in standard deviations of the input", initial: 0,
    range: 0...10)
  static let mixup = Hyperparameter<Double>(
    "augment.mixup", "mixup", help: "alpha of the Beta distribution that mixes clips; 0: none",
    initial: 0, range: 0...100)

  static let all: [any ListedHyperparameter] = [
    epochs, batch, dropLast, learningRate, schedule, reload, decayFirst, decayLast, decayFactor,
    warmup, optimizer, beta1, beta2, momentum, nesterov, clip, weightDecay, select, selectTeacher,
    threshold, patience, precision, threads, bands, frames, shift, gain, noise, mixup,
  ]

  /// "last", or what picks the best epoch on validation: the lowest loss, or a metric by its id.
  static let selections = [last, "loss"] + Metric.allCases.map(\.rawValue)
  static let last = "last"
  static let same = "same"
}

/// How the learning rate changes over a stage, by its name in recipes.
enum LearningRateSchedule: String, CaseIterable, HyperparameterValue {
  case constant, cosine, steps, epochs
  /// Also changes the optimizer on the way: Adam first, then descent.
  case won2020 = "won"
}

/// The optimizer of a stage, by its name in recipes.
enum OptimizerChoice: String, CaseIterable, HyperparameterValue { case adam, sgd }

extension Precision: HyperparameterValue {}
