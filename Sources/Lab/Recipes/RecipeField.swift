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
