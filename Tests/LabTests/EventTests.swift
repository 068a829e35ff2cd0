// Events as JSON lines: every kind comes back as it was, whatever numbers it carries.
import Foundation
import Lab
import Testing

@Suite struct EventTests {
  @Test func samplesCoverEveryEvent() {
    #expect(Set(Samples.bodies.map(\.kind)) == Set(EventRegistry.bodies.map { $0.kind }))
  }

  @Test(arguments: Samples.bodies.indices) func eventsRoundTrip(_ index: Int) throws {
    let event = Samples.event(Samples.bodies[index])
    let line = try event.line()
    #expect(!line.contains(UInt8(ascii: "\n")))
    #expect(try Event(line: line) == event)
  }

  @Test func encodedEventsAreFlat() throws {
    let line = try Samples.event(EvalStart(json: ["split": "test", "model": "student"])).line()
    #expect(
      String(decoding: line, as: UTF8.self)
        == #"{"epoch":1,"event":"evalStart","model":"student","run":"b1-s0","seq":1,"#
        + #""split":"test","step":4,"t":10,"v":1}"#)
  }

  @Test func nonFiniteNumbersAreEncodedAsText() throws {
    let values: [Float?] = [.nan, .infinity, -.infinity, nil, 1.5]
    let event = Samples.event(Scalars(first: 1, n: 5, series: ["x": values]))
    let text = String(decoding: try event.line(), as: UTF8.self)
    #expect(text.contains(#""x":["nan","inf","-inf",null,1.5]"#))
    guard let back = try Event(line: Data(text.utf8)).body as? Scalars else {
      Issue.record("not scalars")
      return
    }
    let series = try #require(back.series["x"])
    #expect(series[0]?.isNaN == true)
    #expect(Array(series[1...]) == Array(values[1...]))
  }

  @Test func unknownKeysAreIgnored() throws {
    let text =
      #"{"event":"reply","v":2,"run":"r","seq":1,"t":2,"step":3,"epoch":4,"command":"pause","#
      + #""ok":true,"later":{"a":[1]}}"#
    let event = try Event(line: Data(text.utf8))
    #expect(event.body as? Reply == Reply(json: ["command": "pause", "ok": true]))
    #expect(event.step == 3)
  }

  @Test(arguments: ["", "{", "[]", "null", #"{"event":"unheardOf"}"#, #"{"event":"bye"}"#])
  func invalidEventsThrow(_ text: String) {
    #expect(throws: (any Error).self) { try Event(line: Data(text.utf8)) }
  }
}
