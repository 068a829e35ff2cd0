import CNcurses
import Canvas
import Foundation

/// The terminal screen, drawn by ncurses. It is not `Sendable`: ncurses has process-wide state, so
/// one thread creates and uses it, and only one exists at a time.
public final class Curses {
  public struct Options: Sendable {
    /// The user's choices; nil to decide by the rules of `Tiers`.
    public var color: ColorTier?
    public var glyphs: GlyphTier?
    public var themeGlyphs: GlyphTier?
    public var mouse: Bool
    /// Whether to ask the terminal for its background colour.
    public var asksBackground: Bool
    /// Whether to draw pictures in pixels where the terminal says that it can.
    public var drawsImages: Bool
    public var environment: [String: String]
    /// The descriptors of the terminal.
    public var input, output: Int32

    public init(
      color: ColorTier? = nil, glyphs: GlyphTier? = nil, themeGlyphs: GlyphTier? = nil,
      mouse: Bool = true, asksBackground: Bool = false,
      drawsImages: Bool = false,
      environment: [String: String] = ProcessInfo.processInfo.environment,
      input: Int32 = 0, output: Int32 = 1
    ) {
      self.color = color
      self.glyphs = glyphs
      self.themeGlyphs = themeGlyphs
      self.mouse = mouse
      self.asksBackground = asksBackground
      self.drawsImages = drawsImages
      self.environment = environment
      self.input = input
      self.output = output
    }
  }

  public private(set) var color: ColorTier
  public let glyphs: GlyphTier
  /// The terminal's page; nil if it is not known.
  public let background: Theme.Meta.Background?
  /// How it draws pictures; nil for half blocks.
  public var images: ImageProtocol? { pictures.kind }
  let input: Int32
  private let output: Int32
  private let usesMouse: Bool
  private let term: String
  // ncurses owns these pointers until `stop`; only the thread of this object uses them.
  private let screen: OpaquePointer
  private let keyboard: UnsafeMutablePointer<WINDOW>
  private let files: [UnsafeMutablePointer<FILE>]
  private var painter: CellPainter
  private var pictures: PicturePainter
  /// While an answer of the terminal may still come.
  private var filter: AnswerFilter?
  private var shown: Grid?
  private var isRunning = true

  /// Takes control of the terminal. Throws if there is no usable terminfo entry for `TERM`.
  public init(_ options: Options = Options()) throws {
    let isUTF8 = CharacterSet.prepare()
    term = options.environment["TERM"] ?? ""
    (input, output) = (options.input, options.output)
    TrapRestore.remember(output)
    let answer = Curses.ask(options)
    background =
      answer.background ?? TerminalBackground.background(environment: options.environment)
    filter = answer.isWhole ? nil : AnswerFilter()
    let opened = try Curses.open(term, options)
    (screen, files) = (opened.screen, opened.files)
    // Keys are read through a pad, since reading through a window would refresh it.
    guard let pad = newpad(1, 1) else { throw TerminalError("ncurses is out of memory") }
    keyboard = pad
    let colors = Int(has_colors() ? (start_color() == OK ? scant_colors() : 0) : 0)
    let wanted = Tiers.color(
      flag: options.color, environment: options.environment, terminfoColors: colors)
    color = Curses.possible(wanted, colors)
    glyphs = Tiers.glyphs(
      flag: options.glyphs, theme: options.themeGlyphs, environment: options.environment,
      isUTF8: isUTF8)
    usesMouse = options.mouse
    for byte in answer.typed.reversed() { ungetch(Int32(byte)) }
    painter = CellPainter(colors: colors, isASCII: glyphs == .ascii)
    let hasPixels = scant_cell_size(options.output, nil, nil) == 0
    pictures = PicturePainter(
      glyphs == .ascii
        ? nil : answer.hasKitty ? .kitty : answer.hasSixel && hasPixels ? .sixel : nil)
    prepare()
    TrapRestore.arm(mouse: usesMouse)
  }

  deinit { stop() }

  /// Switches to the next higher number of colours of this terminal; after the highest, to none.
  public func cycleColor() -> ColorTier {
    let count = Int(has_colors() ? scant_colors() : 0)
    // On direct-colour terminals, small numbers are not palette indices.
    let tiers: [ColorTier] = count > 65536 ? [.mono, .direct] : [.mono, .sixteen, .indexed]
    let possible = tiers.filter { Curses.possible($0, count) == $0 }
    let here = possible.firstIndex(of: color) ?? possible.count - 1
    color = possible[(here + 1) % possible.count]
    return color
  }

