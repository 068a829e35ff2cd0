// Long logs are read by a scanner of their own: it must say what the decoder says, of every line.
import Autograd
import Foundation
import Lab
import Testing

@Suite struct LogReaderTests {
  /// What the decoder makes of each line.
  private func plain(_ log: Data) -> (events: [Event], skipped: Int) {
    let lines = log.split(separator: UInt8(ascii: "\n"))
    let events = lines.compactMap { try? Event(line: $0) }
    return (events, lines.count - events.count)
  }

  private func read(_ log: Data) throws -> (events: [Event], skipped: Int) {
    try Samples.withFolder { folder in
      let url = folder.appendingPathComponent("events.jsonl")
      try log.write(to: url)
      return try EventLog.read(url)
    }
  }

  private func scalars(_ series: String, _ head: String = #""run":"b1-s0""#) -> String {
    #"{"epoch":1,"event":"scalars","first":5,"n":2,\#(head),"seq":7,"series":{\#(series)},"#
      + #""step":6,"t":99,"v":1}"#
  }

  private func scalars(first: Int, _ count: Int = 64, seq: UInt64) -> Event {
    let values = (0..<count).map { Float?.some(1 / Float(first + $0 + 1)) }
    let gaps = values.enumerated().map { $0.offset % 5 == 4 ? nil : $0.element }
    return Event(
      run: "b1-s0", seq: seq, t: seq * 1000, step: first + count - 1, epoch: 1,
      body: Scalars(first: first, n: count, series: ["loss/total": values, "grad/total": gaps]))
  }

  private func lines(_ events: [Event]) throws -> Data {
    try events.reduce(into: Data()) {
      $0 += try $1.line()
      $0.append(UInt8(ascii: "\n"))
    }
  }

  @Test func readerAgreesWithTheDecoder() throws {
    let pair = #""a":[1,2]"#
    let odd = [
      scalars(pair), scalars(#""a":[null,"nan"],"b":["inf","-inf"]"#), scalars(""),
      scalars(#""a":[],"b":[]"#), scalars(#""a":[1],"b":[1,2]"#), scalars(#""a":[1,2,3]"#),
      scalars(#""a":[ 1 , 2 ]"#), scalars(pair, #""run":"déjà \u0041""#), scalars(#""ü":[1,2]"#),
      scalars(#""a":[1,2],"a":[3,4]"#), scalars(pair, #""run":"x","later":{"y":[1]}"#),
      scalars(pair, #""run":"x","step":3"#), scalars(pair, #""ran":"x""#),
      scalars(#""a":[1e39,1]"#), scalars(#""a":[01,1]"#), scalars(#""a":[1.,1]"#),
      scalars(#""a":[.5,1]"#), scalars(#""a":[+1,1]"#), scalars(#""a":[-0,-0.0]"#),
      scalars(#""a":[1e5,1E+5,1e-5,2.5e-3]"#), scalars(#""a":[1,2,]"#), scalars(#""a":["x",1]"#),
      scalars(pair).replacingOccurrences(of: "\"first\":5", with: "\"first\":-5"),
      scalars(pair).replacingOccurrences(of: "\"first\":5", with: "\"first\":9e9"),
      scalars(pair).replacingOccurrences(of: "\"seq\":7", with: "\"seq\":18446744073709551615"),
      scalars(pair).replacingOccurrences(of: "\"step\":6", with: "\"step\":-6"),
      scalars(pair) + " ", " " + scalars(pair), scalars(pair) + "}", "{}", "x",
    ]
    for line in odd {
      let log = Data(line.utf8)
      let (wanted, skipped) = plain(log)
      let found = try read(log)
      #expect(found.events == wanted && found.skipped == skipped, "\(line)")
    }
    let all =
      try lines(Samples.bodies.map { Samples.event($0) }) + Data(odd.joined(separator: "\n").utf8)
    let found = try read(all)
    #expect(found.events == plain(all).events && found.skipped == plain(all).skipped)
  }

  /// Shortest forms, long forms and halves between two floats: the same bits.
  @Test func readsNumbersExactly() throws {
    var random = Generator(seed: 11)
    var texts: [String] = []
    for _ in 0..<4000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      guard value.isFinite else { continue }
      texts.append("\(value)")
      texts.append("\(Double(value) * 1.000_000_01)")
      texts.append(String(format: "%.9g", value))
      texts.append(String(format: "%.25f", Double(value)).prefix(40).description)
    }
    texts += ["16777217", "33554435", "1.00000005960464477539", "0.000000000000000001", "1e-45"]
    texts = texts.filter { Float($0).map(\.isFinite) ?? false && $0.last != "." }
    for start in stride(from: 0, to: texts.count, by: 64) {
      let some = texts[start..<min(texts.count, start + 64)]
      let log = Data(scalars("\"a\":[\(some.joined(separator: ","))]").utf8)
      let (found, wanted) = (try read(log).events, plain(log).events)
      #expect(found == wanted && found.count == 1)
    }
  }

  @Test func truncatedLogsReadLikeTheDecoder() throws {
    let events =
      Samples.bodies.enumerated().map { Samples.event($1, seq: UInt64($0 + 1)) }
      + [scalars(first: 7, seq: 50), scalars(first: 71, 9, seq: 51)]
    let whole = try lines(events)
    let last = try lines(Array(events.suffix(2))).count
    for end in whole.count - last...whole.count {
      let log = whole.prefix(end)
      let (found, wanted) = (try read(log), plain(log))
      #expect(found.events.count == wanted.events.count && found.skipped == wanted.skipped)
      let state = found.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state == wanted.events.reduce(into: RunState()) { $0.apply($1) }, "cut at \(end)")
      #expect(found.skipped <= 1)
    }
  }

  @Test func endsOfALongLogAreReadFirst() throws {
    try Samples.withFolder { folder in
      let run = RunFolder(folder)
      try Recipe().yaml().write(to: run.recipe, atomically: true, encoding: .utf8)
      let started = Samples.event(Samples.bodies[0], seq: 1)
      var events = [started]
      for batch in 0..<600 {
        events.append(scalars(first: 64 * batch, seq: UInt64(batch + 2)))
      }
      try lines(events).write(to: run.events)
      let ends = try Recording(previewing: run)
      #expect(!ends.isWhole && ends.skipped == 0)
      #expect(ends.events.first == started && ends.events.count < events.count / 2)
      #expect(ends.events.dropFirst().elementsEqual(events.suffix(ends.events.count - 1)))
      let whole = try Recording(reading: run)
      #expect(whole.isWhole && whole.events == events)
      try lines(Array(events.prefix(20))).write(to: run.events)
      #expect(try Recording(previewing: run) == Recording(reading: run))
    }
  }

  /// Four bytes a value in the log's events, eight in a curve.
  @Test func consecutiveScalarsAreOneArray() {
    let values: [Float?] = [1, nil, .nan, .infinity]
    let stretch = Scalars(first: 3, n: 4, series: ["b": values, "a": [nil, 2]])
    #expect(stretch.series["b"]?[1] == .some(nil) && stretch.series["b"]?[3] == .infinity)
    #expect(stretch.series["b"]?[2]?.isNaN == true)
    #expect(stretch.series["a"] == [nil, 2, nil, nil])
    #expect(stretch == Scalars(first: 3, n: 4, series: ["a": [nil, 2, nil, nil], "b": values]))
    #expect(stretch.prefix(2) == Scalars(first: 3, n: 2, series: ["b": [1, nil], "a": [nil, 2]]))
    #expect(stretch.prefix(9) == stretch && stretch.prefix(-1).n == 0)
  }
}
