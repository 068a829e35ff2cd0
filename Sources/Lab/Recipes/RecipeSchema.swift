// The one table of what a recipe may say. YAML, `--set`, the form and the help all read it.
import Datasets
import Layers
import Metrics

/// A hyperparameter under its dotted recipe key.
struct Setting: Sendable, Equatable {
  let key: String
  let hyperparameter: Hyperparameter
}

enum RecipeSchema {
  /// Settings that apply to a data set, model and method, in the order of the form, with the
  /// defaults that belong to the data set.
  static func settings(dataset: String, model: String, method: String) -> [Setting] {
    let defaults = RecipeDefaults.values[dataset] ?? [:]
    let parts: [(String, [Hyperparameter])] = [
      ("method", Catalogs.method(method)?.hyperparameters ?? []),
      ("model", Catalogs.model(model)?.hyperparameters ?? []),
      ("training", training), ("dataset", Self.dataset),
    ]
    return parts.flatMap { owner, hyperparameters in
      hyperparameters.map { parameter in
        let key = "\(owner).\(parameter.key)"
        let special = defaults["\(method):\(key)"] ?? RecipeDefaults.ofMethods[method]?[key]
        guard let initial = special ?? defaults[key] else {
          return Setting(key: key, hyperparameter: parameter)
        }
        return Setting(key: key, hyperparameter: parameter.starting(from: initial))
      }
    }
  }

  /// Keys beside those of the table.
  static let identities = ["dataset.id", "model.id", "method.id", "seed"]

  /// "last", or what picks the best epoch on validation: the lowest loss, or a metric by its id.
  static let selections = ["last", "loss"] + Metric.allCases.map(\.rawValue)
  static let sameSelection = "same"

  static let dataset: [Hyperparameter] = [
    Hyperparameter(
      "observed", "observed share", help: "share of labels kept in training and validation",
      initial: .real(1), range: .real(0.001...1)),
    Hyperparameter(
      "hiding", "hiding rule",
      help: "4 of 10 kept are positive, any of them or rather the loud ones; or any label",
      initial: .choice("balanced"), range: .choice(HidingRule.allCases.map(\.rawValue))),
    Hyperparameter(
      "removed", "removed share", help: "share of the observed training labels taken away as well",
      initial: .real(0), range: .real(0...0.999)),
    Hyperparameter(
      "fraction", "fraction", help: "share of the training clips that is trained on, by seed",
      initial: .real(1), range: .real(0.0001...1)),
    Hyperparameter(
      "clips", "clips", help: "rendered data: how many clips in all; 0: the set's own number",
      initial: .integer(0), range: .integer(0...1_000_000)),
    Hyperparameter(
      "seconds", "clip length", help: "seconds of every clip; 0: the data set's own",
      initial: .real(0), range: .real(0...600)),
    Hyperparameter(
      "seed", "data seed", help: "seed of rendering and of splits made here",
      initial: .integer(1), range: .integer(0...1_000_000)),
    Hyperparameter(
      "testFold", "test fold", help: "fold that is tested on; 0: the highest there is",
      initial: .integer(0), range: .integer(0...1000)),
    Hyperparameter(
      "validationShare", "validation share",
      help: "share of the training clips set aside where the data set has no validation split",
      initial: .real(0.15), range: .real(0...0.9)),
    Hyperparameter(
      "soft", "soft targets", help: "openmic2018: targets are relevance, not 0 or 1",
      initial: .flag(false), range: .flag),
    Hyperparameter(
      "level", "level", help: "sonyc-ust-v2: the 23 fine classes or the 8 coarse ones",
      initial: .choice("fine"), range: .choice(["fine", "coarse"])),
    Hyperparameter(
      "minimumPositives", "minimum positives",
      help: "audioset-vggish: positives in training that a class needs to be one",
      initial: .integer(10), range: .integer(1...1_000_000)),
    Hyperparameter(
      "patch", "label patch",
      help: "file of answers to missing labels that training learns from too; empty: none",
      initial: .choice(""), range: .choice([])),
    Hyperparameter(
      "root", "root", help: "folder of the data set; empty: where data sets are looked up",
      initial: .choice(""), range: .choice([])),
  ]

