import Foundation

/// A recording of frames as an asciicast, version 2: a header and one event per line. Format:
/// https://docs.asciinema.org/manual/asciicast/v2
public struct Asciicast: Sendable {
  private let palette: Palette
  private let width, height: Int
  private let title: String
  private var lines: [String] = []
  private var shown: Grid?
  private var start: Double?

  /// The maximum size, enough for an hour at ten frames per second. Later frames are dropped.
  static let mostFrames = 36_000

  /// The size of the first frame.
  public init(_ palette: Palette, width: Int, height: Int, title: String) {
    self.palette = palette
    (self.width, self.height) = (width, height)
    self.title = title
  }

  public var count: Int { lines.count }

  /// `time` is in seconds of any monotonic clock.
  public mutating func add(_ grid: Grid, at time: Double) {
    guard grid != shown, lines.count < Self.mostFrames else { return }
    let seconds = max(0, time - (start ?? time))
    start = start ?? time
    if let shown, shown.width != grid.width || shown.height != grid.height {
      lines.append(Self.event(seconds, "r", "\(grid.width)x\(grid.height)"))
    }
    var text = ANSIText(palette)
    text.draw(grid, over: shown)
    lines.append(Self.event(seconds, "o", text.text))
    shown = grid
  }

  public var text: String {
    let header =
      "{\"version\": 2, \"width\": \(width), \"height\": \(height), "
      + "\"title\": \(Self.json(title)), \"env\": {\"TERM\": \"xterm-256color\"}}"
    return ([header] + lines).map { $0 + "\n" }.joined()
  }

  private static func event(_ seconds: Double, _ kind: String, _ data: String) -> String {
    "[\(seconds.fixed(3)), \"\(kind)\", \(json(data))]"
  }

  private static func json(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(text) else { return "\"\"" }
    return String(decoding: data, as: UTF8.self)
  }
}

/// A frame as escape sequences (ECMA-48, and xterm's for colours), for recordings. ncurses draws
/// the screen itself.
struct ANSIText {
  private let palette: Palette
  private(set) var text = ""
  private var style: Style?

  init(_ palette: Palette) { self.palette = palette }

  /// The sequences that change `old` into this frame; the whole frame if `old` is nil or has
  /// another size.
  mutating func draw(_ grid: Grid, over old: Grid? = nil) {
    let isSame = old.map { $0.width == grid.width && $0.height == grid.height } ?? false
    if !isSame { text += "\u{1B}[0m\u{1B}[2J" }
    for run in grid.changes(from: isSame ? old : nil) {
      text += "\u{1B}[\(run.y + 1);\(run.x + 1)H"
      for cell in run.cells where cell.width > 0 { put(cell) }
    }
    if style != nil { text += "\u{1B}[0m" }
    style = nil
  }

  private mutating func put(_ cell: Cell) {
    let wanted = palette.style(ink: cell.ink, paper: cell.paper)
    if wanted != style {
      text += "\u{1B}[\(codes(wanted).map(String.init).joined(separator: ";"))m"
      style = wanted
    }
    text.append(cell.glyph)
  }

  private func codes(_ style: Style) -> [Int] {
    var codes = [0]
    let attributes: [(Style.Attributes, Int)] = [
      (.bold, 1), (.dim, 2), (.underline, 4), (.reverse, 7),
    ]
    for (attribute, code) in attributes where style.attributes.contains(attribute) {
      codes.append(code)
    }
    if let color = style.foreground { codes += self.color(color, base: 30) }
    if let color = style.background { codes += self.color(color, base: 40) }
    return codes
  }

  /// `base` is 30 for the foreground and 40 for the background.
  private func color(_ color: Int, base: Int) -> [Int] {
    switch palette.tier {
    case .direct where color > 7:
      [base + 8, 2, color >> 16 & 255, color >> 8 & 255, color & 255]
    case .indexed where color > 15: [base + 8, 5, color]
    default: color < 8 ? [base + color] : [base + 60 + color % 8]
    }
  }
}
