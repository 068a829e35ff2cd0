// The values of a card's hyperparameters, checked once.

/// A card's initial values with some replaced; reading a key the card has not is a programmer's
/// error, setting one is the user's.
public struct Settings: Sendable, Equatable {
  public let values: [String: Hyperparameter.Value]

  /// Throws `SettingsError` on unknown keys, wrong types and values outside their range.
  public init(_ replaced: [String: Hyperparameter.Value], of card: Card) throws {
    var values: [String: Hyperparameter.Value] = [:]
    for parameter in card.hyperparameters { values[parameter.key] = parameter.initial }
    for (key, value) in replaced.sorted(by: { $0.key < $1.key }) {
      guard let parameter = card.hyperparameters.first(where: { $0.key == key }) else {
        let known = card.hyperparameters.map(\.key).joined(separator: ", ")
        throw SettingsError(
          key: "\(card.id).\(key)", problem: "unknown hyperparameter",
          expected: known.isEmpty ? "none" : known)
      }
      guard let accepted = parameter.accepting(value) else {
        throw SettingsError(
          key: "\(card.id).\(key)", problem: "impossible value \(value.text)",
          expected: parameter.range.text)
      }
      values[key] = accepted
    }
    self.values = values
  }

  public func real(_ key: String) -> Double {
    guard case .real(let value) = values[key] else { return undeclared(key, 0) }
    return value
  }

  public func integer(_ key: String) -> Int {
    guard case .integer(let value) = values[key] else { return undeclared(key, 0) }
    return value
  }

  public func flag(_ key: String) -> Bool {
    guard case .flag(let value) = values[key] else { return undeclared(key, false) }
    return value
  }

  public func choice(_ key: String) -> String {
    guard case .choice(let value) = values[key] else { return undeclared(key, "") }
    return value
  }

  /// Also in release builds: a misspelt key would otherwise be 0 without a word.
  private func undeclared<Value>(_ key: String, _ value: Value) -> Value {
    precondition(false, "'\(key)' is not declared so on the card")
    return value
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

  public var description: String { "\(key): \(problem); expected \(expected)" }
}

extension Hyperparameter {
  /// The value as the range's type when it lies inside; whole numbers pass as reals.
  public func accepting(_ value: Value) -> Value? {
    switch (range, value) {
    case (.real(let range), .real(let x)): range.contains(x) ? value : nil
    case (.real(let range), .integer(let n)): range.contains(Double(n)) ? .real(Double(n)) : nil
    case (.integer(let range), .integer(let n)): range.contains(n) ? value : nil
    case (.flag, .flag): value
    case (.choice(let choices), .choice(let text)):
      choices.isEmpty || choices.contains(text) ? value : nil
    default: nil
    }
  }
}

extension Hyperparameter.Value {
  /// As it is written in a recipe.
  public var text: String {
    switch self {
    case .real(let x): "\(x)"
    case .integer(let n): "\(n)"
    case .flag(let flag): "\(flag)"
    case .choice(let text): text
    }
  }
}

extension Hyperparameter.Range {
  /// As an error message says it.
  public var text: String {
    switch self {
    case .real(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .flag: "true or false"
    case .choice(let choices): choices.isEmpty ? "text" : choices.joined(separator: ", ")
    }
  }
}
