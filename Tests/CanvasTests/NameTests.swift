// Names in every writing: no letter lost, no line too wide, nothing that steers a terminal.
import Canvas
import Foundation
import Testing

@Suite struct NameTests {
  /// Hangul as a Mac writes file names, and the columns a terminal takes for it.
  static let decomposed: [(String, String, Int)] = [
    ("\u{1111}\u{1175}\u{110B}\u{1161}\u{1102}\u{1169}", "피아노", 6),
    ("\u{1100}\u{1175}\u{1110}\u{1161}", "기타", 4),
    ("\u{1103}\u{1173}\u{1105}\u{1165}\u{11B7}", "드럼", 4),
    ("\u{1107}\u{1161}\u{110B}\u{1175}\u{110B}\u{1169}\u{11AF}\u{1105}\u{1175}\u{11AB}", "바이올린", 8),
    ("\u{110F}\u{1173}\u{11AF}\u{1105}\u{1161}\u{1105}\u{1175}\u{1102}\u{1166}\u{11BA}", "클라리넷", 8),
    (
      "\u{1100}\u{1162}\u{110C}\u{1175}\u{11BD}\u{1102}\u{1173}\u{11AB}"
        + "\u{1109}\u{1169}\u{1105}\u{1175}", "개짖는소리", 10
    ),
  ]

  @Test(arguments: decomposed)
  func decomposedHangulIsComposed(name: String, composed: String, columns: Int) {
    #expect(name.columns == columns)
    #expect(Array(name.printable.unicodeScalars) == Array(composed.unicodeScalars))
    #expect(name.padded(to: 12).unicodeScalars.reduce(0) { $0 + $1.columns } == 12)
  }

  /// Vowel signs with a column of their own, conjuncts, halfwidth marks, old Hangul.
  @Test(arguments: [
    ("हारमोनियम", 9), ("वीणा", 4), ("हिन्दी", 5), ("น้ำตก", 4), ("বাঁশি", 4), ("வீணை", 3),
    ("ｶﾞ", 2), ("ᄒᆞᆫ", 2), ("\u{1112}\u{D7B0}\u{D7CB}", 2), ("ᄇ아", 4), ("മൃദംഗം", 5),
  ]) func allLettersAreKept(name: String, columns: Int) {
    let shown = name.printable.unicodeScalars
    #expect(Array(shown) == Array(name.precomposedForm.unicodeScalars), "\(name)")
    #expect(name.columns == columns && shown.reduce(0) { $0 + $1.columns } == columns)
    #expect(name.padded(to: 12).columns == 12)
  }

  /// Sequences as in Unicode's GraphemeBreakTest: letters stay, and what is counted is what is
  /// drawn, also when it is done twice.
  @Test func graphemeClustersKeepTheirLetters() {
    let parts: [Unicode.Scalar] = [
      " ", "\u{0D}", "\u{0A}", "\u{01}", "\u{34F}", "\u{1F1E6}", "\u{600}", "\u{A03}", "\u{1100}",
      "\u{1160}", "\u{11A8}", "\u{AC00}", "\u{AC01}", "\u{903}", "\u{904}", "\u{D4E}", "\u{915}",
      "\u{231A}", "\u{300}", "\u{93C}", "\u{94D}", "\u{200D}", "\u{E33}", "\u{FF9E}", "a",
    ]
    for a in parts {
      for b in parts {
        for c: Unicode.Scalar in [a, b, "a", "\u{94D}", "\u{1161}"] {
          let text = String(String.UnicodeScalarView([a, b, c]))
          let shown = text.printable
          #expect(shown.printable == shown, "\(a) \(b) \(c)")
          #expect(shown.columns == shown.scalarColumns, "\(a) \(b) \(c)")
          let letters = text.decomposedForm.unicodeScalars.filter(\.properties.isAlphabetic)
          let kept = shown.decomposedForm.unicodeScalars
          #expect(letters.allSatisfy { kept.contains($0) }, "\(a) \(b) \(c)")
          #expect(text.fitted(to: 2).scalarColumns <= 2 && text.padded(to: 7).scalarColumns == 7)
        }
      }
    }
  }

  @Test func wrappedLinesFitTheWidth() {
    let text = Self.decomposed.map(\.0).joined(separator: " ") + " हारमोनियम น้ำตก"
    for width in 2...20 {
      #expect(text.wrapped(to: width).allSatisfy { $0.scalarColumns <= width }, "\(width)")
    }
  }

  @Test func gridsHaveOneCellPerColumn() {
    var grid = Grid(width: 8, height: 1)
    #expect(grid.text(Self.decomposed[0].0, x: 0, y: 0) == 6)
    #expect(grid.text("का", x: 6, y: 0) == 2)
    #expect((0..<8).map { grid[$0, 0].width } == [2, 0, 2, 0, 2, 0, 1, 1])
    #expect(grid.lines == ["피아노का"])
  }

  @Test(arguments: [
    ("lo\u{1B}]0;owned\u{7}w", "lo^[]0;owned^Gw"), ("a\nb\tc", "a^Jb^Ic"), ("\u{7F}", "^?"),
    ("\u{9B}31m", "<U+009B>31m"), ("\u{202E}gpj", "<U+202E>gpj"), ("\u{2066}x", "<U+2066>x"),
    ("\u{0}", "^@"), ("\u{2028}", "<U+2028>"), ("naïve 日本 👨‍👩‍👧", "naïve 日本 👨‍👩‍👧"),
  ]) func controlCharactersAreEscaped(text: String, expected: String) {
    #expect(text.visible == expected)
    #expect((text + "\nx").visibleLines.hasSuffix("\nx"))
  }

  @Test func lineBreaksAreKept() {
    #expect("a\u{1B}\nb\r\nc\n".visibleLines == "a^[\nb^M\nc\n")
    #expect(
      "{\n\"a\u{9B}\u{202E}\u{7F}\": 1\n}".jsonWithVisibleText
        == "{\n\"a\\u009B\\u202E\\u007F\": 1\n}")
  }
}

extension String {
  /// As a terminal counts them.
  fileprivate var scalarColumns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

  fileprivate var decomposedForm: String { decomposedStringWithCanonicalMapping }

  fileprivate var precomposedForm: String { precomposedStringWithCanonicalMapping }
}
