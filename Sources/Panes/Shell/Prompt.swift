import Canvas
import Lab

/// A line of text that is asked for, such as a name or a path. It stays until what was asked for is
/// done, so that a mistake can be corrected.
struct Prompt: Overlay {
  let title: String
  /// What the text is for, a line each.
  let help: [String]
  var text: String
  /// Whether `tab` completes the text as the path of a folder.
  var completes = false
  /// The request for a text.
  let submit: @Sendable (String) -> Request
  /// Folders that the text may go on with.
  private var offers: [String] = []
  private var problem: String?
  private(set) var isWaiting = false

  init(
    _ title: String, help: [String], text: String = "", completes: Bool = false,
    submit: @escaping @Sendable (String) -> Request
  ) {
    (self.title, self.help, self.text, self.completes) = (title, help, text, completes)
    self.submit = submit
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    var prompt = self
    defer { if key != .escape { bench.overlay = prompt } }
    switch key {
    case .escape:
      bench.overlay = nil
      return []
    case .enter:
      let typed = text.trimmed
      guard !typed.isEmpty, !isWaiting else { return [] }
      (prompt.isWaiting, prompt.problem, prompt.offers) = (true, nil, [])
      return [.engine(submit(typed))]
    case .tab where completes: return [.engine(.complete(path: text))]
    default:
      prompt.text = LineEditing.apply(key, to: text)
      (prompt.isWaiting, prompt.problem, prompt.offers) = (false, nil, [])
      return []
    }
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let width = min(place.width - 4, 76)
    guard width > 20, place.height > 4 else { return nil }
    let shown = text.count > width - 7 ? "\(bench.glyphs.ellipsis)\(text.suffix(width - 8))" : text
    let lines =
      help.flatMap { StyledText($0, .muted).folded(to: width - 4) }
      + [StyledText("> \(shown)_", .title)] + answers(width - 4, bench)
    return Box(
      title: title, note: completes ? "tab completes, enter, esc" : "enter, esc",
      lines: lines.padded(to: width - 4))
  }

  /// Below the line: what is wrong, what is going on, or what the text may go on with.
  private func answers(_ width: Int, _ bench: Workbench) -> [StyledText] {
    if let problem { return StyledText(problem, .fault).folded(to: width) }
    if isWaiting {
      return [StyledText(bench.preparation?.sentence ?? "working \(bench.glyphs.ellipsis)", .warn)]
    }
    let more = offers.count - Self.mostOffers
    return offers.prefix(Self.mostOffers).map { StyledText("  \($0)", .muted) }
      + (more > 0 ? [StyledText("  and \(more) more", .muted)] : [])
  }

  private static let mostOffers = 6
}

extension Prompt {
  /// The answer to `tab`: the text as far as all folders agree, and their names.
  mutating func take(_ found: [String], of typed: String) {
    guard typed == text else { return }
    guard let first = found.first else {
      problem = "no folder begins like this"
      return
    }
    let common = found.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
    if common.count > text.count { text = common }
    offers =
      found.count == 1
      ? [] : found.map { String($0.dropLast().split(separator: "/").last ?? "") + "/" }
  }

  /// What was asked for was refused.
  mutating func refuse(_ reason: String) { (problem, isWaiting) = (reason, false) }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
