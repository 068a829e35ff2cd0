// Where a data set wants other starting values than the table's.
import Layers

enum RecipeDefaults {
  /// Data set id → recipe key → value. `band`: the settings of its reference figures.
  static let values: [String: [String: Hyperparameter.Value]] = [
    "band": ["dataset.observed": .real(0.1)],
    "esc50": [
      "dataset.hiding": .choice("none"),
      "training.epochs": .integer(60),
      "training.augment.bands": .integer(8),
      "training.augment.frames": .integer(16),
    ],
  ]
}
