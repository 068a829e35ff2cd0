// Means on 6 Compare are of runs that differ in seed and fold alone, as in the table.
import Foundation
import Lab
import Panes
import TestSupport
import Testing

@Suite struct RunGroupTests {
  private let session: Session

  init() throws {
    session = try Session(
      yaml: """
        variants:
          - { name: light, method: con-reg, weight: 0.1, extractor: band-net }
          - { name: heavy, method: con-reg, weight: 3, extractor: band-net }
        seeds: [0, 1]
        sweep: { dataset.observed: [0.1, 0.2] }
        table: { columns: [ap-macro] }
        """, file: "s.yaml", folder: URL(fileURLWithPath: "/s/weights"))
  }

  /// Each run is finished; scores differ by 0.3 between variants and 0.1 between shares.
  private var bench: Workbench {
    var row = SessionRow(session)
    for (place, run) in session.runs.enumerated() {
      let heavy = run.variant == "heavy" ? 0.3 : 0
      let more = run.sweep["dataset.observed"] == "0.2" ? 0.1 : 0
      row.runs[place].summary.state = "done"
      row.runs[place].summary.scores = ["ap-macro": 0.4 + heavy + more]
    }
    var bench = Workbench(
      recipe: Recipe(), catalog: Fixture.catalog, session: "weights",
      runs: row.runs.map(\.summary), screen: .compare)
    bench.resize(width: 200, height: 60)
    bench.apply(.sessions([row]))
    bench.tick(100)
    return bench
  }

  private func lines(_ bench: Workbench) -> [String] {
    TestSupport.Screen.text(bench.draw(width: 200, height: 60, glyphs: .unicode))
  }

  @Test func variantsAndSharesAreMeansOfTheirOwn() {
    let lines = lines(bench)
    let expected = [
      "light 0.1 0.400 ± 0.000", "heavy 0.1 0.700 ± 0.000", "light 0.2 0.500 ± 0.000",
      "heavy 0.2 0.800 ± 0.000",
    ]
    for mean in expected { #expect(lines.contains { $0.contains(mean) }, "\(mean)") }
    #expect(lines.contains { $0.contains("by row: mean ± sd") })
  }

  /// `b` puts all runs of a method together.
  @Test func methodIsAWiderGroup() {
    var bench = bench
    _ = bench.handle(.character("b"))
    #expect(lines(bench).contains { $0.contains("con-reg 0.600 ± 0.1") })
  }

  /// `I`: the share is the axis, and each variant a curve.
  @Test func curvesBySettingLeaveTheSettingOut() {
    var bench = bench
    _ = bench.handle(.character("I"))
    let lines = lines(bench)
    #expect(lines.contains { $0.contains("light") && !$0.contains("light 0.") })
    #expect(lines.contains { $0.contains("0.500") && $0.contains("0.800") })
  }
}
