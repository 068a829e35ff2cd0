import Terminal
import Testing

/// How many pictures a second training may cost.
@Suite struct FramePacingTests {
  /// The moments of the pictures when messages come at `moments`; a loop that sleeps until the
  /// next message or the next picture, as the program's does.
  private func pictures(_ moments: [Double]) -> [Double] {
    var pacing = FramePacing()
    var pictures: [Double] = []
    for (i, now) in moments.enumerated() {
      pacing.wake(at: now)
      let next = i + 1 < moments.count ? moments[i + 1] : .infinity
      if let due = pacing.due, due < next {
        pictures.append(due)
        pacing.take(at: due)
      }
    }
    return pictures
  }

  @Test func aStormOfMessagesIsTenPicturesASecond() {
    let shown = pictures((0..<100_000).map { Double($0) * 1e-4 })
    #expect(shown.count > 90 && shown.count <= 101)
    for (before, after) in zip(shown, shown.dropFirst()) { #expect(after - before > 0.0999) }
  }

  @Test func whatIsToldTogetherIsOnePicture() {
    // Four times a second, three messages within two milliseconds.
    let moments = (0..<40).flatMap { group in
      (0..<3).map { Double(group) / 4 + Double($0) * 1e-3 }
    }
    #expect(pictures(moments).count == 40)
  }

  @Test func aMessageAfterAPauseIsShownWithinAnEyeblink() {
    let shown = pictures([0, 5, 60])
    #expect(shown.count == 3)
    for (moment, picture) in zip([0, 5, 60.0], shown) { #expect(picture - moment < 0.05) }
  }

  @Test func keysTakeMessagesAlongAndDelayNone() throws {
    var pacing = FramePacing()
    pacing.wake(at: 1)
    pacing.take(at: 1.01)  // a key drew
    #expect(pacing.due == nil)
    pacing.wake(at: 1.02)
    #expect(try #require(pacing.due) < 1.07)
  }

  /// 200 sizes in a second are at most forty pictures, and the last of them is drawn soon.
  @Test func aDraggedWindowIsDrawnNowAndThen() throws {
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