  /// Copies text to the terminal's clipboard (OSC 52). False if the terminal is known to have no
  /// clipboard, or if the text is too long.
  public func copy(_ text: String) -> Bool {
    guard isRunning, !term.isEmpty, term != "linux", term != "dumb", !term.hasPrefix("vt") else {
      return false
    }
    let data = Data(text.utf8).base64EncodedString()
    guard data.utf8.count <= 74_994 else { return false }
    let bytes = Array("\u{1B}]52;c;\(data)\u{07}".utf8)
    return write(output, bytes, bytes.count) == bytes.count
  }

  /// Rings the terminal's bell.
  public func ring() { send("\u{07}") }

  /// Asks the terminal for a desktop notification (OSC 9) and rings the bell, for terminals that
  /// know no notifications. Control characters are left out.
  public func notify(_ text: String) {
    let plain = text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    send("\u{1B}]9;\(String(String.UnicodeScalarView(plain)).prefix(200))\u{07}\u{07}")
  }

  private func send(_ text: String) {
    guard isRunning, !term.isEmpty, term != "dumb" else { return }
    send(Array(text.utf8))
  }

  /// Past ncurses, all of it: a terminal may take a picture in several portions.
  private func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
      if count <= 0, errno != EINTR { return }
      sent += max(0, count)
    }
  }

  /// The width and height in cells.
  public var size: (width: Int, height: Int) {
    (Int(scant_columns()), Int(scant_lines()))
  }

  /// Draws the cells that differ from the last frame; sends nothing if none does.
  public func flush(_ grid: Grid, _ palette: Palette) {
    guard isRunning else { return }
    if painter.adopt(palette) || painter.isFull {
      painter.forgetPairs()
      shown = nil
    }
    let isFresh = shown == nil
    for rect in pictures.stale(beside: grid.pictures) {
      wredrawln(scant_screen(), Int32(rect.y), Int32(rect.height))
    }
    if shown.map({ $0.width != grid.width || $0.height != grid.height }) ?? true {
      werase(scant_screen())
    }
    for run in grid.changes(from: shown) where run.y < size.height && run.x < size.width {
      painter.paint(run, width: size.width)
    }
    shown = grid
    wnoutrefresh(scant_screen())
    doupdate()
    var cell: (width: Int32, height: Int32) = (1, 1)
    _ = scant_cell_size(output, &cell.width, &cell.height)
    send(
      pictures.update(
        to: grid.pictures, palette, isFresh: isFresh, cell: (Int(cell.width), Int(cell.height))))
  }

  /// The waiting keys, possibly none. It blocks at most for the escape delay.
  public func keys() -> [Key] {
    var keys: [Key] = []
    var code: wint_t = 0
    while isRunning, keys.count < 1024 {
      let kind = scant_read(keyboard, &code)
      if kind < 0 { break }
      if kind == 1 {
        keys += KeyDecoder.function(Int32(bitPattern: code))
      } else {
        keys += sifted(code).compactMap(KeyDecoder.character)
      }
    }
    // An escape that nothing follows is the key.
    return keys + (filter?.rest() ?? []).compactMap(KeyDecoder.character)
  }

  /// The codes that are keys, without the terminal's late answer, which comes in one piece.
  private func sifted(_ code: wint_t) -> [wint_t] {
    guard filter != nil else { return [code] }
    let (kept, found) = filter?.take(code) ?? ([code], nil)
    if case .attributes? = found { filter = nil }
    return kept
  }

  /// Only where there are colours to choose a theme for, or where pictures may be had.
  private static func ask(_ options: Options) -> TerminalBackground.Answer {
    let term = options.environment["TERM"] ?? ""
    let isSimple = ["linux", "dumb", ""].contains(term) || term.hasPrefix("vt")
    let images =
      options.drawsImages && TerminalBackground.mayDraw(environment: options.environment)
    guard options.asksBackground || images, !isSimple, isatty(options.input) == 1 else {
      return TerminalBackground.Answer(isWhole: true)
    }
    var answer = TerminalBackground.ask(
      input: options.input, output: options.output, images: images)
    if !images { (answer.hasKitty, answer.hasSixel) = (false, false) }
    return answer
  }

  /// Adopts the current terminal size, after SIGWINCH. True if it changed.
  @discardableResult
  public func fitToWindow() -> Bool {
    var columns: Int32 = 0, rows: Int32 = 0
    guard isRunning, scant_window(output, &columns, &rows) == 0, columns > 0, rows > 0 else {
      return false
    }
    guard columns != scant_columns() || rows != scant_lines() else { return false }
    resizeterm(rows, columns)
    redraw()
    return true
  }

  /// Makes the next `flush` redraw every cell, as after another program wrote to the terminal.
  public func redraw() {
    shown = nil
    scant_repaint_all()
  }

  /// Releases the terminal, stops the process as Ctrl-Z does, and takes control again when it
  /// continues. The whole process stops meanwhile.
  public func suspend() {
    guard isRunning else { return }
    leave()
    Signals.stopProcess()
    enter()
  }

  /// Releases the terminal for good.
  public func stop() {
    guard isRunning else { return }
    isRunning = false
    leave()
    TrapRestore.disarm()
    delwin(keyboard)
    delscreen(screen)
    for file in files { fclose(file) }
  }

  /// Releases the terminal for another program or the shell.
  public func leave() {
    send(pictures.clear())
    if usesMouse { scant_mouse_off() }
    curs_set(1)
    endwin()
  }

  /// Takes control again after `leave`.
  public func enter() {
    reset_prog_mode()
    curs_set(0)
    if usesMouse { _ = scant_mouse_on() }
    redraw()
    fitToWindow()
  }

  private func prepare() {
    use_default_colors()
    cbreak()
    noecho()
    nonl()
    intrflush(keyboard, false)
    keypad(keyboard, true)
    nodelay(keyboard, true)
    notimeout(keyboard, false)
    set_escdelay(25)
    typeahead(-1)
    leaveok(scant_screen(), true)
    // Shifted characters would take the pixels behind them along.
    if pictures.kind != nil { idcok(scant_screen(), false) }
    curs_set(0)
    if usesMouse { _ = scant_mouse_on() }
  }

  private typealias Opened = (screen: OpaquePointer, files: [UnsafeMutablePointer<FILE>])

  /// Streams over copies of the descriptors, so that closing them does not close the originals.
  private static func open(_ term: String, _ options: Options) throws -> Opened {
    // `xterm` says 8 colours where `xterm-256color` says 256; COLORTERM stands for more.
    let color = Tiers.color(
      flag: options.color, environment: options.environment, terminfoColors: 256)
    for entry in Tiers.entries(term: term, color: color) {
      guard let out = fdopen(dup(options.output), "w"), let inp = fdopen(dup(options.input), "r")
      else {
        throw TerminalError("the terminal cannot be opened: \(String(cString: strerror(errno)))")
      }
      if let screen = newterm(entry, out, inp) { return (screen, [out, inp]) }
      fclose(out)
      fclose(inp)
    }
    throw TerminalError("no terminfo entry for TERM=\(term); expected one such as xterm-256color")
  }

  /// The requested colour depth, limited by the terminfo entry, which has no index at or above its
  /// count.
  private static func possible(_ wanted: ColorTier, _ colors: Int) -> ColorTier {
    switch wanted {
    case .direct: colors > 65536 ? .direct : possible(.indexed, colors)
    case .indexed: colors >= 256 ? .indexed : possible(.sixteen, colors)
    case .sixteen: colors >= 8 ? .sixteen : .mono
    case .mono: .mono
    }
  }
}

