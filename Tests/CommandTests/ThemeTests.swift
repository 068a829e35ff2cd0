/// `scant theme`: what it says of good and bad files, and themes of btop.
import Foundation
import Testing

@Suite struct ThemeCommandTests {
  let scant: Program
  init() throws { scant = try Program() }

  @Test func validThemePasses() throws {
    let outcome = try scant("theme", "check", "solarized-dark")
    #expect(outcome.status == 0 && outcome.err.isEmpty, "\(outcome.err)")
    for word in ["Solarized dark, background dark", "contrast of text", "deutan", "passes"] {
      #expect(outcome.out.contains(word), "\(outcome.out)")
    }
  }

  @Test func themeErrorsNameTheirLine() throws {
    try scant.write(
      "odd.yaml",
      "meta: { background: light }\nui:\n  titel: red\n  title: #ff0000\n  muted: \"#cccccc\"\n")
    let outcome = try scant("theme", "check", "odd.yaml")
    #expect(outcome.status == 1 && !outcome.out.contains("passes"))
    let all = outcome.complaints.joined(separator: "\n")
    #expect(all.contains("scant: odd.yaml:3: unknown key ui.titel"))
    #expect(all.contains("scant: odd.yaml:4: ui.title has no value; quote colours"))
    #expect(all.contains("scant: odd.yaml: muted has contrast 1.61 in direct colours"))
    let missing = try scant("theme", "check", "nosuch.yaml")
    #expect(missing.status == 1 && missing.complaints.count == 1)
  }

  @Test func aThemeOfBtopIsImported() throws {
    try scant.write(
      "night.theme", "theme[main_bg]=\"#101010\"\ntheme[main_fg]=\"#dd\"\nrubbish\n")
    let outcome = try scant("theme", "import-btop", "night.theme")
    #expect(outcome.status == 0)
    #expect(
      outcome.complaints == ["scant: night.theme:3: no setting; expected theme[key]=\"value\""])
    #expect(outcome.out.hasPrefix("meta:\n  name: \"night\"\n  background: dark\n"))
    #expect(try scant("theme", "import-btop", "night.theme", "--out", "night.yaml").out.isEmpty)
    let check = try scant("theme", "check", "night.yaml")
    #expect(!check.err.contains("unknown key"))
    let none = try scant("theme", "import-btop", "nosuch.theme")
    #expect(none.status == 1 && none.complaints.count == 1)
  }
}
