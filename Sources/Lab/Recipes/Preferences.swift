// What a person chose once and for all: `$XDG_CONFIG_HOME/scant/config.yaml`. Reading never fails:
// what is wrong is a problem with its line, and the rest counts.
import Formats
import Foundation

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

  /// How the screen was left. Screens and panes go by name.
  public struct Layout: Sendable, Equatable {
    public var screen: String?
    /// Thousandths of the screen that a pane takes above its share, or below it.
    public var widths: [String: Int] = [:]
    public var heights: [String: Int] = [:]
    public var folded: [String] = []

    public init() {}
  }

  /// Names; `nil` leaves the choice to the program.
  public var theme, glyphs, color: String?
  public var keys: [Binding] = []
  public var layout = Layout()
  /// `FILE:LINE: what is wrong; what was expected`.
  public internal(set) var problems: [String] = []
  /// The file holds something else than YAML, so that nothing may be written over it.
  public internal(set) var isUnreadable = false

  public static let glyphTiers = ["auto", "unicode", "block", "ascii"]
  public static let colorTiers = ["auto", "mono", "16", "256", "direct"]
  /// Ours, and the folders of data sets and weights, which others read.
  static let topKeys = ["theme", "glyphs", "color", "keys", "layout", "data", "weights"]
  /// What `remember` writes; the rest of the file is the person's own.
  static let writtenKeys = ["theme", "glyphs", "color", "layout"]

  public init() {}

  /// `$XDG_CONFIG_HOME/scant/config.yaml`, by default `~/.config/scant/config.yaml`.
  public static func file(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> URL {
    UserFolders(environment).configuration.appendingPathComponent("config.yaml")
  }

  /// A file that is not there is an empty one.
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
