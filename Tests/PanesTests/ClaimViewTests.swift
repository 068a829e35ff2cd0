// Sessions that test a claim, on 7 Sessions.
import Foundation
import Lab
import Panes
import TestSupport
import Testing

@Suite struct ClaimViewTests {
  /// As a kept table holds it; without an effect the claim was not run.
  private func finding(_ id: String, _ standing: String, _ effect: Double?) throws -> Finding {
    let numbers =
      effect.map {
        ", \"effect\": \($0), \"low\": \($0 - 0.1), \"high\": \($0 + 0.1), \"detectable\": 0.2"
      } ?? ""
    let text = """
      {"claim": "\(id)", "says": "Claim \(id).", "metric": "ap-macro", "row": "con-reg",
      "reference": "b1", "at": {}, "standing": "\(standing)", "seeds": 5\(numbers)}
      """
    return try JSONDecoder().decode(Finding.self, from: Data(text.utf8))
  }

  private func bench(_ width: Int, _ height: Int) throws -> Workbench {
    var row = Fixture.lesson("claimed")
    row.folder = URL(fileURLWithPath: "/sessions/claimed")
    row.findings = try [
      finding("above", "shown", 0.3), finding("below", "reversed", -0.3),
      finding("open", "open", nil),
    ]
    var bench = Scene.idle.bench(.sessions)
    bench.resize(width: width, height: height)
    bench.apply(.sessions([row, Fixture.lesson("1-first")]))
    return bench
  }

  private func lines(_ bench: Workbench, _ width: Int, _ height: Int) -> [String] {
    TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
  }

  @Test func claimsHaveAGroupAndTheirNumbers() throws {
    var bench = try bench(200, 60)
    _ = bench.handle(.down)
    let lines = lines(bench, 200, 60)
    let group = lines.firstIndex { $0.contains("claims, each with its test") }
    let lessons = lines.firstIndex { $0.contains("lessons, in their order") }
    #expect((group ?? .max) < (lessons ?? 0))
    let shown = lines.joined()
    #expect(shown.contains("Claim above.") && shown.contains("Shown: +0.300, 95 % +0.200 to"))
    #expect(shown.contains("Reversed: −0.300") && shown.contains("scant reproduce below"))
    #expect(shown.contains("No result is kept with the session."))
  }

  @Test func lowPaneCountsTheStandings() throws {
    var bench = try bench(80, 24)
    _ = bench.handle(.down)
    let lines = lines(bench, 80, 24)
    #expect(lines.contains { $0.contains("claims   1 shown, 1 reversed, 1 not run") })
  }
}
