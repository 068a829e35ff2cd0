// Whether the terminal's page is dark or light: a question to it (OSC 11), or the environment.
import Canvas
import Glibc

/// Asks a terminal for its background colour.
package enum TerminalBackground {
  /// What came back: the background, if any, and the bytes that were no answer but keys.
  package struct Answer: Equatable {
    package var background: Theme.Meta.Background?
    package var typed: [UInt8] = []
    /// Whether the terminal has answered everything, so that nothing more is to come.
    package var isWhole = false
  }

  /// A terminal that does not answer in this time is taken to have nothing to say, ms.
  static let patience: Int32 = 100

  /// The colour of the background, and then the device attributes, which every terminal knows: an
  /// answer to the second question means that none to the first will come.
  static let question = "\u{1B}]11;?\u{1B}\\\u{1B}[c"

  /// Asks and waits. The terminal must not be in use yet.
  package static func ask(input: Int32, output: Int32) -> Answer {
    var saved = termios()
    guard tcgetattr(input, &saved) == 0 else { return Answer(isWhole: true) }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    raw.c_iflag &= ~tcflag_t(ICRNL)
    guard tcsetattr(input, TCSANOW, &raw) == 0 else { return Answer(isWhole: true) }
    defer { tcsetattr(input, TCSANOW, &saved) }
    let bytes = Array(question.utf8)
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
      if case .attributes = found { answer.isWhole = true }
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

/// Takes a terminal's late answers out of what is typed: `ESC ] 11 ; … BEL` or `ESC \`, and
/// `ESC [ ? … c`. Everything else passes.
package struct AnswerFilter {
  package enum Found: Equatable {
    case color(String)
    case attributes
  }

  private enum State {
    case keys, escape, bracket, color, colorEnd, attributes
  }

  private var state = State.keys
  private var held: [UInt32] = []
  /// Longer ones are no answers.
  private static let longest = 64

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
    case (.escape, 0x5B): state = .bracket
    case (.bracket, 0x3F): state = .attributes
    case (.color, 0x07): return .color(body)
    case (.color, 0x1B): state = .colorEnd
    case (.colorEnd, 0x5C): return .color(body)
    case (.attributes, 0x63): return .attributes
    case (.color, 0x20...0x7E): break
    case (.attributes, 0x30...0x39), (.attributes, 0x3B): break
    default: state = .keys
    }
    return nil
  }

  /// Between `ESC ]` and the end.
  private var body: String {
    String(
      String.UnicodeScalarView(
        held.dropFirst(2).filter { $0 >= 0x20 && $0 != 0x5C }.compactMap(Unicode.Scalar.init)))
  }
}
