import Canvas
import Foundation

/// The last word on ASCII terminals: whatever a name or a sentence brought along is spelled out.
extension Grid {
  mutating func spellInASCII() {
    for y in 0..<height {
      for x in 0..<width where !self[x, y].glyph.isASCII {
        var cell = self[x, y]
        let isWide = cell.width == 2
        cell.glyph = Spelling.ascii(cell.glyph)
        cell.width = 1
        self[x, y] = cell
        if isWide { self[x + 1, y] = Cell(" ", ink: cell.ink, paper: cell.paper) }
      }
    }
  }
}

enum Spelling {
  private static let table: [Character: Character] = [
    "…": "~", "↺": "@", "·": ".", "×": "x", "→": ">", "∇": "g", "–": "-", "—": "-", "Δ": "d",
    "±": "+",
    "▸": ">", "►": ">", "▲": "^", "▼": "v", "■": "#", "◆": "*", "‖": "=", "✓": "*", "✗": "x",
    "│": "|", "─": "-", "┊": ":", "▓": "P", "░": "n", "≈": "~", "≠": "!", "α": "a", "β": "b",
    "ß": "s", "æ": "a", "ø": "o", "●": "o", "○": "o", "‘": "'", "’": "'", "“": "\"", "”": "\"",
  ]

  static func ascii(_ character: Character) -> Character {
    if let known = table[character] { return known }
    let base = String(character).decomposedScalars.first { $0.isASCII && $0.value >= 0x20 }
    return base.map { Character($0) } ?? "?"
  }
}

extension String {
  /// The scalars with accents taken off their letters.
  fileprivate var decomposedScalars: [Unicode.Scalar] {
    Array(decomposedStringWithCanonicalMapping.unicodeScalars)
  }
}

extension CaseIterable where Self: Equatable, AllCases: RandomAccessCollection {
  /// The case behind this one, the first after the last.
  var next: Self {
    let all = Array(Self.allCases)
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}
