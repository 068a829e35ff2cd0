// Where a data set wants other starting values than the table's.
import Layers

enum RecipeDefaults {
  /// Method → recipe key → value, whatever the data set.
  static let ofMethods: [String: [String: Hyperparameter.Value]] = [
    "classic": ["training.epochs": .integer(1)]
  ]

  /// Method → recipe key → what runs did before there was the key. A run's own recipe spells every
  /// setting out: one that lacks the key is older.
  static let beforeTheKey: [String: [String: Hyperparameter.Value]] = [
    "cnn-only": ["method.relu": .flag(false)]
  ]

  /// Data set id → recipe key, for one method alone as `method:key` → value. `band`: the settings
  /// of its reference figures, and so for the other set of mixtures.
  static let values: [String: [String: Hyperparameter.Value]] = [
    "band": [
      "dataset.observed": .real(0.1),
      "label-enhancing:method.maskedShare": .real(0.3),
      "mean-teacher:method.consistency": .real(0.5),
      "mean-teacher:method.emaDecay": .real(0.98),
      "mean-teacher:method.rampUp": .real(0.8),
    ],
    "esc10-mixtures": [
      "dataset.observed": .real(0.2),
      "label-enhancing:method.maskedShare": .real(0.3),
      "mean-teacher:method.consistency": .real(0.5),
      "mean-teacher:method.emaDecay": .real(0.98),
      "mean-teacher:method.rampUp": .real(0.8),
    ],
    "esc50": [
      "dataset.hiding": .choice("none"),
      "training.epochs": .integer(60),
      "training.augment.bands": .integer(8),
      "training.augment.frames": .integer(16),
    ],
  ]
}
