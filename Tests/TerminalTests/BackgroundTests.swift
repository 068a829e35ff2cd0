import Canvas
import Glibc
import Terminal
import Testing

/// The question for the terminal's background, and answers that come late.
@Suite struct BackgroundTests {
  @Test(arguments: [
    ("11;rgb:0000/0000/0000", Theme.Meta.Background.dark), ("11;rgb:ff/ff/ff", .light),
    ("11;rgb:fafa/fbfb/f7f7", .light), ("11;rgba:1e1e/1e1e/2e2e/ffff", .dark),
  ]) func coloursAreDarkOrLight(text: String, background: Theme.Meta.Background) {
    #expect(TerminalBackground.background(text) == background)
  }

  @Test(arguments: [
    "", "11;?", "10;rgb:ff/ff/ff", "11;rgb:ff/ff", "11;rgb:fffff/0/0", "11;rgb:x/y/z",
  ])
  func otherTextsAreNoColours(text: String) {
    #expect(TerminalBackground.background(text) == nil)
  }

  @Test func answersAndKeysAreToldApart() {
    let bytes = Array("j\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\k\u{1B}[?62;4cq".utf8)
    let answer = TerminalBackground.parse(bytes)
    #expect(answer.background == .light && answer.isWhole)
    #expect(answer.typed == Array("jkq".utf8))
    let bell = TerminalBackground.parse(Array("\u{1B}]11;rgb:00/00/00\u{7}".utf8))
    #expect(bell.background == .dark && !bell.isWhole && bell.typed == [])
  }

  /// An arrow key, a lone escape and other sequences stay keys.
  @Test func keysPassTheFilter() {
    for keys in ["\u{1B}[A", "\u{1B}\u{1B}", "ab", "\u{1B}x", "\u{1B}[200c"] {
      var filter = AnswerFilter()
      var kept = keys.utf8.flatMap { filter.take(UInt32($0)).kept }
      kept += filter.rest()
      #expect(kept == keys.utf8.map(UInt32.init), "\(keys.debugDescription)")
    }
  }

  @Test func aLateAnswerIsTakenOut() {
    var filter = AnswerFilter()
    var kept: [UInt32] = []
    var found: [AnswerFilter.Found] = []
    for byte in "R\u{1B}]11;rgb:0f/14/1b\u{7}\u{1B}[?1;2cS".utf8 {
      let (keys, answer) = filter.take(UInt32(byte))
      kept += keys
      found += answer.map { [$0] } ?? []
    }
    #expect(kept == "RS".utf8.map(UInt32.init))
    #expect(found == [.color("11;rgb:0f/14/1b"), .attributes("1;2")])
  }

  /// Both protocols of pictures, and neither of them.
  @Test func picturesAreAnswers() {
    let kitty = TerminalBackground.parse(Array("\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;4c".utf8))
    #expect(kitty.hasKitty && kitty.hasSixel && kitty.isWhole && kitty.typed == [])
    let refused = TerminalBackground.parse(
      Array("x\u{1B}_Gi=31;EINVAL:no\u{1B}\\\u{1B}[?1;2c".utf8))
    #expect(!refused.hasKitty && !refused.hasSixel && refused.typed == Array("x".utf8))
    // 4 as the class of the terminal, and as a part of a number, is no sixel.
    for text in ["\u{1B}[?4c", "\u{1B}[?64;14;40c"] {
      #expect(!TerminalBackground.parse(Array(text.utf8)).hasSixel)
    }
  }

  @Test func pictureAnswersWithinTmuxAreNotAskedFor() {
    for environment in [
      ["TERM": "tmux-256color"], ["TERM": "screen-256color"], ["TERM": "xterm", "TMUX": "/tmp/x"],
      ["TERM": "linux"], ["TERM": "vt220"], [:],
    ] { #expect(!TerminalBackground.mayDraw(environment: environment)) }
    #expect(TerminalBackground.mayDraw(environment: ["TERM": "xterm-kitty"]))
    #expect(!TerminalBackground.question(images: false).contains("\u{1B}_G"))
    #expect(TerminalBackground.question(images: true).contains("a=q"))
  }

  @Test func theEnvironmentMaySayIt() {
    #expect(TerminalBackground.background(environment: ["COLORFGBG": "15;0"]) == .dark)
    #expect(TerminalBackground.background(environment: ["COLORFGBG": "0;default;15"]) == .light)
    #expect(TerminalBackground.background(environment: [:]) == nil)
  }

  /// Through a pseudo-terminal: an answer, and none at all within the patience.
  @Test(arguments: [true, false]) func aTerminalIsAsked(answers: Bool) throws {
    var (outer, inner): (Int32, Int32) = (-1, -1)
    try #require(openpty(&outer, &inner, nil, nil, nil) == 0)
    defer {
      close(outer)
      close(inner)
    }
    if answers {
      let bytes = Array("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\\u{1B}[?1;2c".utf8)
      // The terminal's end; in canonical mode a line would be waited for.
      var raw = termios()
      tcgetattr(inner, &raw)
      raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
      tcsetattr(inner, TCSANOW, &raw)
      try #require(write(outer, bytes, bytes.count) == bytes.count)
    }
    let start = TerminalLoop.now
    let answer = TerminalBackground.ask(input: inner, output: inner)
    #expect(answer.background == (answers ? .light : nil))
    #expect(answer.isWhole == answers)
    #expect(TerminalLoop.now - start < 5)
  }
}
