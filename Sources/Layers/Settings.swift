// The values of hyperparameters: their text in recipes, their validation, and the settings of a
// card.

/// The value of a hyperparameter in a recipe.
public enum SettingValue: Sendable, Equatable, Hashable, CustomStringConvertible {
  /// A number.
  case real(Double)
  /// A whole number.
  case integer(Int)
  /// Yes or no.
  case flag(Bool)
  /// A name or a text.
  case choice(String)

  /// What an `Adaptive` hyperparameter has where its owner derives the number.
  public static let auto = SettingValue.choice("auto")

  /// The `Double`, `Int`, `Bool` or `String`.
  var value: any HyperparameterValue {
    switch self {
    case .real(let value): value
    case .integer(let value): value
    case .flag(let value): value
    case .choice(let value): value
    }
  }

  /// The text in a recipe.
  public var description: String {
    switch self {
    case .real(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .flag(let value): value ? "yes" : "no"
    case .choice(let value): value
    }
  }
}

/// The values that a hyperparameter accepts.
public enum SettingRange: Sendable, Equatable, CustomStringConvertible {
  /// Numbers.
  case real(ClosedRange<Double>)
  /// Numbers, or `auto`.
  case adaptive(ClosedRange<Double>)
  /// Whole numbers.
  case integer(ClosedRange<Int>)
  /// Yes or no.
  case flag
  /// One of these names, or any text if there are none.
  case choice([String])
  /// One of these names, or the path of a file of weights.
  case weights([String])

  /// How the name of a file of weights ends.
  package static let weightFile = ".safetensors"

  /// "0.0…1.0", "auto | 0.0…1.0", "mse | kl", "yes | no", "random | FILE.safetensors".
  public var description: String {
    switch self {
    case .real(let range): "\(range.lowerBound)…\(range.upperBound)"
    case .adaptive(let range): "\(SettingValue.auto) | \(range.lowerBound)…\(range.upperBound)"
    case .integer(let range): "\(range.lowerBound)…\(range.upperBound)"
    case .flag: "yes | no"
    case .choice(let choices): choices.isEmpty ? "text" : choices.joined(separator: " | ")
    case .weights(let names): (names + ["FILE\(Self.weightFile)"]).joined(separator: " | ")
    }
  }
}

/// An unknown hyperparameter, or a value that it does not accept.
public struct SettingsError: Error, Equatable, CustomStringConvertible {
  /// The key.
  public let key: String
  /// What is wrong.
  public let problem: String
  /// What was expected.
  public let expected: String

  /// An error about the hyperparameter `key`.
  public init(key: String, problem: String, expected: String) {
    (self.key, self.problem, self.expected) = (key, problem, expected)
  }

  /// "what is wrong; what was expected", without the key.
  public var message: String { "\(problem); expected \(expected)" }

  public var description: String { "\(key): \(message)" }
}

// MARK: the one check of a value

extension AnyHyperparameter {
  /// Parses a text.
  ///
  /// - Throws: `SettingsError` if the hyperparameter does not accept the value.
  public func value(from text: String) throws(SettingsError) -> SettingValue {
    let value: SettingValue? =
      switch range {
      case .adaptive where text == SettingValue.auto.description: .auto
      case .real, .adaptive: Double(text).flatMap { $0.isFinite ? .real($0) : nil }
      case .integer: Int(text).map { .integer($0) }
      case .flag: Self.flags[text.lowercased()].map { .flag($0) }
      case .choice, .weights: .choice(text)
      }
    guard let value else { throw misfit("'\(text)' \(wrongType)") }
    return try accepting(value, written: text)
  }

  /// Checks a value. A whole number is accepted for a number.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - written: The text for error messages; nil for that of the value.
  /// - Throws: `SettingsError` if the type or the range does not fit.
  public func accepting(
    _ value: SettingValue, written: String? = nil
  ) throws(SettingsError) -> SettingValue {
    let text = written ?? value.description
    switch (range, value) {
    case (.adaptive, .auto): break
    case (.real, .integer(let number)), (.adaptive, .integer(let number)):
      return try accepting(.real(Double(number)), written: text)
    case (.real(let range), .real(let number)), (.adaptive(let range), .real(let number)):
      guard range.contains(number) else { throw misfit("\(text) is out of range") }
    case (.integer(let range), .integer(let number)):
      guard range.contains(number) else { throw misfit("\(text) is out of range") }
    case (.flag, .flag): break
    case (.choice(let choices), .choice(let choice))
    where choices.isEmpty || choices.contains(choice):
      break
    case (.weights(let names), .choice(let name))
    where names.contains(name) || name.hasSuffix(SettingRange.weightFile):
      break
    default: throw misfit("'\(text)' \(wrongType)")
    }
    return value
  }

  private static let flags = [
    "yes": true, "true": true, "on": true, "no": false, "false": false, "off": false,
  ]

  private var wrongType: String {
    switch range {
    case .real: "is not a number"
    case .adaptive: "is neither a number nor \(SettingValue.auto)"
    case .integer: "is not a whole number"
    case .flag: "is neither yes nor no"
    case .choice: "is not a choice"
    case .weights: "is neither a choice nor a file of weights"
    }
  }

  private func misfit(_ problem: String) -> SettingsError {
    SettingsError(key: key, problem: problem, expected: range.description)
  }
}

// MARK: one owner's values

/// The values of the hyperparameters of a card, checked.
public struct Settings: Sendable, Equatable {
  /// nil if every hyperparameter has its initial value.
  private let values: [String: SettingValue]?

  /// The initial values of all hyperparameters.
  public init() { values = nil }

  /// The initial values of a card with some replaced.
  ///
  /// - Throws: `SettingsError` for an unknown key, a wrong type, or a value out of range.
  public init(_ replaced: [String: SettingValue], of card: Card) throws {
    var values: [String: SettingValue] = [:]
    for parameter in card.hyperparameters { values[parameter.key] = parameter.initial }
    for (key, value) in replaced.sorted(by: { $0.key < $1.key }) {
      guard let parameter = card.hyperparameters.first(where: { $0.key == key }) else {
        let known = card.hyperparameters.map(\.key).joined(separator: ", ")
        throw SettingsError(
          key: "\(card.id).\(key)", problem: "unknown hyperparameter",
          expected: known.isEmpty ? "none" : known)
      }
      do { values[key] = try parameter.accepting(value) } catch {
        throw SettingsError(
          key: "\(card.id).\(key)", problem: error.problem, expected: error.expected)
      }
    }
    self.values = values
  }

  /// Values that were checked one by one, by the key of each hyperparameter of a card.
  package init(checked values: [String: SettingValue]) { self.values = values }

  /// The value, or nil where the card does not list the hyperparameter.
  package func ifListed<Value>(_ hyperparameter: Hyperparameter<Value>) -> Value? {
    guard let values else { return hyperparameter.initial }
    return values[hyperparameter.key].flatMap { Value(setting: $0) }
  }

  /// The value of a hyperparameter that the card lists.
  ///
  /// - Precondition: The card lists the hyperparameter.
  public subscript<Value>(_ hyperparameter: Hyperparameter<Value>) -> Value {
    let value = ifListed(hyperparameter)
    precondition(value != nil, "'\(hyperparameter.key)' is not listed on the card")
    return value ?? hyperparameter.initial
  }
}
