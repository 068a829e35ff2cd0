import Canvas
import Foundation
import TestSupport
import Testing

/// Theme files: what they may say, what is reported, and what reaches a terminal.
@Suite struct ThemeTests {
  static let shipped = [
    "default", "cividis-dark", "okabe-light", "high-contrast", "mono", "tty16", "solarized-dark",
    "solarized-light", "viridis-dark", "paper-light", "dark", "light",
  ]
  static let folder = SharedData.packageRoot.appendingPathComponent("themes")
  let library = ThemeLibrary(folders: [Self.folder])

  @Test(arguments: shipped) func shippedThemesAreValid(name: String) throws {
    let loaded = try library.load(name)
    #expect(loaded.problems.map(\.description) == [])
    #expect(loaded.theme.weakContrasts().map(\.description) == [])
  }

  @Test func allThemesAreListed() throws {
    #expect(Set(library.names) == Set(Self.shipped))
    #expect(ThemeLibrary(folders: []).names == ["default"])
    #expect(throws: ThemeProblem.self) { try library.load("nosuch") }
  }

  @Test func builtInThemeEqualsTheShippedFile() throws {
    let builtIn = try #require(ThemeLibrary.builtIn)
    #expect(try library.load("default").theme == builtIn)
  }

  @Test func problemsNameLinesAndFallBackToDefaults() throws {
    let loaded = try load(
      """
      meta:
        name: Odd
      ui:
        titel: red
        title: #ff0000
        warn: [red, 300]
        muted: ["#102030", 7]
      series:
        student: 99
      map: 3
      """)
    let text = loaded.problems.map(\.description)
    #expect(text.count == 5)
    #expect(text[0].contains("odd.yaml:4: unknown key ui.titel"))
    #expect(text[1].contains("odd.yaml:5: ui.title has no value; quote colours"))
    #expect(text[2].contains("odd.yaml:6: ui.warn is not valid"))
    #expect(text[3].contains(":9: series.student is not valid; expected a whole number from 0"))
    #expect(text[4].contains(":10: map is not valid; expected a section"))
    let builtIn = try #require(ThemeLibrary.builtIn)
    #expect(loaded.theme.ui["warn"] == builtIn.ui["warn"])
    #expect(loaded.theme.ui["muted"] != builtIn.ui["muted"])
    #expect(loaded.theme.meta.name == "Odd")
    #expect(loaded.theme.series == builtIn.series)
  }

  @Test(arguments: ["", "# nothing", "ui:\n", "meta: {based_on: odd}", "ui: {fg: 1}"])
  func incompleteThemesUseDefaults(text: String) throws {
    let theme = try load(text).theme
    #expect(theme.series.order.count == 6)
  }

