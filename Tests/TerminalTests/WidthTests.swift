import CVTerm
import Canvas
import Terminal
import Testing

/// Our width function against the C library's, which ncurses uses to place the cursor.
@Suite struct WidthTests {
  @Test func widthsAgreeWithTheCLibrary() {
    guard CharacterSet.prepare() else { return }
    var different: [String] = []
    for value in UInt32(0x20)...0x2FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let known = Int(wcwidth(wchar_t(bitPattern: value)))
      // Not assigned, or private: drawn as a question mark anyway.
      if known < 0 || scalar.properties.generalCategory == .unassigned { continue }
      if known != scalar.columns { different.append(String(value, radix: 16)) }
    }
    #expect(different.count < 300, "\(different)")
  }

  /// What this program itself draws must not depend on luck.
  @Test func glyphWidthsAgree() {
    guard CharacterSet.prepare() else { return }
    let own = "─│┌┐└┘╭╮╰╯═║╔╗╚╝┤┊▏▎▍▌▋▊▉█▁▂▃▄▅▆▇░▒▓▀►◄‖■✗○✓▲▼△●◆·…→×αθΔ∇Σ‹›⠿⣿"
    for scalar in own.unicodeScalars {
      #expect(scalar.columns == 1, "\(scalar)")
      #expect(wcwidth(wchar_t(bitPattern: scalar.value)) == 1, "\(scalar)")
    }
  }
}
