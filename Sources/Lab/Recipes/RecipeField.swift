// One setting as the form shows it.
import Acoustics
import Autograd
import Layers
import Models
import PlainYAML

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

/// What is wrong with a recipe or a session, and where.
public struct RecipeError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String?
  public var line: Int?
  public var key: String?
  /// "what is wrong; what was expected".
  public var message: String

  public init(file: String? = nil, line: Int? = nil, key: String? = nil, message: String) {
    self.file = file
    self.line = line
    self.key = key
    self.message = message
  }

  /// `FILE:LINE: key: what is wrong; what was expected`.
  public var description: String {
    let place = [file, line.map(String.init)].compactMap { $0 }.joined(separator: ":")
    let parts = [place.isEmpty ? nil : place, key, message].compactMap { $0 }
    // Keys, values and names of files may hold line breaks.
    return OneLine.text(parts.joined(separator: ": "))
  }

  func at(_ file: String, _ line: Int?) -> RecipeError {
    RecipeError(file: self.file ?? file, line: self.line ?? line, key: key, message: message)
  }

  /// "unknown key; did you mean 'epochs'?", or the keys there are.
  static func unknown(_ what: String, _ name: String, among known: [String]) -> String {
    let nearest = known.map { (distance(name, $0), $0) }.min { $0.0 < $1.0 }
    if let nearest, nearest.0 <= max(2, name.count / 3) {
      return "unknown \(what); did you mean '\(nearest.1)'?"
    }
    return "unknown \(what); expected one of \(known.joined(separator: ", "))"
  }
}

/// Edit distance (Levenshtein 1966) by rows.
private func distance(_ a: String, _ b: String) -> Int {
  let b = Array(b.lowercased())
  var row = Array(0...b.count)
  for (i, letter) in a.lowercased().prefix(100).enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let substituted = diagonal + (letter == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}

extension Recipe {
  /// Layers of the extractor that the recipe names, for the setting of a layer; else nil.
  func layers(for setting: AnyHyperparameter) -> [String]? {
    guard let owner = setting.layerOf, case .choice(let id)? = resolved(owner) else { return nil }
    let names = ExtractorCatalog.find(id)?.card.layers.map(\.name) ?? []
    return [ExtractorReference.firstLayer] + names
  }

  /// Throws one sentence where a layer is named that the extractor has not.
  func checkLayers() throws {
    for setting in settings {
      guard let known = layers(for: setting), let name = self[setting.key], !known.contains(name)
      else { continue }
      let id = setting.layerOf.flatMap { self[$0] } ?? ""
      throw LabError(
        "\(setting.key): \(id) has no layer '\(name)'; expected "
          + known.joined(separator: ", "))
    }
  }
}

extension Recipe {
  /// `training.optimizer` over `parameters`, with its own settings.
  func optimizer(of parameters: [(name: String, parameter: Parameter)]) -> any Optimizer {
    let training = self.training
    let decay = training[TrainingSettings.weightDecay]
    switch training[TrainingSettings.optimizer] {
    case .adam:
      let betas = (training[TrainingSettings.beta1], training[TrainingSettings.beta2])
      return Adam(parameters, betas: betas, weightDecay: decay)
    case .sgd:
      return SGD(
        parameters, momentum: training[TrainingSettings.momentum],
        nesterov: training[TrainingSettings.nesterov], weightDecay: decay)
    }
  }

  /// `training.schedule`, after `training.warmup`.
  var schedule: Schedule {
    let training = self.training
    let schedule: Schedule =
      switch training[TrainingSettings.schedule] {
      case .constant, .won2020: .constant
      case .steps: .halving
      case .epochs:
        .epochs(
          decayEpochs, of: training[TrainingSettings.epochs],
          factor: training[TrainingSettings.decayFactor])
      case .cosine: .cosine
      }
    let share = training[TrainingSettings.warmup]
    return share > 0 ? .warmup(share, then: schedule) : schedule
  }

  /// The epochs after which `schedule: epochs` lets the rate fall, from the first to the last.
  private var decayEpochs: [Int] {
    let first = training[TrainingSettings.decayFirst]
    return Array(first...max(first, training[TrainingSettings.decayLast]))
  }
}