  static let training: [Hyperparameter] = [
    Hyperparameter(
      "epochs", "epochs", help: "passes over the training clips",
      initial: .integer(16), range: .integer(1...100_000)),
    Hyperparameter(
      "batch", "batch", help: "clips of a step",
      initial: .integer(32), range: .integer(1...4096)),
    Hyperparameter(
      "dropLast", "drop the last", help: "leave out an epoch's last batch where it is not full",
      initial: .flag(false), range: .flag),
    Hyperparameter(
      "learningRate", "learning rate", help: "size of a step, before the schedule",
      initial: .real(2e-3), range: .real(1e-8...10)),
    Hyperparameter(
      "schedule", "schedule", help: "how the learning rate falls; won: Adam first, then descent",
      initial: .choice("cosine"),
      range: .choice(["constant", "cosine", "steps", "epochs", "won"])),
    Hyperparameter(
      "reload", "reload", help: "won: the best weights so far come back when the optimizer changes",
      initial: .flag(true), range: .flag),
    Hyperparameter(
      "decayFirst", "first decay", help: "schedule epochs: the first epoch after which it falls",
      initial: .integer(5), range: .integer(1...100_000)),
    Hyperparameter(
      "decayLast", "last decay", help: "schedule epochs: the last epoch after which it falls",
      initial: .integer(25), range: .integer(1...100_000)),
    Hyperparameter(
      "decayFactor", "decay factor", help: "schedule epochs: what the rate is multiplied by",
      initial: .real(0.85), range: .real(0.001...1)),
    Hyperparameter(
      "warmup", "warm-up", help: "share of the steps over which the rate rises to its size first",
      initial: .real(0), range: .real(0...1)),
    Hyperparameter(
      "optimizer", "optimizer", help: "Adam, or gradient descent",
      initial: .choice("adam"), range: .choice(["adam", "sgd"])),
    Hyperparameter(
      "beta1", "first beta", help: "adam: share of the mean gradient that is kept at each step",
      initial: .real(0.9), range: .real(0...0.9999)),
    Hyperparameter(
      "beta2", "second beta", help: "adam: share of the mean square that is kept at each step",
      initial: .real(0.999), range: .real(0...0.999999)),
    Hyperparameter(
      "momentum", "momentum", help: "sgd: share of the last step that is taken again",
      initial: .real(0.9), range: .real(0...0.9999)),
    Hyperparameter(
      "nesterov", "Nesterov", help: "sgd: the slope counts once more, as after the momentum's step",
      initial: .flag(false), range: .flag),
    Hyperparameter(
      "clip", "longest gradient", help: "norm to which longer gradients are scaled; 0: none are",
      initial: .real(0), range: .real(0...1e6)),
    Hyperparameter(
      "weightDecay", "weight decay", help: "L2 penalty added to the gradient",
      initial: .real(1e-5), range: .real(0...1)),
    Hyperparameter(
      "select", "selection", help: "the epoch that is kept: the last, or the best by a metric",
      initial: .choice("last"), range: .choice(selections)),
    Hyperparameter(
      "selectTeacher", "teacher's selection",
      help: "label-enhancing: the epoch of its teacher that is kept; same: as selection says",
      initial: .choice(sameSelection), range: .choice([sameSelection] + selections)),
    Hyperparameter(
      "threshold", "threshold", help: "probability from which on a class counts as found, in F1",
      initial: .real(0.5), range: .real(0.001...0.999)),
    Hyperparameter(
      "patience", "patience", help: "epochs without a better score before stopping; 0: never",
      initial: .integer(0), range: .integer(0...100_000)),
    Hyperparameter(
      "precision", "precision", help: "factors of products in training; sums are always float32",
      initial: .choice("fp32"), range: .choice(["fp32", "bf16"])),
    Hyperparameter(
      "threads", "threads", help: "threads of the engine; 0: one a core",
      initial: .integer(0), range: .integer(0...256)),
    Hyperparameter(
      "augment.bands", "frequency stripe", help: "widest stripe of mel bands set to 0",
      initial: .integer(4), range: .integer(0...512)),
    Hyperparameter(
      "augment.frames", "time stripe", help: "widest stripe of frames set to 0",
      initial: .integer(2), range: .integer(0...4096)),
    Hyperparameter(
      "augment.shift", "time shift", help: "largest circular shift, as a share of the clip",
      initial: .real(0), range: .real(0...1)),
    Hyperparameter(
      "augment.gain", "gain", help: "largest change of level, in deviations of the input",
      initial: .real(0), range: .real(0...10)),
    Hyperparameter(
      "augment.noise", "noise", help: "deviation of Gaussian noise, in deviations of the input",
      initial: .real(0), range: .real(0...10)),
    Hyperparameter(
      "augment.mixup", "mixup", help: "alpha of the Beta distribution that mixes clips; 0: none",
      initial: .real(0), range: .real(0...100)),
  ]
}

extension Hyperparameter {
  func starting(from initial: Value) -> Hyperparameter {
    Hyperparameter(key, title, help: help, initial: initial, range: range)
  }
}
