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
