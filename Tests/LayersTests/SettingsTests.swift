// Hyperparameters by their type: what is accepted, what is refused, and what reading one yields.
import Layers
import Testing

private enum Kind: String, CaseIterable, HyperparameterValue { case first = "a", second = "b" }

private let rate = Hyperparameter<Double>("rate", "", help: "", initial: 0.5, range: 0...1)
private let width = Hyperparameter<Int>("width", "", help: "", initial: 4, range: 1...8)
private let kind = Hyperparameter<Kind>("kind", "", help: "", initial: .first)
private let loud = Hyperparameter<Bool>("loud", "", help: "", initial: false)
private let name = Hyperparameter<String>("name", "", help: "", initial: "x")
private let card = Card(
  id: "toy", title: "", summary: "", hyperparameters: [rate, width, kind, loud, name])

@Suite struct SettingsTests {
  @Test func initialAndReplacedValues() throws {
    let settings = try Settings(
      ["rate": .integer(1), "kind": .choice("b"), "loud": .flag(true)], of: card)
    #expect(settings[rate] == 1 && settings[width] == 4 && settings[kind] == .second)
    #expect(settings[loud] && settings[name] == "x")
    #expect(Settings()[rate] == 0.5 && Settings()[kind] == .first)
  }

  @Test func invalidSettingsAreReported() {
    func message(_ key: String, _ value: SettingValue) -> String {
      do {
        _ = try Settings([key: value], of: card)
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(
      message("widht", .integer(1))
        == "toy.widht: unknown hyperparameter; expected rate, width, kind, loud, name")
    #expect(message("width", .integer(9)) == "toy.width: 9 is out of range; expected 1…8")
    #expect(message("width", .real(2)) == "toy.width: '2.0' is not a whole number; expected 1…8")
    #expect(message("rate", .choice("x")) == "toy.rate: 'x' is not a number; expected 0.0…1.0")
    #expect(message("rate", .real(.nan)) == "toy.rate: nan is out of range; expected 0.0…1.0")
    #expect(message("kind", .choice("c")) == "toy.kind: 'c' is not a choice; expected a | b")
    #expect(
      message("loud", .integer(1)) == "toy.loud: '1' is neither yes nor no; expected yes | no")
  }

  /// Text and values pass the same check, in the same words.
  @Test(arguments: [
    ("rate", "1.50", "rate: 1.50 is out of range; expected 0.0…1.0"),
    ("rate", "inf", "rate: 'inf' is not a number; expected 0.0…1.0"),
    ("width", "2.5", "width: '2.5' is not a whole number; expected 1…8"),
    ("kind", "c", "kind: 'c' is not a choice; expected a | b"),
    ("loud", "perhaps", "loud: 'perhaps' is neither yes nor no; expected yes | no"),
  ])
  func textValuesAreChecked(_ key: String, _ text: String, _ expected: String) throws {
    let parameter = try #require(card.hyperparameters.first { $0.key == key })
    let error = #expect(throws: SettingsError.self) { try parameter.value(from: text) }
    #expect(error.map { "\($0)" } == expected)
  }

  @Test func textBecomesAValue() throws {
    #expect(try rate.untyped.value(from: "1") == .real(1))
    #expect(try loud.untyped.value(from: "ON") == .flag(true))
    #expect(try name.untyped.value(from: "any text") == .choice("any text"))
  }

  /// A number or `auto`, as text and as a value.
  @Test func adaptiveSettings() throws {
    let decay = Hyperparameter<Adaptive>("decay", "", help: "", range: 0...1)
    let card = Card(id: "toy", title: "", summary: "", hyperparameters: [decay])
    #expect(try Settings([:], of: card)[decay] == .auto)
    #expect(try Settings(["decay": .integer(1)], of: card)[decay] == .fixed(1))
    #expect(try Settings(["decay": .auto], of: card)[decay] == .auto)
    #expect(try decay.untyped.value(from: "auto") == .auto)
    #expect(try decay.untyped.value(from: "0.25") == .real(0.25))
    #expect(Adaptive(setting: .real(0.25))?.setting == .real(0.25))
    #expect(Adaptive(setting: .choice("automatic")) == nil)
    for (text, problem) in [
      ("automatic", "'automatic' is neither a number nor auto"), ("2", "2 is out of range"),
    ] {
      let error = #expect(throws: SettingsError.self) { try decay.untyped.value(from: text) }
      #expect(error?.message == "\(problem); expected auto | 0.0…1.0")
    }
  }
}
