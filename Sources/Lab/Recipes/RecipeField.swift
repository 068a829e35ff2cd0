// A setting as the form shows it, and what is wrong with a recipe.
import Layers
import PlainYAML

/// One line of the Method screen's form.
public struct RecipeField: Codable, Sendable, Equatable {
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
  /// The values of a setting with few of them; else empty.
  public var choices: [String]

  public var isChanged: Bool { value != initial }
}

extension RecipeField {
  /// Whether two texts are the same value: as numbers where both are (0.10 is 0.1), else as text.
  package static func equal(_ a: String, _ b: String) -> Bool {
    if let x = Double(a), let y = Double(b) { return x == y }
    return a == b
  }
}

extension RecipeField {
  init(_ setting: AnyHyperparameter, value: SettingValue) {
    let choices: [String] =
      switch setting.range {
      case .choice(let all), .weights(let all): all
      case .flag: ["yes", "no"]
      case .real, .adaptive, .integer: []
      }
    self.init(
      key: setting.key, title: setting.title, help: setting.help, value: value.description,
      initial: setting.initial.description, range: setting.range.description, choices: choices)
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

  /// "unknown key; did you mean 'epochs'?", or the known keys.
  package static func unknown(_ what: String, _ name: String, among known: [String]) -> String {
    if let nearest = nearest(name, among: known) {
      return "unknown \(what); did you mean '\(nearest)'?"
    }
    return "unknown \(what); expected one of \(known.joined(separator: ", "))"
  }

  /// The name that a person most likely meant; nil if all are too different. A dotted name is also
  /// found by its last parts: `augment.mixup` by `training.augment.mixup`.
  public static func nearest(_ name: String, among known: [String]) -> String? {
    let distances = known.map { (distance: endings(of: $0).map { distance(name, $0) }.min(), $0) }
    let nearest = distances.min { ($0.distance ?? .max) < ($1.distance ?? .max) }
    guard let nearest, let least = nearest.distance, least <= max(2, name.count / 3) else {
      return nil
    }
    return nearest.1
  }

  /// A dotted name, and what follows each of its dots.
  private static func endings(of name: String) -> [String] {
    let parts = name.split(separator: ".")
    return parts.indices.map { parts[$0...].joined(separator: ".") }
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
