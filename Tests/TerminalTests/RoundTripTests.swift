import CVTerm
import Canvas
import Foundation
import Terminal
import TestSupport
import Testing

/// Real ncurses output, parsed by libvterm, equals the grid that was drawn. ncurses is one per
/// process, so everything that opens it is in this one serialised suite.
@Suite(.serialized) struct CursesTests {
  static let terms = ["xterm-256color", "tmux-256color", "screen-256color", "linux", "vt100"]

  static func isInstalled(_ term: String) -> Bool {
    ["/usr/share/terminfo", "/lib/terminfo", "/etc/terminfo"].contains {
      FileManager.default.fileExists(atPath: "\($0)/\(term.prefix(1))/\(term)")
    }
  }

  /// The last expectations: text of every cell, and its style as the palette says.
  static func expectEqual(_ emulator: Emulator, _ grid: Grid, _ palette: Palette, ascii: Bool) {
    var wrong: [String] = []
    for y in 0..<grid.height {
      for x in 0..<grid.width where grid[x, y].width > 0 {
        let cell = grid[x, y]
        let seen = emulator.cell(x, y)
        let text = String(ascii ? cell.glyph.asciiStandIn : cell.glyph)
        var style = palette.style(ink: cell.ink, paper: cell.paper)
        var shown = seen.style
        if text == " ", !style.attributes.contains(.reverse) {  // nobody sees a space's foreground
          (style.foreground, shown.foreground) = (nil, nil)
          style.attributes.remove(.bold)
          shown.attributes.remove(.bold)
        }
        if seen.text != text { wrong.append("\(x),\(y): '\(seen.text)' for '\(text)'") }
        if shown != style { wrong.append("\(x),\(y): \(shown) for \(style)") }
      }
    }
    #expect(wrong.prefix(4).joined(separator: "; ") == "")
  }

  @Test(arguments: terms) func roundTrip(term: String) throws {
    guard Self.isInstalled(term) else { return }
    let emulator = try Emulator(width: 60, height: 20)
    let curses = try open(emulator, term)
    defer { curses.stop() }
    let theme = try #require(ThemeLibrary.builtIn)
    let palette = Palette(theme, curses.color)
    let glyphs = theme.glyphSet(tier: curses.glyphs, color: curses.color)
    for frame in 0..<3 {
      let grid = Pictures.frame(frame, glyphs, width: 60, height: 20)
      curses.flush(grid, palette)
      emulator.settle()
      Self.expectEqual(emulator, grid, palette, ascii: curses.glyphs == .ascii)
    }
  }

