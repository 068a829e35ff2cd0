// What the terminal is: whether its page is dark or light (OSC 11, or the environment), and whether
// it draws pixels.
import Canvas
import Glibc

/// Asks a terminal for its background colour, and for the protocols of pictures that it knows.
package enum TerminalBackground {
  /// What came back: the background, if any, and the bytes that were no answer but keys.
  package struct Answer: Equatable {
    package var background: Theme.Meta.Background?
    /// Whether it draws pictures by kitty's protocol, and whether by sixels.
    package var hasKitty = false, hasSixel = false
    package var typed: [UInt8] = []
    /// Whether the terminal has answered everything, so that nothing more is to come.
    package var isWhole = false
  }

  /// A terminal that does not answer in this time is taken to have nothing to say, ms.
  static let patience: Int32 = 100

  /// The colour of the background, and then the device attributes, which every terminal knows: an
  /// answer to the last question means that none to the others will come.
  package static func question(images: Bool) -> String {
    "\u{1B}]11;?\u{1B}\\" + (images ? KittyPicture.question : "") + "\u{1B}[c"
  }

  /// Whether pictures may be asked for: not within tmux and screen, which take the question for a
  /// title and show no pictures of kitty's.
  package static func mayDraw(environment: [String: String]) -> Bool {
    let term = environment["TERM"] ?? ""
    return environment["TMUX"] == nil && environment["STY"] == nil
      && !["tmux", "screen", "linux", "vt", "dumb"].contains { term.hasPrefix($0) } && !term.isEmpty
  }

  /// Asks and waits. The terminal must not be in use yet.
  package static func ask(input: Int32, output: Int32, images: Bool = false) -> Answer {
    var saved = termios()
    guard tcgetattr(input, &saved) == 0 else { return Answer(isWhole: true) }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    raw.c_iflag &= ~tcflag_t(ICRNL)
    guard tcsetattr(input, TCSANOW, &raw) == 0 else { return Answer(isWhole: true) }
    defer { tcsetattr(input, TCSANOW, &saved) }
    let bytes = Array(question(images: images).utf8)
    guard write(output, bytes, bytes.count) == bytes.count else { return Answer(isWhole: true) }
    return parse(collect(input))
  }

  /// The bytes that arrive until the answers are whole or the time is over.
  private static func collect(_ input: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    let end = TerminalLoop.now + Double(patience) / 1000
    while !parse(bytes).isWhole, bytes.count < 4096 {
      var entry = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
      let left = Int32(((end - TerminalLoop.now) * 1000).rounded(.up))
      guard left > 0, poll(&entry, 1, left) > 0 else { break }
      var buffer = [UInt8](repeating: 0, count: 256)
      let count = read(input, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    return bytes
  }

  /// Sorts bytes into answers and keys.
  package static func parse(_ bytes: [UInt8]) -> Answer {
    var answer = Answer()
    var filter = AnswerFilter()
    for byte in bytes {
      let (kept, found) = filter.take(UInt32(byte))
      answer.typed += kept.map { UInt8(truncatingIfNeeded: $0) }
      if case .color(let text) = found { answer.background = background(text) ?? answer.background }
      if case .graphics(let text) = found { answer.hasKitty = text.hasSuffix(";OK") }
      if case .attributes(let text) = found {
        answer.isWhole = true
        answer.hasSixel = text.split(separator: ";").dropFirst().contains("4")
      }
    }
    if answer.isWhole { answer.typed += filter.rest().map { UInt8(truncatingIfNeeded: $0) } }
    return answer
  }

  /// Of `11;rgb:RRRR/GGGG/BBBB` with one to four digits each; nil if it is something else.
  package static func background(_ text: String) -> Theme.Meta.Background? {
    guard text.hasPrefix("11;rgb:") || text.hasPrefix("11;rgba:") else { return nil }
    let parts = text.split(separator: ":").last?.split(separator: "/").prefix(3) ?? []
    let values = parts.compactMap { part -> UInt8? in
      guard (1...4).contains(part.count), let value = Int(part, radix: 16) else { return nil }
      return UInt8((Double(value) / Double(1 << (4 * part.count) - 1) * 255).rounded())
    }
    guard values.count == 3 else { return nil }
    return RGB(values[0], values[1], values[2]).luminance > 0.18 ? .light : .dark
  }

  /// Of `COLORFGBG`, such as `15;0`, which some terminals set; nil without it.
  package static func background(environment: [String: String]) -> Theme.Meta.Background? {
    guard let last = environment["COLORFGBG"]?.split(separator: ";").last, let color = Int(last)
    else { return nil }
    return color == 7 || color > 8 && color < 16 ? .light : .dark
  }
}

/// Takes a terminal's late answers out of what is typed: `ESC ] 11 ; … BEL` or `ESC \`,
/// `ESC _ G … ESC \`, and `ESC [ ? … c`. Everything else passes.
package struct AnswerFilter {
  package enum Found: Equatable {
    case color(String)
    /// What follows `ESC _ G`.
    case graphics(String)
    /// The numbers of `ESC [ ? … c`.
    case attributes(String)
  }

  private enum State {
    case keys, escape, bracket, color, colorEnd, graphics, graphicsEnd, attributes
  }

  private var state = State.keys
  private var held: [UInt32] = []
  /// Longer ones are no answers.
  private static let longest = 128

  package init() {}

  /// The codes that are keys now, and the answer that this code ends, if any.
  package mutating func take(_ code: UInt32) -> (kept: [UInt32], found: Found?) {
    held.append(code)
    let next = next(code)
    if state == .keys || held.count > Self.longest { return (rest(), nil) }
    return next.map { found in
      (state, held) = (.keys, [])
      return ([], found)
    } ?? ([], nil)
  }

  /// What is held back; nothing is after it.
  package mutating func rest() -> [UInt32] {
    defer { (state, held) = (.keys, []) }
    return held
  }

  private mutating func next(_ code: UInt32) -> Found? {
    switch (state, code) {
    case (.keys, 0x1B): state = .escape
    case (.escape, 0x5D): state = .color
    case (.escape, 0x5F): state = .graphics
    case (.escape, 0x5B): state = .bracket
    case (.bracket, 0x3F): state = .attributes
    case (.color, 0x07): return .color(body)
    case (.color, 0x1B): state = .colorEnd
    case (.colorEnd, 0x5C): return .color(body)
    case (.graphics, 0x1B): state = .graphicsEnd
    case (.graphicsEnd, 0x5C): return .graphics(body)
    case (.attributes, 0x63): return .attributes(String(body.dropFirst().dropLast()))
    case (.color, 0x20...0x7E), (.graphics, 0x20...0x7E): break
    case (.attributes, 0x30...0x39), (.attributes, 0x3B): break
    default: state = .keys
    }
    return nil
  }

  /// After `ESC` and the character behind it, without the end of a string.
  private var body: String {
    String(
      String.UnicodeScalarView(
        held.dropFirst(2).filter { $0 >= 0x20 && $0 != 0x5C }.compactMap(Unicode.Scalar.init)))
  }
}
