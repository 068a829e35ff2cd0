import Canvas
import Terminal
import Testing

/// The order in which flags, theme, environment and terminfo decide on colours and glyphs.
@Suite struct TiersTests {
  @Test func colour() {
    func tier(
      _ environment: [String: String], _ colors: Int, flag: ColorTier? = nil,
      theme: ColorTier? = nil
    ) -> ColorTier {
      Tiers.color(flag: flag, theme: theme, environment: environment, terminfoColors: colors)
    }
    #expect(tier([:], 256) == .indexed)
    #expect(tier([:], 88) == .sixteen)
    #expect(tier([:], 8) == .sixteen)
    #expect(tier([:], -1) == .mono)
    #expect(tier([:], 16_777_216) == .direct)
    #expect(tier(["COLORTERM": "truecolor"], 256) == .direct)
    #expect(tier(["COLORTERM": "24bit"], 256) == .direct)
    #expect(tier(["COLORTERM": "yes"], 256) == .indexed)
    #expect(tier(["COLORTERM": "truecolor"], 8) == .sixteen)
    #expect(tier(["COLORTERM": "truecolor", "NO_COLOR": "1"], 256) == .mono)
    #expect(tier(["NO_COLOR": "1"], 256) == .mono)
    #expect(tier(["NO_COLOR": ""], 256) == .indexed)
    #expect(tier(["NO_COLOR": "1"], 256, flag: .direct) == .direct)
    #expect(tier(["NO_COLOR": "1"], 256, theme: .sixteen) == .sixteen)
    #expect(tier(["FORCE_COLOR": "1"], 0) == .sixteen)
    #expect(tier(["CLICOLOR_FORCE": "1"], 256) == .indexed)
    #expect(tier(["NO_COLOR": "1", "FORCE_COLOR": "1"], 256) == .mono)
    #expect(tier(["CLICOLOR": "0"], 256) == .mono)
    #expect(tier(["CLICOLOR": "1"], 256) == .indexed)
    #expect(tier(["CLICOLOR": "0", "CLICOLOR_FORCE": "1"], 256) == .indexed)
  }

  @Test func glyphs() {
    func tier(
      _ term: String, _ isUTF8: Bool = true, flag: GlyphTier? = nil, theme: GlyphTier? = nil
    ) -> GlyphTier {
      Tiers.glyphs(flag: flag, theme: theme, environment: ["TERM": term], isUTF8: isUTF8)
    }
    #expect(tier("xterm-256color") == .unicode)
    #expect(tier("linux") == .ascii)
    #expect(tier("vt220") == .ascii)
    #expect(tier("xterm", false) == .ascii)
    #expect(tier("linux", flag: .block) == .block)
    #expect(tier("xterm", theme: .block) == .block)
    #expect(tier("vt100", theme: .block) == .ascii)
  }

  @Test func screen() {
    func isScreen(_ term: String?, _ input: Bool = true, _ output: Bool = true) -> Bool {
      Tiers.isScreen(
        environment: term.map { ["TERM": $0] } ?? [:], inputIsTTY: input, outputIsTTY: output)
    }
    #expect(isScreen("xterm"))
    #expect(!isScreen("dumb"))
    #expect(!isScreen(nil))
    #expect(!isScreen("xterm", false))
    #expect(!isScreen("xterm", true, false))
  }

  @Test func directEntries() {
    #expect(
      Tiers.entries(term: "tmux-256color", color: .direct)
        == ["tmux-direct", "xterm-direct", "tmux-256color"])
    #expect(Tiers.entries(term: "xterm", color: .indexed) == ["xterm"])
  }

  @Test func delaysAreStrippedFromTerminfo() {
    #expect(TrapRestore.withoutPadding("\u{1B}[m\u{F}$<2>x$<20/>") == "\u{1B}[m\u{F}x")
    #expect(TrapRestore.withoutPadding("a$<b") == "a$<b")
  }
}
