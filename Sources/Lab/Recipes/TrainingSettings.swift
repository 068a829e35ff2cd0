// What can be set of the training, whatever the method, the model and the data set.
import Autograd
import Layers
import Methods
import Metrics

enum TrainingSettings {
  static let epochs = Hyperparameter<Int>(
    "epochs", "epochs", help: "passes over the training clips", initial: 16, range: 1...100_000)
  static let batch = Hyperparameter<Int>(
    "batch", "batch size", help: "clips per step", initial: 32, range: 1...4096)
  static let dropLast = Hyperparameter<Bool>(
    "dropLast", "drop last batch", help: "skip an epoch's last batch if it is not full",
    initial: false)
  static let learningRate = Hyperparameter<Double>(
    "learningRate", "learning rate", help: "step size, before the schedule", initial: 2e-3,
    range: 1e-8...10)
  static let schedule = Hyperparameter<LearningRateSchedule>(
    "schedule", "schedule",
    help: "learning-rate schedule; won: Adam, then SGD (Won et al. 2020)", initial: .cosine)
  static let reload = Hyperparameter<Bool>(
    "reload", "reload best", help: "won: reload the best weights when the optimizer changes",
    initial: true)
  static let decayFirst = Hyperparameter<Int>(
    "decayFirst", "decay: first epoch",
    help: "schedule epochs: first epoch after which the rate decays",
    initial: 5, range: 1...100_000)
  static let decayLast = Hyperparameter<Int>(
    "decayLast", "decay: last epoch",
    help: "schedule epochs: last epoch after which the rate decays",
    initial: 25, range: 1...100_000)
  static let decayFactor = Hyperparameter<Double>(
    "decayFactor", "decay factor", help: "schedule epochs: factor of each decay",
    initial: 0.85, range: 0.001...1)
  static let warmup = Hyperparameter<Double>(
    "warmup", "warmup", help: "share of the steps in which the learning rate rises from 0",
    initial: 0, range: 0...1)
  static let optimizer = Hyperparameter<OptimizerChoice>(
    "optimizer", "optimizer", help: "Adam or stochastic gradient descent", initial: .adam)
  static let beta1 = Hyperparameter<Double>(
    "beta1", "Adam beta1", help: "adam: β₁, decay of the first-moment estimate", initial: 0.9,
    range: 0...0.9999)
  static let beta2 = Hyperparameter<Double>(
    "beta2", "Adam beta2", help: "adam: β₂, decay of the second-moment estimate", initial: 0.999,
    range: 0...0.999999)
  static let momentum = Hyperparameter<Double>(
    "momentum", "SGD momentum", help: "sgd: momentum coefficient", initial: 0.9,
    range: 0...0.9999)
  static let nesterov = Hyperparameter<Bool>(
    "nesterov", "Nesterov momentum", help: "sgd: use Nesterov momentum", initial: false)
  static let clip = Hyperparameter<Double>(
    "clip", "gradient clipping", help: "maximum L2 norm of the gradient; 0 disables it",
    initial: 0, range: 0...1e6)
  static let weightDecay = Hyperparameter<Double>(
    "weightDecay", "weight decay", help: "L2 penalty added to the gradient", initial: 1e-5,
    range: 0...1)
  static let select = Hyperparameter<String>(
    "select", "select epoch by", help: "the epoch to keep: the last, or the best by validation",
    initial: last, choices: selections)
  static let selectTeacher = Hyperparameter<String>(
    "selectTeacher", "select teacher epoch",
    help: "label-enhancing: the same for its teacher; same: as training.select",
    initial: same, choices: [same] + selections)
  static let threshold = Hyperparameter<Double>(
    "threshold", "decision threshold", help: "decision threshold for F1", initial: 0.5,
    range: 0.001...0.999)
  static let patience = Hyperparameter<Int>(
    "patience", "early stop patience",
    help: "early stopping: epochs without improvement before training stops; 0: never",
    initial: 0, range: 0...100_000)
  static let precision = Hyperparameter<Precision>(
    "precision", "precision", help: "format of matrix products in training; sums are float32",
    initial: .fp32)
  static let threads = Hyperparameter<Int>(
    "threads", "threads", help: "worker threads; 0: one per core", initial: 0, range: 0...256)
  static let bands = Hyperparameter<Int>(
    "augment.bands", "SpecAugment bands", help: "maximum width of the frequency mask, in bands",
    initial: 4, range: 0...512)
  static let frames = Hyperparameter<Int>(
    "augment.frames", "SpecAugment frames", help: "maximum width of the time mask, in frames",
    initial: 2, range: 0...4096)
  static let shift = Hyperparameter<Double>(
    "augment.shift", "time shift",
    help: "augmentation: maximum circular shift, as a share of the clip",
    initial: 0, range: 0...1)
  static let gain = Hyperparameter<Double>(
    "augment.gain", "random gain",
    help: "augmentation: maximum change of level, in standard deviations of the input",
    initial: 0, range: 0...10)
  static let noise = Hyperparameter<Double>(
    "augment.noise", "Gaussian noise",
    help: "augmentation: standard deviation, in standard deviations of the input", initial: 0,
    range: 0...10)
  static let mixup = Hyperparameter<Double>(
    "augment.mixup", "mixup",
    help: "alpha of the Beta distribution that mixes clips; 0 disables it",
    initial: 0, range: 0...100)
  static let mixupLabels = Hyperparameter<MixupLabels>(
    "augment.mixupLabels", "mixup labels",
    help: "both: a label counts if both clips have it; known: if one has; union: present in one",
    initial: .both)
  static let mixClips = Hyperparameter<Double>(
    "augment.mixClips", "mix clips",
    help: "share of the clips of a batch to which another one is added, with its labels",
    initial: 0, range: 0...1)
  static let background = Hyperparameter<Double>(
    "augment.background", "background",
    help: "share of the clips of a batch to which an unlabelled clip is added softly",
    initial: 0, range: 0...1)

  static let filter = Hyperparameter<Double>(
    "augment.filter", "FilterAugment",
    help:
      "maximum change of a mel band's level, in standard deviations of the input; 0 disables it",
    initial: 0, range: 0...10)
  static let filterShape = Hyperparameter<FilterCurve.Shape>(
    "augment.filterShape", "FilterAugment shape",
    help: "straight lines between a few bands, or steps", initial: .linear)

  static let all: [any ListedHyperparameter] = [
    epochs, batch, dropLast, learningRate, schedule, reload, decayFirst, decayLast, decayFactor,
    warmup, optimizer, beta1, beta2, momentum, nesterov, clip, weightDecay, select, selectTeacher,
    threshold, patience, precision, threads, bands, frames, shift, gain, noise, mixup,
    mixupLabels, filter, filterShape, mixClips, background,
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