  /// Konsole's entry writes colours in the form that libvterm reads.
  @Test func roundTripInDirectColour() throws {
    guard Self.isInstalled("konsole-direct") else { return }
    let emulator = try Emulator(width: 60, height: 20)
    let curses = try Curses(
      Curses.Options(
        color: .direct, environment: ["TERM": "konsole-256color"], input: emulator.inner,
        output: emulator.inner))
    defer { curses.stop() }
    #expect(curses.color == .direct)
    let palette = Palette(try #require(ThemeLibrary.builtIn), .direct)
    let grid = Pictures.frame(1, .unicode, width: 60, height: 20)
    curses.flush(grid, palette)
    emulator.settle()
    Self.expectEqual(emulator, grid, palette, ascii: false)
  }

  /// Another theme redraws everything in its colours, and keeps no pair of the old one.
  @Test func themesCanBeChanged() throws {
    let emulator = try Emulator(width: 60, height: 20)
    let curses = try open(emulator, "xterm-256color")
    defer { curses.stop() }
    let library = ThemeLibrary(folders: [SharedData.packageRoot.appendingPathComponent("themes")])
    for name in ["default", "high-contrast", "cividis-dark", "mono"] {
      let palette = Palette(try library.load(name).theme, curses.color)
      let grid = Pictures.frame(2, .unicode, width: 60, height: 20)
      curses.flush(grid, palette)
      emulator.settle()
      Self.expectEqual(emulator, grid, palette, ascii: false)
    }
  }

  @Test func colourDepthFollowsTheTerminal() throws {
    let wanted: [String: (ColorTier, GlyphTier)] = [
      "xterm-256color": (.indexed, .unicode), "tmux-256color": (.indexed, .unicode),
      "screen-256color": (.indexed, .unicode), "linux": (.sixteen, .ascii),
      "vt100": (.mono, .ascii),
    ]
    for (term, tiers) in wanted where Self.isInstalled(term) {
      let emulator = try Emulator(width: 20, height: 5)
      let curses = try open(emulator, term)
      #expect(curses.color == tiers.0 && curses.glyphs == tiers.1, "\(term)")
      curses.stop()
    }
  }

  @Test func onlyChangesAreSent() throws {
    let emulator = try Emulator(width: 60, height: 20)
    let curses = try open(emulator, "xterm-256color")
    defer { curses.stop() }
    let palette = Palette(try #require(ThemeLibrary.builtIn), curses.color)
    var grid = Pictures.frame(0, .unicode, width: 60, height: 20)
    curses.flush(grid, palette)
    #expect(emulator.settle().count > 500)
    curses.flush(grid, palette)
    #expect(emulator.settle().isEmpty)
    grid.text("7", x: 30, y: 3)
    curses.flush(grid, palette)
    let bytes = emulator.settle().count
    #expect(bytes > 0 && bytes < 40)
  }

  /// A picture comes once, goes when it is not drawn any more, and comes again after a redraw.
  @Test(arguments: [ImageProtocol.kitty, .sixel]) func picturesComeAndGo(kind: ImageProtocol) throws
  {
    let emulator = try Emulator(width: 60, height: 20)
    let answer = kind == .kitty ? "\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?1;2c" : "\u{1B}[?62;4c"
    let curses = try asked(emulator, answer)
    defer { curses.stop() }
    #expect(curses.images == kind)
    let palette = Palette(try #require(ThemeLibrary.builtIn), curses.color)
    var glyphs = GlyphSet.unicode
    glyphs.images = curses.images
    let map = HeatMap(rows: 8, columns: 20, values: (0..<160).map(Float.init), isPicture: true)
    var grid = Grid(width: 60, height: 20, glyphs: glyphs)
    grid.draw(map, in: Rect(x: 5, y: 3, width: 20, height: 5))
    let start = kind == .kitty ? "\u{1B}_Ga=T" : "\u{1B}P0;1;0q"
    func sent(_ grid: Grid) -> String {
      curses.flush(grid, palette)
      return String(decoding: emulator.settle(), as: UTF8.self)
    }
    emulator.settle()
    let first = sent(grid)
    #expect(first.contains("\u{1B}[4;6H" + start))
    #expect(sent(grid) == "")
    grid.text("7", x: 40, y: 15)
    #expect(!sent(grid).contains(start))
    curses.redraw()
    #expect(sent(grid).contains(start))
    let gone = sent(Grid(width: 60, height: 20, glyphs: glyphs))
    #expect(!gone.contains(start) && !gone.isEmpty)
    #expect(gone.contains("a=d") == (kind == .kitty))
  }

  /// A terminal without an answer, and one that was not to be asked.
  @Test func halfBlocksStayWithoutAnAnswer() throws {
    for (answer, environment) in [
      ("\u{1B}[?1;2c", ["TERM": "xterm-256color"]),
      ("\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;4c", ["TERM": "xterm-256color", "TMUX": "/tmp/t"]),
    ] {
      let emulator = try Emulator(width: 60, height: 20)
      let curses = try asked(emulator, answer, environment)
      #expect(curses.images == nil)
      curses.stop()
    }
  }

  /// A terminal with cells of 9 by 20 pixels that has answered already.
  private func asked(
    _ emulator: Emulator, _ answer: String,
    _ environment: [String: String] = ["TERM": "xterm-256color"]
  ) throws -> Curses {
    var raw = termios()
    tcgetattr(emulator.inner, &raw)
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(emulator.inner, TCSANOW, &raw)
    var size = winsize(ws_row: 20, ws_col: 60, ws_xpixel: 540, ws_ypixel: 400)
    _ = ioctl(emulator.inner, UInt(TIOCSWINSZ), &size)
    emulator.type(answer)
    return try Curses(
      Curses.Options(
        drawsImages: true, environment: environment, input: emulator.inner,
        output: emulator.inner))
  }

  @Test func allSizesDownToOneCellAreDrawn() throws {
    let emulator = try Emulator(width: 60, height: 20)
    let curses = try open(emulator, "xterm-256color")
    defer { curses.stop() }
    let palette = Palette(try #require(ThemeLibrary.builtIn), curses.color)
    for (width, height) in [(60, 20), (33, 7), (1, 1), (2, 1), (1, 5), (200, 60), (80, 24)] {
      emulator.resize(width: width, height: height)
      curses.fitToWindow()
      #expect(curses.size == (width, height))
      let grid = Pictures.frame(1, .unicode, width: width, height: height)
      curses.flush(grid, palette)
      emulator.settle()
      if width > 2 { Self.expectEqual(emulator, grid, palette, ascii: false) }
    }
  }

  @Test func gridsOfOtherSizesAreClipped() throws {
    let emulator = try Emulator(width: 20, height: 4)
    let curses = try open(emulator, "xterm-256color")
    defer { curses.stop() }
    let palette = Palette(try #require(ThemeLibrary.builtIn), curses.color)
    var grid = Grid(width: 50, height: 9)
    grid.text(String(repeating: "日", count: 25), x: 1, y: 0)
    curses.flush(grid, palette)
    emulator.settle()
    #expect(emulator.lines(20, 4)[0].hasPrefix(" 日"))
    #expect(emulator.cell(19, 0).text == " ")
    var small = Grid(width: 3, height: 1)
    small.text("abc", x: 0, y: 0)
    curses.flush(small, palette)
    emulator.settle()
    #expect(emulator.lines(20, 4)[0] == "abc" + String(repeating: " ", count: 17))
  }

  @Test func keysAreDecodedFromRawBytes() throws {
    let emulator = try Emulator(width: 20, height: 5)
    let curses = try open(emulator, "xterm-256color")
    defer { curses.stop() }
    let cases: [(String, [Key])] = [
      ("a é日", [.character("a"), .character(" "), .character("é"), .character("日")]),
      ("\r\t\u{7F}", [.enter, .tab, .backspace]),
      ("\u{1B}OA\u{1B}OB\u{1B}OD\u{1B}OC", [.up, .down, .left, .right]),
      ("\u{1B}[5~\u{1B}[6~\u{1B}OH\u{1B}OF", [.pageUp, .pageDown, .home, .end]),
      ("\u{1B}[Z\u{1B}OP\u{1B}[15~", [.backTab, .f(1), .f(5)]),
      ("\u{19}\u{1}", [.ctrl("y"), .ctrl("a")]),
      ("\u{1B}", [.escape]),
      ("\u{1B}q", [.escape, .character("q")]),
      (
        "\u{1B}[<0;5;3M\u{1B}[<0;5;3m\u{1B}[<64;1;1M",
        [
          .mouse(Mouse(x: 4, y: 2, button: .left)),
          .mouse(Mouse(x: 4, y: 2, button: .left, action: .release)),
          .mouse(Mouse(x: 0, y: 0, button: .wheelUp)),
        ]
      ),
    ]
    for (bytes, keys) in cases {
      emulator.type(bytes)
      usleep(5000)
      #expect(curses.keys() == keys, "\(bytes.debugDescription)")
    }
    #expect(curses.keys() == [])
  }

  @Test func terminalIsRestored() throws {
    let emulator = try Emulator(width: 20, height: 5)
    var before = termios(), during = termios(), after = termios()
    tcgetattr(emulator.inner, &before)
    let curses = try open(emulator, "xterm-256color")
    curses.flush(Grid(width: 20, height: 5), Palette(try #require(ThemeLibrary.builtIn), .indexed))
    tcgetattr(emulator.inner, &during)
    #expect(during.c_lflag & tcflag_t(ECHO | ICANON) == 0)
    emulator.settle()
    curses.stop()
    curses.stop()
    let tail = String(decoding: emulator.settle(), as: UTF8.self)
    tcgetattr(emulator.inner, &after)
    #expect(tail.contains("\u{1B}[?1049l") && tail.contains("\u{1B}[?25h"))
    #expect(tail.contains("\u{1B}[?1000l") || tail.contains("\u{1B}[?1006;1000l"))
    #expect(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag)
  }

  @Test func unknownTerminalIsAnError() throws {
    let emulator = try Emulator(width: 20, height: 5)
    #expect {
      _ = try open(emulator, "no-such-terminal")
    } throws: {
      "\($0)".contains("no terminfo entry for TERM=no-such-terminal")
    }
  }

  @Test func loopDeliversEvents() throws {
    let emulator = try Emulator(width: 20, height: 5)
    let curses = try open(emulator, "xterm-256color")
    defer { curses.stop() }
    let wakes = try WakePipe()
    var loop = TerminalLoop(curses, wakes: wakes, signals: try Signals())
    #expect(loop.next(timeout: 0.01) == .timeout)
    wakes.wake()
    wakes.wake()
    #expect(loop.next() == .woken)
    #expect(loop.next(timeout: 0) == .timeout)
    emulator.type("x\u{1B}OA")
    #expect(loop.next() == .keys([.character("x"), .up]))
    Thread.detachNewThread {
      usleep(100_000)
      wakes.wake()
    }
    let before = threadSeconds()
    #expect(loop.next() == .woken)
    #expect(threadSeconds() - before < 0.01)  // it slept instead of spinning
  }

  @Test func wakeUpsAreMergedAndTimely() throws {
    let emulator = try Emulator(width: 20, height: 5)
    let curses = try open(emulator, "xterm-256color")
    defer { curses.stop() }
    let wakes = try WakePipe()
    var loop = TerminalLoop(curses, wakes: wakes, signals: try Signals())
    let start = TerminalLoop.now
    wakes.holdOff(until: start + 0.3)
    for _ in 0..<100 { wakes.wake() }
    #expect(loop.next() == .woken)
    #expect(TerminalLoop.now >= start + 0.3)
    #expect(loop.next(timeout: 0.1) == .timeout)
    wakes.wake()  // for something that a key's picture shows too
    wakes.clear()
    #expect(loop.next(timeout: 0.1) == .timeout)
    wakes.wake()
    #expect(loop.next(timeout: 5) == .woken)
  }

  private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// A child that dies by a trap while the screen is up leaves the terminal as it was.
  @Test(arguments: [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE])
  func trapsRestoreTheTerminal(signal: Int32) throws {
    let reporter = Glibc.signal(signal, SIG_DFL)  // the child is to die without a report
    defer { _ = Glibc.signal(signal, reporter) }
    let emulator = try Emulator(width: 20, height: 5)
    var before = termios(), after = termios()
    tcgetattr(emulator.inner, &before)
    let curses = try open(emulator, "xterm-256color")
    defer { curses.stop() }
    curses.flush(Grid(width: 20, height: 5), Palette(try #require(ThemeLibrary.builtIn), .indexed))
    emulator.settle()
    #expect(scant_trap_in_child(signal) == signal)
    let tail = String(decoding: emulator.settle(), as: UTF8.self)
    tcgetattr(emulator.inner, &after)
    for part in ["\u{1B}[?1000l", "\u{1B}[?1006l", "\u{1B}[?25h", "\u{1B}[?1049l"] {
      #expect(tail.contains(part), "\(part.debugDescription)")
    }
    #expect(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag)
  }

  @Test func signalsBecomeInput() throws {
    let emulator = try Emulator(width: 20, height: 5)
    let curses = try open(emulator, "xterm-256color")
    defer { curses.stop() }
    Signals.block()  // on this thread, to which the signals below are sent
    var loop = TerminalLoop(curses, wakes: try WakePipe(), signals: try Signals())
    pthread_kill(pthread_self(), SIGTERM)
    #expect(loop.next(timeout: 1) == .interrupted(SIGTERM))
    pthread_kill(pthread_self(), SIGTSTP)
    #expect(loop.next(timeout: 1) == .suspended)
    pthread_kill(pthread_self(), SIGWINCH)
    #expect(loop.next(timeout: 0.02) == .timeout)  // the size is the same
    emulator.resize(width: 31, height: 7)
    pthread_kill(pthread_self(), SIGWINCH)
    #expect(loop.next(timeout: 1) == .resized)
    #expect(curses.size == (31, 7))
  }

  @Test func closedTerminalInterrupts() throws {
    var emulator: Emulator? = try Emulator(width: 20, height: 5)
    let inner = dup(try #require(emulator).inner)
    defer { close(inner) }
    let curses = try Curses(
      Curses.Options(environment: ["TERM": "xterm-256color"], input: inner, output: inner))
    defer { curses.stop() }
    var loop = TerminalLoop(curses, wakes: try WakePipe(), signals: try Signals())
    emulator?.hangUp()
    #expect(loop.next(timeout: 1) == .interrupted(SIGHUP))
    emulator = nil
  }

  private func open(_ emulator: Emulator, _ term: String) throws -> Curses {
    try Curses(
      Curses.Options(
        environment: ["TERM": term], input: emulator.inner, output: emulator.inner))
  }
}
