// Numbering, batching and thinning of events, on a clock that the test turns.
import Lab
import Testing

@Suite struct EventStreamTests {
  private final class Clock {
    var now: UInt64 = 1_000
    var events: [Event] = []
  }

  private func stream(_ clock: Clock, after last: Event? = nil) -> EventStream {
    EventStream(run: "r", after: last, clock: { clock.now }, sink: { clock.events.append($0) })
  }

  private let line = LogLine(json: ["level": "warn", "code": "c", "text": "t"])

  private func progress(_ seen: Int) -> any EventBody {
    Progress(json: [
      "plannedSteps": 9, "clipsSeen": seen, "observedCellsSeen": 0, "lr": 0, "stepsPerSec": 0,
      "eta": 0,
    ])
  }

  @Test func scalarsAreSentInBatchesOf64() throws {
    let clock = Clock()
    let stream = stream(clock)
    for step in 1...130 { stream.record(["loss": Float(step)], step: step, epoch: 1) }
    stream.settle()
    let batches = clock.events.map { event -> Scalars? in
      if let batch = event.body as? Scalars { batch } else { nil }
    }
    #expect(batches.map { $0?.first } == [1, 65, 129])
    #expect(batches.map { $0?.n } == [64, 64, 2])
    #expect(batches.last??.series["loss"] == [129, 130])
    #expect(clock.events.map(\.seq) == [1, 2, 3])
    #expect(clock.events.map(\.step) == [64, 128, 130])
  }

  @Test func aMustDeliverEventClosesTheBatchBeforeIt() {
    let clock = Clock()
    let stream = stream(clock)
    stream.record(["loss": 1], step: 1, epoch: 1)
    stream.emit(line, step: 1, epoch: 1)
    #expect(clock.events.map(\.body.kind) == ["scalars", "log"])
  }

  @Test func batchIsClosedAfter250Milliseconds() {
    let clock = Clock()
    let stream = stream(clock)
    stream.record(["loss": 1], step: 1, epoch: 1)
    clock.now += 250_000_000
    stream.record(["loss": 2], step: 2, epoch: 1)
    #expect(clock.events.count == 1)
  }

  @Test func intermittentSeriesHaveNulls() {
    let clock = Clock()
    let stream = stream(clock)
    stream.record(["a": 1], step: 1, epoch: 1)
    stream.record(["b": 2], step: 2, epoch: 1)
    stream.settle()
    guard let batch = clock.events.first?.body as? Scalars else {
      Issue.record("no scalars")
      return
    }
    #expect(batch.series == ["a": [1, nil], "b": [nil, 2]])
  }

  @Test func latestEventsAreSentFourTimesASecond() {
    let clock = Clock()
    let stream = stream(clock)
    for millisecond in 0..<1000 {
      stream.emit(progress(millisecond), step: millisecond, epoch: 1)
      clock.now += 1_000_000
    }
    #expect(clock.events.map(\.step) == [0, 250, 500, 750])
    stream.settle()
    #expect(clock.events.last?.step == 999)
    #expect(clock.events.map(\.seq) == [1, 2, 3, 4, 5])
  }

  @Test func stepModeSendsEveryEvent() {
    let clock = Clock()
    let stream = stream(clock)
    for step in 1...5 { stream.emit(progress(step), step: step, epoch: 1, always: true) }
    #expect(clock.events.count == 5)
  }

  @Test func resumedRunContinuesCounting() {
    let clock = Clock()
    let stream = stream(clock, after: Samples.event(line, seq: 41))
    clock.now += 7
    stream.emit(line, step: 5, epoch: 1)
    #expect(clock.events.first?.seq == 42)
    #expect(clock.events.first?.t == 417)
  }
}
