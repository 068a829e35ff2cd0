import Terminal
import Testing

/// How many pictures a second training may cost.
@Suite struct FramePacingTests {
  /// The moments of the pictures in ten seconds that never lack a message.
  private func pictures(cost: Double, keys: [Double] = []) -> [Double] {
    var pacing = FramePacing()
    var pictures: [Double] = []
    var keys = keys
    var now = 0.0
    while true {
      if let key = keys.first, key < max(now, pacing.earliest) {
        now = key
        pacing.touch(at: now)
        keys.removeFirst()
      } else {
        now = max(now, pacing.earliest)
        if now >= 10 { return pictures }
        pictures.append(now)
      }
      pacing.drawn(at: now, cost: cost)
    }
  }

  @Test func framesTakeAtMostHalfAPercentOfACore() {
    #expect((99...101).contains(pictures(cost: 1e-5).count))  // never more than ten a second
    #expect((49...51).contains(pictures(cost: 1e-3).count))
    #expect((24...26).contains(pictures(cost: 2e-3).count))
    #expect((19...21).contains(pictures(cost: 0.03).count))  // nor less than two
  }

  @Test func anActiveUserSeesTenFramesPerSecond() {
    let shown = pictures(cost: 0.01, keys: [4])
    #expect(shown.count { $0 < 4 } == 8)
    #expect((29...31).contains(shown.count { $0 > 4 && $0 <= 7 }))
    #expect(shown.count { $0 > 7.1 } <= 6)
  }

  @Test func oneExpensiveFrameDoesNotSlowLaterFrames() {
    var pacing = FramePacing()
    for step in 0..<40 { pacing.drawn(at: Double(step), cost: step == 0 ? 0.05 : 0.5e-3) }
    #expect(pacing.earliest < 39.11)
  }

  /// 200 sizes in a second are at most forty pictures, and the last of them is drawn soon.
  @Test func resizingIsDrawnAtALimitedRate() throws {
    var pacing = ResizePacing()
    var drawn: [Double] = []
    func draw(_ now: Double) {
      pacing.drawn(at: now)
      drawn.append(now)
    }
    for change in 0..<200 {
      let now = Double(change) / 200
      if let due = pacing.due, due <= now { draw(due) }
      if pacing.isDue(at: now) { draw(now) }
    }
    #expect(drawn.first == 0 && drawn.count <= 40)
    let last = try #require(pacing.due)
    #expect(last - 0.995 < 0.05)
    draw(last)
    #expect(pacing.due == nil)
    let isDueAtOnce = pacing.isDue(at: last + 1)
    #expect(isDueAtOnce)
  }
}
