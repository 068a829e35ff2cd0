import Layers

/// All settings of one run, by dotted key (`training.batch`, `dataset.observed`,
/// `method.emaDecay`). One schema drives YAML, `--set`, the form and the help.
public struct Recipe: Sendable, Equatable {
  public var dataset: String
  public var model: String
  public var method: String
  public var seed: Int
  var values: [String: Hyperparameter.Value] = [:]

  public init(dataset: String = "band", model: String = "cnn", method: String = "b1", seed: Int = 0)
  {
    self.dataset = dataset
    self.model = model
    self.method = method
    self.seed = seed
  }

  /// Every setting that applies to this data set, model and method, in the order of the form.
  public var fields: [RecipeField] { [] }

  /// From YAML; an unknown key, a wrong type or an impossible value is a `RecipeError`.
  public init(yaml: String, file: String) throws { self.init() }

  /// The resolved recipe: every setting written out. `dataDigest` where it is known.
  public func yaml(dataDigest: String? = nil) -> String { "" }

  /// `nameOrFolder`: a data set's id, or a folder (recognized as `esc50` or `folder`).
  public func choosing(dataset nameOrFolder: String) throws -> Recipe { self }

  /// A setting's value as text; `nil` for an unknown key.
  public subscript(_ key: String) -> String? { nil }

  /// A copy with one setting changed. Throws one sentence naming the key and what was expected.
  public func setting(_ key: String, to text: String) throws -> Recipe { self }
}

/// One line of the Method screen's form.
public struct RecipeField: Sendable, Equatable {
  /// Dotted key, such as `training.learningRate`.
  public var key: String
  public var title: String
  public var help: String
  public var value: String
  public var initial: String
  /// "0…1", "mse | kl", "yes | no".
  public var range: String
  /// Non-empty where the value is one of a few.
  public var choices: [String]

  public var isChanged: Bool { value != initial }

  public init(
    key: String, title: String, help: String, value: String, initial: String, range: String,
    choices: [String]
  ) {
    self.key = key
    self.title = title
    self.help = help
    self.value = value
    self.initial = initial
    self.range = range
    self.choices = choices
  }
}
