// One setting as the form shows it.
import Layers

/// One line of the Method screen's form.
public struct RecipeField: Sendable, Equatable {
  /// Dotted key, such as `training.learningRate`.
  public var key: String
  public var title: String
  public var help: String
  public var value: String
  public var initial: String
  /// The data set or method whose card gives the initial value; nil: it is the setting's own.
  public var origin: String?
  /// "0…1", "mse | kl", "yes | no".
  public var range: String
  /// Non-empty where the value is one of a few.
  public var choices: [String]

  public var isChanged: Bool { value != initial }

  init(_ setting: AnyHyperparameter, value: SettingValue) {
    let choices: [String] =
      switch setting.range {
      case .choice(let all): all
      case .flag: ["yes", "no"]
      case .real, .integer: []
      }
    self.init(
      key: setting.key, title: setting.title, help: setting.help, value: value.description,
      initial: setting.initial.description, range: setting.range.description, choices: choices)
  }

  public init(
    key: String, title: String, help: String, value: String, initial: String,
    origin: String? = nil, range: String, choices: [String]
  ) {
    self.key = key
    self.title = title
    self.help = help
    self.value = value
    self.initial = initial
    self.origin = origin
    self.range = range
    self.choices = choices
  }
}
