// The user's preferences: `$XDG_CONFIG_HOME/scant/config.yaml`. Reading never fails: a wrong line
// is a problem, and the rest applies.
import Formats
import Foundation
import Yams

public struct Preferences: Sendable, Equatable {
  /// A line below `keys:`, as written.
  public struct Binding: Sendable, Equatable {
    public var key: String
    /// The name of an action, or `none`.
    public var action: String
    public var line: Int

    public init(key: String, action: String, line: Int = 0) {
      self.key = key
      self.action = action
      self.line = line
    }
  }

  /// The arrangement of the screen at the last exit; screens and panes by name.
  public struct Layout: Sendable, Equatable {
    public var screen: String?
    /// Difference of a pane's size from its share of the screen, in thousandths.
    public var widths: [String: Int] = [:]
    public var heights: [String: Int] = [:]
    public var folded: [String] = []
    /// Columns of the lists of runs: facts, metrics and settings; nil for those of the program.
    public var columns: [String]?

    public init() {}
  }

  /// Names; `nil` leaves the choice to the program.
  public var theme, glyphs, color: String?
  /// How the end of a run is announced: `off`, `bell` or `desktop`.
  public var notify: String?
  /// Whether spectrograms are drawn in pixels where the terminal can: `auto` or `off`.
  public var images: String?
  public var keys: [Binding] = []
  public var layout = Layout()
  /// `FILE:LINE: what is wrong; what was expected`.
  public internal(set) var problems: [String] = []
  /// The file does not hold YAML, so that it must not be overwritten.
  public internal(set) var isUnreadable = false

  public static let glyphTiers = ["auto", "unicode", "block", "ascii"]
  public static let colorTiers = ["auto", "mono", "16", "256", "direct"]
  /// Those read here, and the folders that `FolderConfiguration` reads.
  static let topKeys = [
    "theme", "glyphs", "color", "images", "notify", "keys", "layout", "data", "weights",
  ]
  public static let imageChoices = ["auto", "off"]
  public static let notifications = ["off", "bell", "desktop"]
  /// The keys that `remember` writes; the rest of the file belongs to the user.
  static let writtenKeys = ["theme", "glyphs", "color", "layout"]

  public init() {}

  /// `$XDG_CONFIG_HOME/scant/config.yaml`, by default `~/.config/scant/config.yaml`.
  public static func file(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> URL {
    UserFolders(environment).configuration.appendingPathComponent("config.yaml")
  }

  /// A file that does not exist counts as empty.
  public init(reading url: URL) {
    do {
      guard try StoredFile.exists(url) else { return }
      read(try YAMLDocument.text(of: url), file: url.path)
    } catch {
      problems = ["\(error)"]
      isUnreadable = true
    }
  }

  /// `file`: its name in messages.
  public init(yaml text: String, file: String) { read(text, file: file) }

  private mutating func read(_ text: String, file: String) {
    if text.split(whereSeparator: \.isNewline).allSatisfy(Self.saysNothing) { return }
    do { read(try YAMLDocument(text, file: file)) } catch {
      problems = ["\(error)"]
      isUnreadable = true
    }
  }

  private static func saysNothing(_ line: Substring) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    return text.isEmpty || text.hasPrefix("#")
  }
}

extension Preferences {
  mutating func read(_ document: YAMLDocument) {
    for (key, value) in document.root {
      let name = key.string ?? ""
      attempt {
        guard Self.topKeys.contains(name) else {
          throw document.unknown(name, key, among: Self.topKeys)
        }
        try $0.take(name, value, document)
      }
    }
  }

  private mutating func take(_ name: String, _ value: Node, _ document: YAMLDocument) throws {
    switch name {
    case "theme": theme = try document.scalar(value, name)
    case "glyphs": glyphs = try choice(value, name, Self.glyphTiers, document)
    case "color": color = try choice(value, name, Self.colorTiers, document)
    case "images": images = try choice(value, name, Self.imageChoices, document)
    case "notify": notify = try choice(value, name, Self.notifications, document)
    case "keys": try readKeys(value, document)
    case "layout": try readLayout(value, document)
    default: break
    }
  }

  private func choice(
    _ node: Node, _ key: String, _ names: [String], _ document: YAMLDocument
  ) throws -> String {
    let text = try document.scalar(node, key)
    guard names.contains(text) else {
      let expected = names.joined(separator: ", ")
      throw document.error(node, key, "'\(text)' is unknown; expected one of \(expected)")
    }
    return text
  }

  private mutating func readKeys(_ node: Node, _ document: YAMLDocument) throws {
    let lines = "lines such as 'Z: suspend'"
    for (_, key, value) in try document.pairs(node, "keys", expected: lines) {
      attempt {
        let label = try document.scalar(key, "keys")
        let action = try document.scalar(value, "keys.\(label)")
        $0.keys.append(Binding(key: label, action: action, line: key.mark?.line ?? 0))
      }
    }
  }

