import PlainYAML
import Yams

/// Reads a theme. Invalid parts are reported with their line and ignored, so that the base theme
/// applies.
struct ThemeReader {
  let file: String
  private(set) var problems: [ThemeProblem] = []

  init(file: String) { self.file = file }

  /// The tree without its invalid parts. Throws a `ThemeProblem` if the text is not YAML.
  mutating func tree(_ text: String) throws -> Node {
    do {
      guard let node = try PlainYAML.compose(text) else { return Node.mapping([:]) }
      guard node.mapping != nil else {
        throw ThemeProblem(
          file, line: node.mark?.line, "not a theme; expected sections such as ui:")
      }
      return clean(node, .theme, path: "") ?? Node.mapping([:])
    } catch let problem as YAMLProblem {
      throw ThemeProblem(file, line: problem.line, "not YAML: \(problem.message)")
    }
  }

  /// `node` without the parts that do not match the schema; nil if nothing matches.
  private mutating func clean(_ node: Node, _ schema: ThemeSchema, path: String) -> Node? {
    if node.tag == Tag(.null) || node.scalar?.string == "" {
      report(node, "\(path) has no value; quote colours, since # starts a comment")
      return nil
    }
    guard schema.accepts(node) else {
      report(node, "\(path) is not valid; expected \(schema.expectation)")
      return nil
    }
    guard case .section(let keys) = schema, let mapping = node.mapping else { return node }
    var kept: [(Node, Node)] = []
    for (key, value) in mapping {
      let name = key.scalar?.string ?? "?"
      let full = path.isEmpty ? name : "\(path).\(name)"
      guard let inner = keys[name] else {
        report(key, "unknown key \(full); expected \(keys.keys.sorted().joined(separator: ", "))")
        continue
      }
      if let value = clean(value, inner, path: full) { kept.append((key, value)) }
    }
    return .mapping(Node.Mapping(kept))
  }

  private mutating func report(_ node: Node, _ message: String) {
    problems.append(ThemeProblem(file, line: node.mark?.line, message))
  }

  /// `upper` merged over `lower`: sections are merged key by key, other values are replaced.
  static func merge(_ upper: Node, over lower: Node) -> Node {
    guard let above = upper.mapping, let below = lower.mapping else { return upper }
    var pairs = below.map { ($0, $1) }
    for (key, value) in above {
      if let i = pairs.firstIndex(where: { $0.0.scalar?.string == key.scalar?.string }) {
        pairs[i].1 = merge(value, over: pairs[i].1)
      } else {
        pairs.append((key, value))
      }
    }
    return .mapping(Node.Mapping(pairs))
  }
}

/// A problem in a theme file: `FILE:LINE: what is wrong; what was expected`.
public struct ThemeProblem: Error, Sendable, Hashable, CustomStringConvertible {
  public let file: String
  public let line: Int?
  public let message: String

  public init(_ file: String, line: Int? = nil, _ message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  public var description: String {
    OneLine.text(line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)")
  }
}

/// The result of checking a theme.
public struct ThemeReport: Sendable {
  /// The lowest contrast of text and of marks.
  public struct Lowest: Sendable, Hashable {
    public let role: Role
    public let tier: ColorTier
    public let ratio: Double
  }

  public let name: String
  public let background: Theme.Meta.Background
  /// The problems of the file and of its base themes.
  public let problems: [ThemeProblem]
  public let weak: [Theme.Weak]
  public let lowestText, lowestMark: Lowest?
  public let series: [Theme.Likeness]
  public let turns: [Theme.Turn]

  public init(_ loaded: ThemeLibrary.Loaded) {
    let theme = loaded.theme
    name = theme.meta.name
    background = theme.meta.background
    problems = loaded.problems
    weak = theme.weakContrasts()
    lowestText = Self.lowest(theme, needing: 4.5)
    lowestMark = Self.lowest(theme, needing: 3)
    series = theme.seriesDistances()
    turns = theme.turningRamps()
  }

  /// The reasons why the theme fails, one line each.
  public var faults: [String] {
    problems.map(\.description) + weak.map(\.description)
      + series.filter(\.isTooClose).map(\.description) + turns.map(\.description)
  }

  private static func lowest(_ theme: Theme, needing ratio: Double) -> Lowest? {
    let roles = Role.allCases.filter { Theme.needed($0) == ratio }
    let all = [ColorTier.direct, .indexed].flatMap { tier in
      roles.compactMap { role in
        theme.contrast(of: role, tier).map { Lowest(role: role, tier: tier, ratio: $0) }
      }
    }
    return all.min { $0.ratio < $1.ratio }
  }
}
