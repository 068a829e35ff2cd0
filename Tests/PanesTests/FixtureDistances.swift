// Distances between clips, made by hand: a model that comes closer to what it learns from.
import Canvas
import Lab
import Panes

extension FixtureRun {
  static let comparedClips = (0..<24).map { Fixture.dataset.clips[$0 * 6].id }

  /// Three groups of clips, by turns; `share` of the way from no order to that of the extractor.
  mutating func distances(_ extractor: String, share: Double, step: Int) {
    let n = Self.comparedClips.count
    func numbers(_ share: Double) -> String {
      let values = (0..<n * n).map { i -> Double in
        let (a, b) = (min(i / n, i % n), max(i / n, i % n))
        guard a != b else { return 0 }
        let group = a % 3 == b % 3 ? 0.15 : 1.1
        let noise = 0.2 + Double((a * 7 + b * 13) % 11) / 14
        return ((share * group + (1 - share) * noise) * 1000).rounded() / 1000
      }
      return values.map { "\($0)" }.joined(separator: ",")
    }
    let clips = Self.comparedClips.map { "\"\($0)\"" }.joined(separator: ",")
    add(
      body(
        """
        {"extractor":"\(extractor)","clips":[\(clips)],"ours":[\(numbers(share))],
        "theirs":[\(numbers(0.97))]}
        """) as Distances, step: step)
  }
}

enum DistanceScene {
  /// Con-Reg learns from two extractors; `epochs` are over.
  static func bench(epochs: Int, width: Int = 80, height: Int = 24) -> Workbench {
    var bench = Fixture.bench(.train)
    bench.resize(width: width, height: height)
    _ = bench.open()
    bench.apply(.dataset(Fixture.dataset))
    bench.apply(.run("con-reg-s0"))
    bench.tick(120)
    var run = FixtureRun("con-reg-s0")
    run.started(method: "con-reg")
    run.state("running", step: 0)
    run.train(0..<40 * max(1, epochs) - 2)
    for epoch in 0..<epochs {
      run.distances("vggish", share: 0.1 + 0.12 * Double(epoch), step: 40 * (epoch + 1))
      run.distances("openl3", share: 0.3 - 0.02 * Double(epoch), step: 40 * (epoch + 1))
    }
    bench.apply(.events(run.events))
    _ = bench.handle(.character("v"))
    return bench
  }
}
