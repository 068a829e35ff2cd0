import Canvas
import Foundation
import TestSupport
import Testing

/// What a theme is held to: contrast, colours that stay apart for every eye, and imports.
@Suite struct ThemeCheckTests {
  static let library = ThemeLibrary(folders: [ThemeTests.folder])

  @Test func atLeastEightThemesShip() {
    #expect(Self.library.names.count >= 8)
    for name in ["solarized-dark", "solarized-light", "cividis-dark", "mono", "tty16"] {
      #expect(Self.library.names.contains(name))
    }
  }

  @Test(arguments: library.names) func shippedThemesPass(name: String) throws {
    let report = ThemeReport(try Self.library.load(name))
    #expect(report.faults == [])
    if !["mono", "tty16"].contains(name) {
      #expect(report.series.count == 8)
      #expect(try #require(report.lowestMark).ratio >= 3)
      #expect(try #require(report.lowestText).ratio >= 4.5)
    }
  }

  @Test func terminalColoursAreNotChecked() throws {
    let report = ThemeReport(try Self.library.load("tty16"))
    #expect(report.series.isEmpty)
  }

  /// Greys stay greys (the rows of the matrices add up to one), reds and greens fall together.
  @Test func colourVisionDeficienciesReduceDistances() throws {
    for vision in ColorVision.allCases {
      for level in [UInt8(0), 90, 255] {
        let grey = RGB(level, level, level)
        #expect(vision.sees(grey).distance(to: grey) < 1)
      }
    }
    let red = try #require(RGB(hex: "#c04000")), green = try #require(RGB(hex: "#708000"))
    func apart(_ vision: ColorVision) -> Double {
      vision.sees(red).distance(to: vision.sees(green))
    }
    #expect(apart(.normal) > 60)
    #expect(apart(.deutan) < apart(.normal) / 3)
    #expect(ColorVision.tritan.sees(red) != red)
    #expect(ColorVision.normal.sees(red) == red)
  }

  @Test func similarSeriesAreReported() throws {
    let report = try check("series:\n  order: [\"#0072b2\", \"#e69f00\", \"#e6a005\"]\n")
    let near = report.series.filter(\.isTooClose)
    #expect(near.count == 8)
    #expect(near.allSatisfy { ($0.first, $0.second) == (1, 2) })
    #expect(report.faults.contains { $0.hasPrefix("series 1 and 2 are") })
    let twins = try check("series:\n  order: [\"#0072b2\", \"#0074b4\"]\n  teacher: 1\n")
    #expect((twins.series.first?.models ?? 99) < 3)
  }

  @Test func textOnSelectionsAndBadgesIsChecked() throws {
    let report = try check(
      "meta: {based_on: dark}\nui:\n  selection: \"#8090a0\"\n  badge: \"#c0c0c0\"\n")
    #expect(report.faults.contains { $0.contains("muted on selection has contrast") })
    #expect(report.faults.contains { $0.contains("badge on good has contrast") })
  }

  /// Lightness must not turn, so that a ramp is read in grey too.
  @Test func turningRampsAreReported() throws {
    let report = try check(
      "map:\n  value:\n    stops: [\"#202020\", \"#ffffff\", \"#404040\"]\n    levels: 64\n")
    #expect(report.turns.contains { $0.ramp == .value && $0.vision == .normal })
    #expect(report.faults.contains { $0.hasPrefix("ramp value turns back by") })
  }

  @Test func lowContrastTextIsReported() throws {
    let report = try check("meta: {background: light}\nui:\n  muted: \"#aaaaaa\"\n  oops: red\n")
    #expect(report.faults.contains { $0.contains("muted has contrast 2.32 in direct colours") })
    #expect(report.faults.first?.contains("odd.yaml:4: unknown key ui.oops") == true)
    #expect(report.lowestText?.role == .muted)
  }

  // MARK: btop

  private static let btop = """
    # Main background, empty for terminal default
    theme[main_bg]="#1a1b26"
    theme[main_fg]="#cc"
    theme[title]='#cfc9c2'
    theme[hi_fg]="125 207 255"
    theme[selected_bg]="#414868"
    theme[inactive_fg]="#8a92b5"
    theme[div_line]="#565f89"   # a remark
    theme[cpu_start]="#9ece6a"
    theme[cpu_mid]=""
    theme[cpu_end]="#f7768e"\r
    theme[free_mid]="none"
    not a setting
    """

  @Test func aBtopThemeIsConverted() throws {
    let btop = try BtopTheme(Self.btop, file: "night.theme")
    #expect(
      btop.problems.map(\.description) == [
        "night.theme:12: free_mid is not a colour; expected \"#RRGGBB\", \"#BW\" or \"R G B\"",
        "night.theme:13: no setting; expected theme[key]=\"value\"",
      ])
    let yaml = btop.yaml(name: "night\"\n: x")
    let loaded = try load(yaml)
    #expect(loaded.problems == [])
    #expect(loaded.theme.meta.name == "night x" && loaded.theme.meta.background == .dark)
    let palette = Palette(loaded.theme, .direct)
    let text = palette.style(ink: .role(.text), paper: .plain)
    #expect(text.foreground == 0xcccccc && text.background == 0x1a1b26)
    #expect(palette.style(ink: .role(.title), paper: .plain).attributes == .bold)
    #expect(palette.style(ink: .role(.borderFocus), paper: .plain).foreground == 0x7dcfff)
    #expect(palette.style(ink: .plain, paper: .role(.selection)).background == 0x414868)
    #expect(palette.style(ink: .plain, paper: .ramp(.sequential, 63)).background == 0xf7768e)
  }

  @Test func emptyBackgroundIsThatOfTheTerminal() throws {
    let btop = try BtopTheme("theme[main_bg]=\"\"\ntheme[main_fg]=\"#fff\"", file: "x")
    #expect(btop.problems.count == 1)
    let loaded = try load(btop.yaml(name: "x"))
    #expect(loaded.problems == [] && loaded.theme.meta.background == .any)
  }

  @Test(arguments: ["", "hello", "\u{0}\u{ff}", "theme[]=\"#fff000\"", "theme[x]"])
  func invalidBtopThemesAreErrors(text: String) {
    #expect(throws: ThemeProblem.self) { try BtopTheme(text, file: "odd") }
  }

  private func check(_ text: String) throws -> ThemeReport { ThemeReport(try load(text)) }

  private func load(_ text: String) throws -> ThemeLibrary.Loaded {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-theme-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("odd.yaml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return try ThemeLibrary(folders: [folder, ThemeTests.folder]).load("odd")
  }
}
