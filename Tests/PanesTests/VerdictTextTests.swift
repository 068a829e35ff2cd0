// The verdict as text: every line fits, at 80 and at 120 columns, with Unicode and without.
import Canvas
import Foundation
import Lab
import Metrics
import Panes
import TestSupport
import Testing

extension Workbench {
  fileprivate var text: String {
    TestSupport.Screen.text(draw(width: 80, height: 24, glyphs: .unicode)).joined(separator: "\n")
  }
}

@Suite struct VerdictTextTests {
  /// Two methods on clips of three classes, the third without a positive.
  func verdict(names: [String] = ["flute", "drums", "rain"]) throws -> Verdict {
    let clips = 48
    func targets(_ clip: Int) -> [Float] { [clip % 2 == 0 ? 1 : 0, clip % 3 == 0 ? 1 : 0, 0] }
    func row(_ name: String, _ title: String, wrong: Int) throws -> OutOfFoldPredictions {
      let scores = (0..<clips).map { clip in
        targets(clip).map { target in
          (target > 0) == (clip % wrong != 0) ? Float(0.9) : 0.1
        }
      }
      return OutOfFoldPredictions(
        name: name, title: title, clips: (0..<clips).map { "\($0)" },
        groups: (0..<clips).map { "\($0 / 2)" },
        labelled: try LabelledScores(
          scores: scores, targets: (0..<clips).map(targets),
          observed: (0..<clips).map { _ in [true, true, true] }),
        seconds: 48)
    }
    let curve = try [(40, 3), (144, 11)].map { labels, wrong in
      LearningCurvePoint(
        labels: labels, positives: [Double(labels) / 4, Double(labels) / 6, 0],
        predictions: try row("transfer", "transfer (mn04)", wrong: wrong))
    }
    return try Verdict(
      Comparison(
        classes: names,
        rows: [
          try row("transfer", "transfer (mn04)", wrong: 11), try row("b1", "b1", wrong: 8),
          try row("b0", "b0", wrong: 2),
        ], curve: curve,
        facts: ComparisonFacts(
          name: "my-sounds", files: 24, clips: clips, groups: 24, observed: 0.38, seconds: 480,
          foldsTested: 5, folds: 5,
          problems: ["2 files cannot be read: broken.wav (ends early), zero.wav (no sound)"],
          folder: "my-sounds", runs: ["transfer": "my-sounds/scant/runs/transfer-s0"])),
      draws: 300)
  }

  @Test(arguments: [80, 120]) func everyLineFits(width: Int) throws {
    let verdict = try verdict()
    for glyphs in [GlyphSet.unicode, .ascii] {
      let text = VerdictText(verdict, width: width, glyphs: glyphs).plain
      for line in text.split(separator: "\n") {
        #expect(String(line).columns <= width, "\(String(line).columns) columns: \(line)")
      }
      #expect(!glyphs.isASCII || text.allSatisfy(\.isASCII), "\(text)")
      for word in [
        "my-sounds", "! 2 files cannot be read", "transfer (mn04)", "below A", "VERDICT",
        "by class", "too little", "more labels", "scant predict", "always \"absent\"",
      ] { #expect(text.contains(word), "no '\(word)' at \(width):\n\(text)") }
      #expect(width < 120 || text.contains("AP"))
    }
  }

  @Test func groupsHaveABracketAndALetter() throws {
    let lines = VerdictText(try verdict(), width: 120, glyphs: .unicode).plain
      .split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("A ╭ transfer (mn04)") && $0.contains("●") })
    #expect(lines.contains { $0.hasPrefix("  ╰ b1") && $0.hasSuffix("level") })
    #expect(lines.contains { $0.hasPrefix("B ╶ b0") && $0.hasSuffix("below A") })
  }

  @Test func verdictIsStoredWhole() throws {
    let verdict = try verdict()
    let stored = try JSONEncoder().encode(verdict)
    #expect(try JSONDecoder().decode(Verdict.self, from: stored) == verdict)
  }

  @Test func workbenchShowsTheVerdictOfASession() throws {
    var bench = Scene.idle.bench(.sessions)
    _ = bench.handle(.character("7"))
    let asked = bench.handle(.character("V"))
    guard case .engine(.sessions(.verdict(let folder)))? = asked.first else {
      Issue.record("V asks for nothing: \(asked)")
      return
    }
    #expect(folder?.lastPathComponent == "band-missing-labels")
    #expect(bench.handle(.character("6")).contains(.engine(.sessions(.list))))
    #expect(bench.handle(.character("V")) == [.engine(.sessions(.verdict(of: nil)))])
    bench.apply(.verdict(try verdict()))
    #expect(bench.text.contains("verdict") && bench.text.contains("transfer (mn04)"))
    for _ in 0..<8 { _ = bench.handle(.pageDown) }
    #expect(bench.text.contains("do not cover another training"))
    _ = bench.handle(.escape)
    #expect(!bench.text.contains("transfer (mn04)"))
  }

  @Test func namesCannotSteerTheTerminal() throws {
    let verdict = try verdict(names: ["fl\u{1B}[31mute", "ド\u{7}ラム", "rain"])
    let text = VerdictText(verdict, width: 80, glyphs: .unicode).plain
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{7F}" })
    for line in text.split(separator: "\n") { #expect(String(line).columns <= 80) }
  }
}