/// Converts ncurses input to keys.
enum KeyDecoder {
  static func character(_ code: wint_t) -> Key? {
    switch code {
    case 9: return .tab
    case 10, 13: return .enter
    case 27: return .escape
    case 8, 127: return .backspace
    case 1...26: return Unicode.Scalar(code + 96).map { .ctrl(Character($0)) }
    case 0...31: return nil
    default: return Unicode.Scalar(code).map { .character(Character($0)) }
    }
  }

  /// Usually one key; several if mouse events arrived together.
  static func function(_ code: Int32) -> [Key] {
    if code == KEY_MOUSE { return mouse() }
    if let key = keys[code] { return [key] }
    return (1...24).first { scant_f(Int32($0)) == code }.map { [.f($0)] } ?? []
  }

  /// ncurses reports a burst of mouse events once and returns them in reverse order.
  private static func mouse() -> [Key] {
    let buttons: [Mouse.Button] = [.left, .middle, .right, .wheelUp, .wheelDown]
    var events: [Key] = []
    var x: Int32 = 0, y: Int32 = 0
    while events.count < 8 {
      let code = scant_mouse(&x, &y)
      guard code != 0 else { break }
      let action: Mouse.Action = code > 0 ? .press : .release
      let mouse = Mouse(x: Int(x), y: Int(y), button: buttons[Int(abs(code)) - 1], action: action)
      events.insert(.mouse(mouse), at: 0)
    }
    return events
  }

  private static let keys: [Int32: Key] = [
    KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right,
    KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_HOME: .home, KEY_END: .end,
    KEY_ENTER: .enter, KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_IC: .insert,
    KEY_BTAB: .backTab, KEY_A1: .home, KEY_A3: .pageUp, KEY_C1: .end, KEY_C3: .pageDown,
  ]
}
