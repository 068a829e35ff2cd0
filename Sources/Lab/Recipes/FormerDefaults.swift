// Defaults that have changed, so that runs of earlier builds can go on.

/// The defaults of 0.1.0 that are others now, by method and key.
private enum FormerDefaults {
  static let values: [String: [String: [String]]] = [
    "label-enhancing": ["method.maskedShare": ["0.05", "0.3"]],
    "mean-teacher": [
      "method.consistency": ["3.0"], "method.emaDecay": ["0.999", "0.98"],
      "method.rampUp": ["0.0"],
    ],
    "con-reg": ["method.weight": ["1.0"]],
    "transfer": ["training.augment.bands": ["4"], "training.augment.frames": ["2"]],
  ]
}

extension Recipe {
  /// This recipe as an earlier build understood it: a setting that has its default takes the former
  /// default if the run began with that. A session that names no value thus resumes its runs.
  public func resuming(_ stored: Recipe) throws -> Recipe {
    guard stored.method == method, let former = FormerDefaults.values[method] else { return self }
    let defaults = Set(fields.filter { $0.value == $0.initial }.map(\.key))
    return try former.reduce(self) { recipe, setting in
      guard defaults.contains(setting.key), let old = stored[setting.key],
        setting.value.contains(old)
      else { return recipe }
      return try recipe.setting(setting.key, to: old)
    }
  }
}
