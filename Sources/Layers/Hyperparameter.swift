// Hyperparameters and the cards that list them. A hyperparameter is declared once and read by its
// declaration, so that a misspelt key does not compile.

/// A type that a hyperparameter can have: `Double`, `Int`, `Bool`, `String`, `Adaptive`, or an
/// enumeration of names.
public protocol HyperparameterValue: Sendable, Equatable {
  /// nil if the setting has another type.
  init?(setting: SettingValue)
  var setting: SettingValue { get }
}

/// A setting of a method, a model, a data set or the training: its recipe key, name, help, range
/// and initial value. It is a static let on its owner, listed on the owner's card and read as
/// `settings[Self.emaDecay]`.
public struct Hyperparameter<Value: HyperparameterValue>: Sendable, Equatable {
  public let initial: Value
  public let untyped: AnyHyperparameter

  fileprivate init(
    _ key: String, _ title: String, _ help: String, _ initial: Value, _ range: SettingRange,
    before: Value? = nil, layerOf: String? = nil
  ) {
    self.initial = initial
    untyped = AnyHyperparameter(
      key: key, title: title, help: help, initial: initial.setting, range: range,
      before: before?.setting, layerOf: layerOf)
  }

  /// The recipe key after the owner's prefix, such as `emaDecay`.
  public var key: String { untyped.key }
}

/// A hyperparameter without its type, for forms, `--set`, `session.yaml` and help.
public struct AnyHyperparameter: Sendable, Equatable {
  /// The recipe key, such as `emaDecay`.
  public var key: String
  /// The name in forms.
  public let title: String
  /// One line of help for the form and the command line.
  public let help: String
  /// The initial value.
  public var initial: SettingValue
  /// The values that it accepts.
  public let range: SettingRange
  /// The value in runs from before the key existed; nil for the initial value.
  public let before: SettingValue?
  /// The key of the extractor whose layer this selects; nil if it selects none.
  public var layerOf: String?
}

/// A hyperparameter of any type, as a card lists it.
public protocol ListedHyperparameter: Sendable {
  /// The hyperparameter without its type.
  var untyped: AnyHyperparameter { get }
}

extension Hyperparameter: ListedHyperparameter {}

// MARK: cards

/// The catalogue entry of a method or a model.
public struct Card: Sendable, Equatable {
  /// The id in recipes, logs and tables: lower case with hyphens.
  public let id: String
  /// The displayed name.
  public let title: String
  /// One line: what it does.
  public let summary: String
  /// Authors, year, identifier; empty if there is none.
  public let paper: String
  /// The hyperparameters, in the order of the form.
  public let hyperparameters: [AnyHyperparameter]
  /// Initial values of other settings while this is selected.
  public let defaults: [DefaultSetting]

  public init(
    id: String, title: String, summary: String, paper: String = "",
    hyperparameters: [any ListedHyperparameter] = [], defaults: [DefaultSetting] = []
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.paper = paper
    self.hyperparameters = hyperparameters.map(\.untyped)
    self.defaults = defaults
  }
}

/// The initial value that a method or a data set gives to a setting of another owner. A test
/// compares its key with the cards, since a data set does not import the methods.
public struct DefaultSetting: Sendable, Equatable {
  /// The dotted recipe key, such as `training.epochs`.
  public let key: String
  public let value: SettingValue
  /// The method that it applies to; nil for all methods.
  public let method: String?

  public init(_ key: String, _ value: some HyperparameterValue, method: String? = nil) {
    self.key = key
    self.value = value.setting
    self.method = method
  }
}

// MARK: declaring one

extension Hyperparameter where Value == Double {
  /// A number in `range`. `before` is its value in runs from before the key existed; nil for
  /// `initial`.
  public init(
    _ key: String, _ title: String, help: String, initial: Double, range: ClosedRange<Double>,
    before: Double? = nil
  ) {
    self.init(key, title, help, initial, .real(range), before: before)
  }
}

extension Hyperparameter where Value == Adaptive {
  /// A number in `range`, or `auto`, from which it starts. The help says what `auto` depends on.
  public init(_ key: String, _ title: String, help: String, range: ClosedRange<Double>) {
    self.init(key, title, help, .auto, .adaptive(range))
  }
}

extension Hyperparameter where Value == Int {
  /// A whole number in `range`.
  public init(
    _ key: String, _ title: String, help: String, initial: Int, range: ClosedRange<Int>
  ) {
    self.init(key, title, help, initial, .integer(range))
  }
}

extension Hyperparameter where Value == Bool {
  /// A flag. `before` is its value in runs from before the key existed; nil for `initial`.
  public init(
    _ key: String, _ title: String, help: String, initial: Bool, before: Bool? = nil
  ) {
    self.init(key, title, help, initial, .flag, before: before)
  }
}

extension Hyperparameter where Value == String {
  /// One of `choices`, or any text if there are none.
  public init(
    _ key: String, _ title: String, help: String, initial: String, choices: [String] = []
  ) {
    self.init(key, title, help, initial, .choice(choices))
  }

  /// Initial weights: one of `choices`, or the path of a safetensors file.
  public static func weights(
    _ key: String, _ title: String, help: String, initial: String, choices: [String]
  ) -> Hyperparameter {
    Hyperparameter(key, title, help, initial, .weights(choices))
  }

  /// The layer of the pre-trained network that `extractor` selects; the network's card has the
  /// names. `what` is its output in words.
  public static func layer(
    _ key: String, of extractor: Hyperparameter<String>, _ what: String
  ) -> Hyperparameter {
    Hyperparameter(
      key, "layer of \(what)",
      "layer of that pre-trained network; default: the one its card names first", "default",
      .choice([]), layerOf: extractor.key)
  }
}

extension Hyperparameter
where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the enumeration's names. `before` is that of runs from before the key existed; nil for
  /// `initial`.
  public init(
    _ key: String, _ title: String, help: String, initial: Value, before: Value? = nil
  ) {
    self.init(
      key, title, help, initial, .choice(Value.allCases.map(\.rawValue)), before: before)
  }
}

// MARK: the types

extension HyperparameterValue {
  public init?(setting: SettingValue) {
    guard let value = setting.value as? Self else { return nil }
    self = value
  }
}

extension Double: HyperparameterValue {
  public var setting: SettingValue { .real(self) }
}

extension Int: HyperparameterValue {
  public var setting: SettingValue { .integer(self) }
}

extension Bool: HyperparameterValue {
  public var setting: SettingValue { .flag(self) }
}

extension String: HyperparameterValue {
  public var setting: SettingValue { .choice(self) }
}

/// A number, or `auto`: the owner derives it from what the run has, such as the planned steps.
public enum Adaptive: HyperparameterValue {
  case auto
  case fixed(Double)

  public init?(setting: SettingValue) {
    switch setting {
    case SettingValue.auto: self = .auto
    case .real(let value): self = .fixed(value)
    case .integer, .flag, .choice: return nil
    }
  }

  public var setting: SettingValue {
    switch self {
    case .auto: .auto
    case .fixed(let value): .real(value)
    }
  }
}

extension HyperparameterValue where Self: RawRepresentable, RawValue == String {
  public init?(setting: SettingValue) {
    guard let name = String(setting: setting) else { return nil }
    self.init(rawValue: name)
  }

  public var setting: SettingValue { .choice(rawValue) }
}
