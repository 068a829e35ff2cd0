// Where the programs write: data to stdout, everything else to stderr.
import Canvas
import Foundation
import Synchronization

/// Names and quoted values may hold anything; whatever would steer the terminal is spelled out. A
/// bar that is being redrawn on the terminal's last line is erased before anything else is written.
package final class Console: Sendable {
  package static let shared = Console()

  /// stderr is a terminal: a bar can be redrawn in place.
  package let isTerminal = isatty(STDERR_FILENO) == 1
  package let usesColor: Bool
  package let usesUnicode: Bool
  /// The person or the terminal wants no colours.
  private let isPlain: Bool

  private struct State {
    var hasBar = false
    var isClosed = false
  }

  private let state = Mutex(State())

  private init() {
    let environment = ProcessInfo.processInfo.environment
    isPlain =
      !(environment["NO_COLOR"] ?? "").isEmpty || environment["CLICOLOR"] == "0"
      || environment["TERM"] == "dumb"
    usesColor = isTerminal && !isPlain
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    usesUnicode = locale.map { $0.uppercased().contains("UTF") } ?? false
  }

  /// Text for people, to stdout, ending in one newline. A reader that has gone away ends the
  /// output quietly; any other failure (a full disk) throws.
  package func print(_ text: String) throws { try write(line: text.visibleLines) }

  /// Lines of styled text, to stdout: in colour on a terminal that takes it, plain elsewhere.
  package func print(_ lines: [[StyledText]]) throws {
    let isColored = isatty(STDOUT_FILENO) == 1 && !isPlain
    try write(
      line: lines.map { pieces in
        pieces.map { isColored ? $0.painted : $0.text.visible }.joined()
      }.joined(separator: "\n"))
  }

  /// Text for programs (CSV, YAML), byte by byte, unless stdout is a terminal.
  package func print(data text: String) throws {
    try isatty(STDOUT_FILENO) == 1 ? print(text) : write(line: text)
  }

  /// A JSON document, or lines of JSON.
  package func print(jsonText text: String) throws { try write(line: text.jsonWithVisibleText) }

  /// Bytes of a file, to stdout.
  package func print(bytes: Data) throws { try write(Array(bytes)) }

  private func write(line text: String) throws {
    try write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }

  private func write(_ data: [UInt8]) throws {
    let failure = state.withLock { state -> Int32 in
      guard !state.isClosed else { return 0 }
      wipe(&state)
      let failure = writeAll(data, to: STDOUT_FILENO)
      if failure == EPIPE { state.isClosed = true }
      return failure
    }
    guard failure == 0 || failure == EPIPE else { throw OutputError(code: failure) }
  }

  /// One line for people, or a table, to stderr.
  package func say(_ line: String) { write(words: line.visibleLines) }

  /// `scant: FILE:LINE: what is wrong; what was expected`, to stderr: one line, whatever is quoted.
  package func complain(_ message: String) {
    let name = usesColor ? "\u{1B}[31mscant:\u{1B}[0m" : "scant:"
    let line = message.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    write(words: "\(name) \(line.visible)")
  }

  private func write(words: String) {
    state.withLock { state in
      wipe(&state)
      let text = words.hasSuffix("\n") ? words : words + "\n"
      _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
    }
  }

  /// Replaces the bar on the terminal's last line; no newline. Only the bar's own colours steer
  /// the terminal.
  package func redraw(_ bar: String) {
    state.withLock { state in
      wipe(&state)
      state.hasBar = true
      _ = writeAll(Array(bar.utf8), to: STDERR_FILENO)
    }
  }

  /// Columns of the terminal of stderr; 80 if unknown.
  package var width: Int { columns(of: STDERR_FILENO) }

  /// Columns of the terminal of stdout; 80 if unknown.
  package var outputWidth: Int { columns(of: STDOUT_FILENO) }

  private func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }

  private func wipe(_ state: inout State) {
    guard state.hasBar else { return }
    state.hasBar = false
    _ = writeAll(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
  }
}

/// stdout cannot be written.
package struct OutputError: Error, CustomStringConvertible {
  package let code: Int32
  package var description: String {
    "stdout: \(String(cString: strerror(code))); expected to write all of the output"
  }
}

/// Returns 0, or the `errno` that ended it.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  var rest = bytes
  while !rest.isEmpty {
    let count = Glibc.write(descriptor, rest, rest.count)
    if count >= 0 {
      rest.removeFirst(count)
    } else if errno == EAGAIN {
      usleep(1000)
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}

extension StyledText {
  /// In the sixteen colours of the terminal itself, whatever theme the workbench has.
  fileprivate var painted: String {
    if ink == .role(.badge), case .role(let back) = paper, let code = back.code {
      return "\u{1B}[7;\(code)m\(text.visible)\u{1B}[0m"
    }
    guard case .role(let role) = ink, let code = role.code else { return text.visible }
    return "\u{1B}[\(code)m\(text.visible)\u{1B}[0m"
  }
}

extension Role {
  /// The parameters of SGR (ECMA-48, 8.3.117); nil for the terminal's own colour.
  fileprivate var code: String? {
    switch self {
    case .title: "1"
    case .muted, .faint, .grid: "2"
    case .good: "32"
    case .warn: "33"
    case .fault: "31"
    case .selection: "7"
    case .series0, .series4, .accent: "36"
    case .series2: "32"
    case .series5, .series7: "35"
    case .series3, .series6: "33"
    default: nil
    }
  }
}

/// Rows of text in aligned columns, measured as the terminal shows them.
package struct ConsoleTable {
  private var rows: [[String]]
  private let rightAligned: Set<Int>

  /// `numbers`: the columns that are aligned at the right.
  package init(_ header: [String], numbers: Set<Int> = []) {
    rows = [header]
    rightAligned = numbers
  }

  package mutating func append(_ row: [String]) { rows.append(row) }

  package var text: String { lines.joined(separator: "\n") }

  /// The header first. Line ends within a cell are escaped.
  package var lines: [String] {
    let shown = rows.map { $0.map(\.visible.printable) }
    let columns = shown.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      shown.map { column < $0.count ? $0[column].columns : 0 }.max() ?? 0
    }
    return shown.map { row in
      var line = row.enumerated().map { column, text in
        text.padded(to: widths[column], rightAligned.contains(column) ? .right : .left)
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

extension Console {
  /// One JSON document: keys sorted, non-finite numbers as "nan", "inf", "-inf".
  package func print(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try print(jsonText: String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
