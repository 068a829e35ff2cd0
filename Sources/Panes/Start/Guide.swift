import Canvas
import Lab

/// A method's guide or a session's README, as text.
enum Guide {
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

  static func overlay(title: String, text: String) -> TextOverlay {
    let text = MarkdownText(text)
    return TextOverlay(title: title, widest: 92) { width, _ in
      text.lines(width: width).map { [$0] }
    }
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