  @Test(arguments: ["ui: [", "- a", "\t", "plain"]) func invalidThemeFilesAreErrors(text: String) {
    #expect {
      _ = try load(text)
    } throws: {
      ($0 as? ThemeProblem)?.description.contains("odd.yaml:") == true
    }
  }

  /// Nine levels of aliases, as values and as a key: refused before they are multiplied out.
  @Test(arguments: [false, true]) func aliasesAreRefused(asKey: Bool) {
    var lines = ["a0: &a0 { k: 1 }"]
    for level in 1...9 {
      let inside = (0..<9).map { "k\($0): *a\(level - 1)" }.joined(separator: ", ")
      lines.append("a\(level): &a\(level) { \(inside) }")
    }
    if asKey { lines.append("? *a9\n: 1") }
    let error = #expect(throws: ThemeProblem.self) { try load(lines.joined(separator: "\n")) }
    let alias = "not YAML: '*a0' is an alias; expected the values themselves"
    let key = "not YAML: '?' begins a key; expected 'key: value', or quotes around it"
    #expect(error?.message == (asKey ? key : alias))
    #expect(error?.line == (asKey ? 11 : 2))
  }

  @Test(arguments: ["ui: {fg: \"\u{1}\"}", "\"a\\nb\": 1\n\"a\\nb\": 2", "ui: {\"f\\ng\": 1}"])
  func problemsAreOneLine(text: String) throws {
    var said: [String] = []
    do { said = try load(text).problems.map(\.description) } catch { said = ["\(error)"] }
    #expect(said.count == 1)
    #expect(said[0].contains("odd.yaml"))
    #expect(!said[0].contains { $0.isNewline }, "\(said)")
  }

  @Test func yAndNStayLettersInYAML() throws {
    let loaded = try load("label:\n  negative: [n, y]\n")
    #expect(loaded.problems == [])
    #expect(loaded.theme.glyphSet(tier: .ascii, color: .mono).label(.negative) == "n")
    #expect(loaded.theme.glyphSet(tier: .unicode, color: .mono).label(.negative) == "y")
  }

  @Test func coloursPerColourDepth() throws {
    let theme = try load("ui:\n  warn: \"#d55e00\"\n  good: [\"#00ff00\", 46, green, bold]\n").theme
    func ink(_ role: Role, _ tier: ColorTier) -> Style {
      Palette(theme, tier).style(ink: .role(role), paper: .plain)
    }
    #expect(ink(.warn, .direct).foreground == 0xd55e00)
    #expect(ink(.warn, .indexed).foreground == 166)
    #expect(ink(.warn, .sixteen).foreground == 1)
    #expect(ink(.warn, .mono) == Style())
    #expect(ink(.good, .indexed).foreground == 46)
    #expect(ink(.good, .sixteen).foreground == 2)
    #expect(ink(.good, .mono) == Style(attributes: .bold))
    #expect(ink(.text, .indexed) == Style())
  }

  /// Bars and numbers of a selected row keep their colours on a paper; where the row is reversed,
  /// it is one piece.
  @Test func selectionIsAPaperOrReversedAsAWhole() throws {
    let dark = try library.load("dark").theme
    let row = Palette(dark, .direct).style(ink: .role(.student), paper: .role(.selection))
    #expect(row == Style(foreground: 0x5ba2ef, background: 0x26304a))
    let theme = try #require(ThemeLibrary.builtIn)
    let style = Palette(theme, .indexed).style(ink: .role(.student), paper: .role(.selection))
    #expect(style == Style(attributes: .reverse))
    let sixteen = Palette(dark, .sixteen).style(ink: .role(.student), paper: .role(.selection))
    #expect(sixteen == Style(attributes: .reverse))
  }

  @Test func badgesHaveTheirOwnInkOrAreReversed() throws {
    let dark = Palette(try library.load("dark").theme, .indexed)
    let badge = dark.style(ink: .role(.badge), paper: .role(.good))
    #expect(badge == Style(foreground: 233, background: 114, attributes: .bold))
    let builtIn = Palette(try #require(ThemeLibrary.builtIn), .indexed)
    let reversed = builtIn.style(ink: .role(.badge), paper: .role(.good))
    #expect(reversed == Style(foreground: 29, attributes: [.reverse, .bold]))
  }

  @Test func coloursBlendInDirectColourOnly() throws {
    let theme = try library.load("dark").theme
    let half = Ink.role(.good).mixed(with: .role(.page), 0.5)
    let direct = Palette(theme, .direct).style(ink: half, paper: .plain).foreground
    #expect(direct == 0x4e7c5c)
    let nearer = Ink.role(.good).mixed(with: .role(.page), 0.4)
    #expect(Palette(theme, .indexed).style(ink: nearer, paper: .plain).foreground == 114)
    #expect(Palette(theme, .indexed).style(ink: half, paper: .plain).foreground == 233)
  }

  @Test func rampsHaveLevelsAndStartAtTheBackground() throws {
    let palette = Palette(try library.load("dark").theme, .direct)
    let colors = (0...ColorRamp.top).map { level in
      palette.style(ink: .plain, paper: .ramp(.sequential, level)).background
    }
    #expect(colors[0] == 0x0f141b)
    #expect(Set(colors).count == 64)
    #expect(colors[63] == 0xfff8cf)
    let listed = Palette(try library.load("dark").theme, .indexed)
    #expect(listed.style(ink: .ramp(.value, 0), paper: .plain).foreground == 61)
    #expect(listed.style(ink: .ramp(.value, 63), paper: .plain).foreground == 86)
    let indexed = Palette(try library.load("cividis-dark").theme, .indexed)
    for level in 1..<64 {
      let color = indexed.style(ink: .ramp(.sequential, UInt8(level)), paper: .plain).foreground
      #expect((16...255).contains(try #require(color)))
    }
  }

  /// The table of the design: nearest cube entries of Okabe and Ito's colours.
  @Test(arguments: [
    ("#0072b2", 32), ("#e69f00", 214), ("#009e73", 36), ("#d55e00", 166), ("#56b4e9", 74),
    ("#cc79a7", 175), ("#000000", 16), ("#ffffff", 231), ("#80", 244),
  ]) func nearestOf256(hex: String, index: UInt8) throws {
    #expect(XtermPalette.nearest(to: try #require(RGB(hex: hex))) == index)
  }

  @Test func paletteColoursMapToThemselves() {
    for index in UInt8(16)...255 {
      let found = XtermPalette.nearest(to: XtermPalette.color(index))
      #expect(XtermPalette.color(found) == XtermPalette.color(index))
    }
  }

  @Test func contrastFollowsWCAG() throws {
    #expect(abs(RGB(0, 0, 0).contrast(with: RGB(255, 255, 255)) - 21) < 1e-9)
    #expect(abs(RGB(118, 118, 118).contrast(with: RGB(255, 255, 255)) - 4.54) < 0.01)
    let weak = try load("meta: {background: light}\nui:\n  muted: \"#aaaaaa\"\n").theme
    #expect(weak.weakContrasts().contains { $0.role == .muted && $0.tier == .direct })
  }

  private func load(_ text: String) throws -> ThemeLibrary.Loaded {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-theme-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.write(
      to: folder.appendingPathComponent("odd.yaml"), atomically: true, encoding: .utf8)
    return try ThemeLibrary(folders: [folder]).load("odd")
  }
}
