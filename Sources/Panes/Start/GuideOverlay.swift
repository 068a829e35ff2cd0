import Canvas
import Lab

/// A method's guide or a session's README, as text.
struct GuideOverlay: Overlay {
  let title: String
  let text: MarkdownText
  /// The first line shown.
  var first = 0

  private static let widest = 92
  private static let frame = (columns: 4, lines: 2)

  static let action = Action(
    .guide, "guide", "the text of a session or lesson; on 2 Method: of the method", [.f(2)], ask)

  /// Asks for the text that belongs to what is under the cursor.
  static func ask(_ bench: inout Workbench) -> [Effect] {
    switch bench.screen {
    case .method:
      guard let card = bench.catalog.methods[at: bench.cursor(.methods)] else {
        return bench.said("models have no guide; the cursor on a method shows the method's")
      }
      return [.engine(.guide(.method(card.id)))]
    case .sessions:
      return SessionScreen.chosenSession(bench).map { [.engine(.guide(.session($0.folder)))] }
        ?? bench.said("no session is under the cursor")
    default: return [.engine(.guide(.openSession))]
    }
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    guard let step = key.scrolledLines else {
      bench.overlay = nil
      return []
    }
    var overlay = self
    let room = max(1, bench.size.height - Self.frame.lines - 2)
    overlay.first = max(0, min(lines(bench.size.width).count - room, first + step))
    bench.overlay = overlay
    return []
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let all = lines(place.width)
    let room = max(1, place.height - Self.frame.lines)
    let start = min(first, max(0, all.count - room))
    return Box(
      title: title, note: all.count > room ? "j k scroll · esc closes" : "esc closes",
      lines: Array(all.dropFirst(start).prefix(room)))
  }

  private func lines(_ width: Int) -> [StyledText] {
    text.lines(width: min(Self.widest, width - Self.frame.columns))
  }
}

extension Action.ID {
  public static let guide = Self("guide")
}

/// The few marks of Markdown that guides use: headings, paragraphs, lists, code.
struct MarkdownText: Sendable {
  private enum Block {
    case heading(String)
    case paragraph(String)
    case item(mark: String, String)
    case code(String)
    case gap
  }

  private let blocks: [Block]

  init(_ text: String) {
    var blocks: [Block] = []
    var isFenced = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        isFenced.toggle()
      } else if isFenced || line.hasPrefix("    ") || line.hasPrefix("|") {
        blocks.append(.code(line))
      } else {
        Self.add(line, to: &blocks)
      }
    }
    self.blocks = blocks
  }

  private static func add(_ line: String, to blocks: inout [Block]) {
    let words = line.trimmingPrefix { $0 == " " }
    if words.isEmpty { return blocks.append(.gap) }
    if words.hasPrefix("#") {
      return blocks.append(.heading(plain(words.drop { $0 == "#" || $0 == " " })))
    }
    if let (mark, rest) = item(words) { return blocks.append(.item(mark: mark, plain(rest))) }
    switch blocks.last {
    case .paragraph(let before)?:
      blocks[blocks.count - 1] = .paragraph("\(before) \(plain(words))")
    case .item(let mark, let before)?:
      blocks[blocks.count - 1] = .item(mark: mark, "\(before) \(plain(words))")
    default: blocks.append(.paragraph(plain(words)))
    }
  }

  /// "- text" and "1. text".
  private static func item(_ words: Substring) -> (mark: String, text: Substring)? {
    for bullet in ["- ", "* "] where words.hasPrefix(bullet) {
      return ("-", words.dropFirst(2))
    }
    let digits = words.prefix { $0.isNumber }
    guard !digits.isEmpty, words.dropFirst(digits.count).hasPrefix(". ") else { return nil }
    return ("\(digits).", words.dropFirst(digits.count + 2))
  }

  private static func plain(_ text: some StringProtocol) -> String {
    String(text).replacing("**", with: "").replacing("`", with: "")
  }

  func lines(width: Int) -> [StyledText] {
    blocks.flatMap { block -> [StyledText] in
      switch block {
      case .heading(let text): text.wrapped(to: width).map { StyledText($0, .title) }
      case .paragraph(let text): text.wrapped(to: width).map { StyledText($0) }
      case .item(let mark, let text):
        text.wrapped(to: width - mark.columns - 1).enumerated().map { row, line in
          let lead = row == 0 ? "\(mark) " : String(repeating: " ", count: mark.columns + 1)
          return StyledText(lead + line)
        }
      case .code(let text): [StyledText(text.fitted(to: width), .good)]
      case .gap: [StyledText("")]
      }
    }
  }
}
