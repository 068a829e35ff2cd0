/// G8 and G9: what the screen and its events cost a training.
import Dispatch
import Foundation
import Lab

struct CostGoals {
  let pairs: Int
  let threads: Int

  func measure() throws -> [Goal] {
    let cost = try SlowDown((width: 120, height: 40), threads: threads).measure(pairs: pairs)
    func percent(_ seconds: Double) -> Double { 100 * seconds / cost.interval }
    func span(_ found: ScreenCost.Differences) -> String {
      let (low, high) = found.interval
      return String(format: "95 %% from %+.2f to %+.2f %%", percent(low), percent(high))
    }
    let emission = Self.emission(series: 16)
    let share = 100 * emission * 16 / cost.step
    return [
      Goal(
        "G8", "training slower by", percent(cost.near.median), atMost: 1, "%",
        """
        median of \(cost.near.count) pairs, \(span(cost.near)); of all steps up to the next \
        frame \(String(format: "%+.2f %%", percent(cost.far.median))), \(span(cost.far)); \
        \(String(format: "%.2f s", cost.interval)) between frames; \(cost.disturbed) left out
        """),
      Goal("G9", "emission of a scalar", emission * 1e9, atMost: 200, "ns", "16 series"),
      Goal(
        "G9", "emission of a step's scalars", share, atMost: 0.2, "% of a step",
        String(format: "a step of 'cnn' takes %.1f ms", 1000 * cost.step)),
    ]
  }

  /// Seconds that a training spends on one value of one series, events made and handed over.
  private static func emission(series count: Int) -> Double {
    let mailbox = Mailbox<Message>.messages()
    let stream = EventStream(run: "bench", after: nil) { mailbox.send(.events([$0])) }
    let names = (0..<count).map { "series/\($0)" }
    let values = Dictionary(uniqueKeysWithValues: names.map { ($0, Float(0.25)) })
    let steps = 64_000
    let start = DispatchTime.now()
    for step in 1...steps {
      stream.record(values, step: step, epoch: 1)
      if step % 640 == 0 { _ = mailbox.drain() }
    }
    return Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) * 1e-9
      / Double(steps * count)
  }
}
