import Canvas
import Lab

/// A line of text that is asked for, such as a name or a path. Every key is part of it but `enter`,
/// `esc` and `tab`.
struct Prompt: Overlay {
  /// What `tab` does.
  enum Tab: Sendable {
    case nothing
    /// Completes the text as the path of a folder.
    case completes
    /// Another prompt in place of this one; the words say which.
    case next(String, @Sendable (Prompt) -> Prompt)
  }

  let title: String
  /// What the text is for, a line each.
  let help: [String]
  var text: String
  let tab: Tab
  /// Whether the prompt stays until the engine has answered, so that a mistake can be corrected.
  var waits = true
  var mayBeEmpty = false
  /// What becomes of the text, without spaces around it.
  let submit: @Sendable (inout Workbench, String) -> [Effect]
  /// Folders that the text may go on with.
  private var offers: [String] = []
  private var problem: String?
  private(set) var isWaiting = false

  private static let longest = 4096

  init(
    _ title: String, help: [String], text: String = "", tab: Tab = .nothing, waits: Bool = true,
    mayBeEmpty: Bool = false,
    submit: @escaping @Sendable (inout Workbench, String) -> [Effect]
  ) {
    (self.title, self.help, self.text, self.tab) = (title, help, text, tab)
    (self.waits, self.mayBeEmpty, self.submit) = (waits, mayBeEmpty, submit)
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    var prompt = self
    switch (key, tab) {
    case (.escape, _):
      bench.overlay = nil
      return []
    case (.enter, _): return enter(&bench)
    case (.tab, .completes): return [.engine(.complete(path: text))]
    case (.tab, .next(_, let other)): prompt = other(self)
    default:
      prompt.text = LineEditing.apply(key, to: text, most: Self.longest)
      (prompt.isWaiting, prompt.problem, prompt.offers) = (false, nil, [])
    }
    bench.overlay = prompt
    return []
  }

  private func enter(_ bench: inout Workbench) -> [Effect] {
    let typed = text.trimmed
    guard mayBeEmpty || !typed.isEmpty, !isWaiting else { return [] }
    var prompt = self
    (prompt.isWaiting, prompt.problem, prompt.offers) = (true, nil, [])
    bench.overlay = waits ? prompt : nil
    return submit(&bench, typed)
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let width = min(place.width - 4, 76)
    guard width > 20, place.height > 4 else { return nil }
    let shown = text.count > width - 7 ? "\(bench.glyphs.ellipsis)\(text.suffix(width - 8))" : text
    let lines =
      help.flatMap { StyledText($0, .muted).folded(to: width - 4) }
      + [StyledText("> \(shown)_", .title)] + answers(width - 4, bench)
    return Box(
      title: title, note: note,
      lines: lines.padded(to: width - 4))
  }

  private var note: String {
    switch tab {
    case .nothing: "enter, esc"
    case .completes: "tab completes, enter, esc"
    case .next(let word, _): "tab: \(word), enter, esc"
    }
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
      problem = "no matching folder"
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
