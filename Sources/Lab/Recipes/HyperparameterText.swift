// Hyperparameters as people write them: values from text and back, ranges in words.
import Layers

extension Hyperparameter.Value: CustomStringConvertible {
  public var description: String {
    switch self {
    case .real(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .flag(let value): value ? "yes" : "no"
    case .choice(let value): value
    }
  }
}

extension Hyperparameter {
  /// "0…1", "mse | kl", "yes | no".
  var rangeText: String {
    switch range {
    case .real(let range): "\(range.lowerBound)…\(range.upperBound)"
    case .integer(let range): "\(range.lowerBound)…\(range.upperBound)"
    case .flag: "yes | no"
    case .choice(let choices): choices.isEmpty ? "text" : choices.joined(separator: " | ")
    }
  }

  /// The value a text means. Throws one sentence: what is wrong and what was expected.
  func value(from text: String) throws(RecipeError) -> Value {
    switch range {
    case .real(let range):
      guard let number = Double(text), number.isFinite else {
        throw misfit("'\(text)' is not a number")
      }
      guard range.contains(number) else { throw misfit("\(text) is out of range") }
      return .real(number)
    case .integer(let range):
      guard let number = Int(text) else { throw misfit("'\(text)' is not a whole number") }
      guard range.contains(number) else { throw misfit("\(text) is out of range") }
      return .integer(number)
    case .flag:
      guard let flag = Self.flags[text.lowercased()] else {
        throw misfit("'\(text)' is neither yes nor no")
      }
      return .flag(flag)
    case .choice(let choices):
      guard choices.isEmpty || choices.contains(text) else {
        throw misfit("'\(text)' is not a choice")
      }
      return .choice(text)
    }
  }

  private static let flags = [
    "yes": true, "true": true, "on": true, "no": false, "false": false, "off": false,
  ]

  private func misfit(_ what: String) -> RecipeError {
    RecipeError(message: "\(what); expected \(rangeText)")
  }
}
