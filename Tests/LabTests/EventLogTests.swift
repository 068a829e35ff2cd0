// The log survives being cut anywhere, and going on after that.
import Foundation
import Lab
import Testing

@Suite struct EventLogTests {
  private func write(_ events: [Event], to url: URL) throws {
    let writer = try EventLogWriter(url) { Issue.record("\($0)") }
    for event in events { writer.append(event) }
    writer.flush()
  }

  private let events = Samples.bodies.enumerated().map {
    Samples.event($1, seq: UInt64($0 + 1))
  }

  @Test func eventsAreReadInOrder() throws {
    try Samples.withFolder { folder in
      let url = folder.appendingPathComponent("events.jsonl")
      try write(events, to: url)
      let (read, skipped) = try EventLog.read(url)
      #expect(read == events)
      #expect(skipped == 0)
      #expect(try EventLog.last(in: url) == events.last)
      let some = try EventLog.read(url, only: [RunStarted.self, RunEnded.self]).events
      #expect(some.map(\.body.kind) == ["hello", "bye"])
    }
  }

  @Test func opensWhenCutAtEveryByteOfTheLastTwoLines() throws {
    try Samples.withFolder { folder in
      let url = folder.appendingPathComponent("events.jsonl")
      let last = Array(events.suffix(4))
      try write(last, to: url)
      let whole = try Data(contentsOf: url)
      let lengths = try last.map { try $0.line().count + 1 }
      let kept = lengths[0] + lengths[1]
      for end in kept..<whole.count {
        try whole.prefix(end).write(to: url)
        let (read, skipped) = try EventLog.read(url)
        // A line without its newline still counts once it is complete.
        let complete = end >= kept + lengths[2] - 1 ? 3 : 2
        let all = end >= whole.count - 1 ? 4 : complete
        #expect(read.count == all)
        #expect(skipped <= 1)
        try write(
          [Samples.event(LogLine(json: ["level": "info", "code": "on", "text": ""]), seq: 99)],
          to: url)
        let after = try EventLog.read(url)
        #expect(after.events.count == all + 1)
        #expect(after.events.last?.seq == 99)
        #expect(after.skipped == skipped)
      }
    }
  }

  @Test func lastEventIsFoundBeforeDamage() throws {
    try Samples.withFolder { folder in
      let url = folder.appendingPathComponent("events.jsonl")
      try write([events[0]], to: url)
      var data = try Data(contentsOf: url)
      data.append(Data(repeating: UInt8(ascii: "x"), count: 300_000))
      try data.write(to: url)
      #expect(try EventLog.last(in: url) == events[0])
    }
  }

  @Test func fullDiskIsReportedOnce() throws {
    let full = URL(fileURLWithPath: "/dev/full")
    guard FileManager.default.fileExists(atPath: full.path) else { return }
    let failures = Counter()
    let writer = try EventLogWriter(full) { failures.add($0) }
    for event in events { writer.append(event) }
    writer.flush()
    #expect(failures.lines.count == 1)
    #expect(failures.lines.first?.hasPrefix("/dev/full: the event log cannot be written") == true)
  }
}
