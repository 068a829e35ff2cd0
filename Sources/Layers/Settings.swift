// The values of hyperparameters: how they are written, what is accepted, and one owner's checked
// values.

/// One value as a recipe holds it.
public enum SettingValue: Sendable, Equatable, Hashable, CustomStringConvertible {
  case real(Double)
  case integer(Int)
  case flag(Bool)
  case choice(String)

  /// As it is written in a recipe.
  public var description: String {
    switch self {
    case .real(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .flag(let value): value ? "yes" : "no"
    case .choice(let value): value
    }
  }
}

/// Which values a hyperparameter takes.
public enum SettingRange: Sendable, Equatable, CustomStringConvertible {
  case real(ClosedRange<Double>)
  case integer(ClosedRange<Int>)
  case flag
  /// Any text where there are none.
  case choice([String])

  /// "0.0…1.0", "mse | kl", "yes | no".
  public var description: String {
    switch self {
    case .real(let range): "\(range.lowerBound)…\(range.upperBound)"
    case .integer(let range): "\(range.lowerBound)…\(range.upperBound)"
    case .flag: "yes | no"
    case .choice(let choices): choices.isEmpty ? "text" : choices.joined(separator: " | ")
    }
  }
}

/// A hyperparameter that cannot be what someone wants it to be.
public struct SettingsError: Error, Equatable, CustomStringConvertible {
  public let key: String
  public let problem: String
  public let expected: String

  public init(key: String, problem: String, expected: String) {
    (self.key, self.problem, self.expected) = (key, problem, expected)
  }

  /// "what is wrong; what was expected", without the key.
  public var message: String { "\(problem); expected \(expected)" }

  public var description: String { "\(key): \(message)" }
}

// MARK: the one check of a value

extension AnyHyperparameter {
  /// The value that a text means. Throws where it is none of this hyperparameter's.
  public func value(from text: String) throws(SettingsError) -> SettingValue {
    let value: SettingValue? =
      switch range {
      case .real: Double(text).flatMap { $0.isFinite ? .real($0) : nil }
      case .integer: Int(text).map { .integer($0) }
      case .flag: Self.flags[text.lowercased()].map { .flag($0) }
      case .choice: .choice(text)
      }
    guard let value else { throw misfit("'\(text)' \(wrongType)") }
    return try accepting(value, written: text)
  }

  /// The value as the range's type; whole numbers pass as reals. Throws where its type is another
  /// or it lies outside the range. `written`: how somebody wrote it.
  public func accepting(
    _ value: SettingValue, written: String? = nil
  ) throws(SettingsError) -> SettingValue {
    let text = written ?? value.description
    switch (range, value) {
    case (.real, .integer(let number)):
      return try accepting(.real(Double(number)), written: text)
    case (.real(let range), .real(let number)):
      guard range.contains(number) else { throw misfit("\(text) is out of range") }
    case (.integer(let range), .integer(let number)):
      guard range.contains(number) else { throw misfit("\(text) is out of range") }
    case (.flag, .flag): break
    case (.choice(let choices), .choice(let choice))
    where choices.isEmpty || choices.contains(choice):
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
    case .integer: "is not a whole number"
    case .flag: "is neither yes nor no"
    case .choice: "is not a choice"
    }
  }

  private func misfit(_ problem: String) -> SettingsError {
    SettingsError(key: key, problem: problem, expected: range.description)
  }
}

// MARK: one owner's values

/// The checked values of one card's hyperparameters.
public struct Settings: Sendable, Equatable {
  /// Nil: every hyperparameter has its initial value.
  private let values: [String: SettingValue]?

  /// Every hyperparameter at its initial value.
  public init() { values = nil }

  /// A card's initial values with some replaced. Throws `SettingsError` on unknown keys, wrong
  /// types and values outside their range.
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

  /// The value of a hyperparameter that the card lists; asking for another one traps.
  public subscript<Value>(_ hyperparameter: Hyperparameter<Value>) -> Value {
    let value = ifListed(hyperparameter)
    precondition(value != nil, "'\(hyperparameter.key)' is not listed on the card")
    return value ?? hyperparameter.initial
  }
}
