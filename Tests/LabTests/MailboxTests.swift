// The mailbox: many sends make one wake-up, what must arrive arrives in order.
import Dispatch
import Lab
import Testing

@Suite struct MailboxTests {
  private func scalars(_ step: Int, _ n: Int = 1, seq: UInt64) -> Event {
    let values = (0..<n).map { Float?.some(Float(step + $0)) }
    return Samples.event(Scalars(first: step, n: n, series: ["loss": values]), seq: seq)
  }

  private func line(_ text: String, seq: UInt64) -> Event {
    Samples.event(LogLine(json: ["level": "warn", "code": "c", "text": text]), seq: seq)
  }

  private func progress(_ seen: Int, seq: UInt64) -> Event {
    Samples.event(
      Progress(json: [
        "plannedSteps": 9, "clipsSeen": seen, "observedCellsSeen": 0, "lr": 0, "stepsPerSec": 0,
        "eta": 0,
      ]),
      seq: seq)
  }

  private func events(_ messages: [Message]) -> [Event] {
    messages.flatMap { if case .events(let events) = $0 { events } else { [Event]() } }
  }

  @Test func manySendsWakeOnce() {
    let mailbox = Mailbox<Int>()
    let wakes = Counter()
    mailbox.onWake { wakes.add("wake") }
    for number in 0..<100 { mailbox.send(number) }
    #expect(wakes.lines.count == 1)
    #expect(mailbox.drain() == Array(0..<100))
    #expect(mailbox.drain().isEmpty)
    mailbox.send(1)
    #expect(wakes.lines.count == 2)
  }

  @Test func lateListenerIsWokenForPendingMessages() {
    let mailbox = Mailbox<Int>()
    mailbox.send(1)
    let wakes = Counter()
    mailbox.onWake { wakes.add("wake") }
    #expect(wakes.lines.count == 1)
  }

  @Test func scalarsAreMergedAndLatestEventsReplaced() {
    let mailbox = Mailbox<Message>.messages()
    for step in 1...1000 {
      mailbox.send(.events([scalars(step, seq: UInt64(2 * step))]))
      mailbox.send(.events([progress(step, seq: UInt64(2 * step + 1))]))
    }
    let waiting = events(mailbox.drain())
    #expect(waiting.count { $0.body is Progress } == 1)
    #expect(waiting.last?.body as? Progress == progress(1000, seq: 1).body as? Progress)
    let all = waiting.flatMap { event -> [Float?] in
      if let batch = event.body as? Scalars { batch.series["loss"] ?? [] } else { [] }
    }
    #expect(all == (1...1000).map { Float($0) })
    #expect(waiting.count <= 3)
  }

  @Test func requiredMessagesKeepTheirOrder() {
    let mailbox = Mailbox<Message>.messages()
    mailbox.send(.run("a"))
    mailbox.send(.events([scalars(1, seq: 1), line("first", seq: 2), scalars(2, seq: 3)]))
    mailbox.send(.events([progress(1, seq: 4), line("second", seq: 5), progress(2, seq: 6)]))
    mailbox.send(.problem(RequestProblem(code: .run, text: "one")))
    mailbox.send(.problem(RequestProblem(code: .run, text: "two")))
    mailbox.send(.run("b"))
    mailbox.send(.events([line("third", seq: 1)]))
    let messages = mailbox.drain()
    #expect(events(messages).map(\.seq) == [1, 2, 3, 5, 6, 1])
    let shape = messages.map { message in
      switch message {
      case .events: "events"
      case .run(let name): "run \(name)"
      case .problem(let problem): problem.text
      default: "other"
      }
    }
    #expect(shape == ["run a", "events", "one", "two", "run b", "events"])
  }

  @Test func mergedMailboxGivesTheSameState() throws {
    let mailbox = Mailbox<Message>.messages()
    var direct = RunState()
    for (index, body) in (Samples.bodies + Samples.bodies).enumerated() {
      let event = Samples.event(body, seq: UInt64(index + 1))
      direct.apply(event)
      mailbox.send(.events([event]))
    }
    var folded = RunState()
    for event in events(mailbox.drain()) { folded.apply(event) }
    #expect(folded == direct)
  }

  @Test func concurrentSendersLoseNoMessage() {
    let mailbox = Mailbox<Int>()
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<1000 { mailbox.send(thread * 1000 + number) }
    }
    let all = mailbox.drain()
    #expect(all.sorted() == Array(0..<8000))
    for thread in 0..<8 {
      let own = all.filter { $0 / 1000 == thread }
      #expect(own == own.sorted())
    }
  }
}