  private mutating func readLayout(_ node: Node, _ document: YAMLDocument) throws {
    let known = ["screen", "widths", "heights", "folded", "columns"]
    let expected = known.joined(separator: ", ")
    for (name, key, value) in try document.pairs(node, "layout", expected: expected) {
      attempt {
        switch name {
        case "screen": $0.layout.screen = try document.scalar(value, "layout.screen")
        case "widths": $0.layout.widths = try $0.shares(value, "layout.widths", document)
        case "heights": $0.layout.heights = try $0.shares(value, "layout.heights", document)
        case "folded": $0.layout.folded = try Self.names(value, "layout.folded", document)
        case "columns": $0.layout.columns = try Self.names(value, "layout.columns", document)
        default: throw document.unknown(name, key, below: "layout", among: known)
        }
      }
    }
  }

  private static func names(
    _ node: Node, _ key: String, _ document: YAMLDocument
  ) throws -> [String] {
    let isEmpty = node.sequence?.isEmpty ?? false
    return isEmpty ? [] : try document.list(node, key).map(\.text)
  }

  private func shares(
    _ node: Node, _ key: String, _ document: YAMLDocument
  ) throws -> [String: Int] {
    var shares: [String: Int] = [:]
    for entry in try document.entries(node, prefix: key) {
      guard let share = Int(entry.text), (-900...900).contains(share) else {
        throw document.error(
          line: entry.line, key: entry.key,
          "'\(entry.text)' is not a share; expected -900 to 900 thousandths")
      }
      shares[String(entry.key.dropFirst(key.count + 1))] = share
    }
    return shares
  }

  /// Does `work`; what it throws becomes a problem.
  private mutating func attempt(_ work: (inout Preferences) throws -> Void) {
    do { try work(&self) } catch { problems.append("\(error)") }
  }
}

extension Preferences {
  /// Writes the keys of `writtenKeys` into the file atomically, unless it has these values already.
  /// Throws one line if the file cannot be changed safely.
  public func remember(in url: URL) throws {
    // Read once: the new text is made from the same text that was checked.
    var text = try StoredFile.exists(url) ? YAMLDocument.text(of: url) : ""
    let before = Preferences(yaml: text, file: url.path)
    guard !before.isUnreadable, !Preferences(reading: url).isUnreadable else {
      throw LabError("\(before.problems.first ?? url.path); choices are not remembered")
    }
    guard !before.remembers(self) else { return }
    for key in Self.writtenKeys where lines(of: key) != before.lines(of: key) {
      text = Self.replacing(key, by: lines(of: key), in: text)
    }
    let after = Preferences(yaml: text, file: url.path)
    guard after.remembers(self), after.keys.map(\.action) == before.keys.map(\.action) else {
      throw LabError("\(url.path): not in lines of 'key: value'; choices are not remembered")
    }
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    // Through a link, so that a file kept elsewhere stays there.
    try AtomicFile.write(Data(text.utf8), to: url.resolvingSymlinksInPath())
  }

  private func remembers(_ other: Preferences) -> Bool {
    theme == other.theme && glyphs == other.glyphs && color == other.color
      && layout == other.layout
  }

  private func lines(of key: String) -> [String] {
    switch key {
    case "theme": theme.map { ["theme: \(YAMLText.quoted($0))"] } ?? []
    case "glyphs": glyphs.map { ["glyphs: \($0)"] } ?? []
    case "color": color.map { ["color: \(YAMLText.quoted($0))"] } ?? []
    default: layout.lines
    }
  }

  /// `text` with the block of a top-level key replaced, or added at its end.
  static func replacing(_ key: String, by block: [String], in text: String) -> String {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(String.init)
    if lines.last == "" { lines.removeLast() }
    guard let start = lines.firstIndex(where: { $0.hasPrefix("\(key):") }) else {
      return (lines + block).map { $0 + "\n" }.joined()
    }
    let rest = lines[(start + 1)...]
    var end = rest.firstIndex { $0.first.map { !" \t-}]".contains($0) } ?? false } ?? lines.count
    while end > start + 1, lines[end - 1].isEmpty { end -= 1 }
    lines.replaceSubrange(start..<end, with: block)
    return lines.map { $0 + "\n" }.joined()
  }
}

extension Preferences.Layout {
  fileprivate var lines: [String] {
    func shares(_ name: String, _ shares: [String: Int]) -> String? {
      let list = shares.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        .map { "\($0.key): \($0.value)" }
      return list.isEmpty ? nil : "  \(name): { \(list.joined(separator: ", ")) }"
    }
    let inner = [
      screen.map { "  screen: \(YAMLText.quoted($0))" }, shares("widths", widths),
      shares("heights", heights),
      folded.isEmpty ? nil : "  folded: [\(folded.sorted().joined(separator: ", "))]",
      columns.map { names in
        "  columns: [\(names.map { YAMLText.quoted($0) }.joined(separator: ", "))]"
      },
    ].compactMap { $0 }
    return inner.isEmpty ? [] : ["layout:"] + inner
  }
}
