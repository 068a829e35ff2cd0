// The check of a log finds what is wrong, names the line, and passes what the trainer writes.
import Foundation
import Lab
import TestSupport
import Testing

@Suite struct EventCheckTests {
  /// One event of every kind, the first of them `hello`.
  private static let lines: [String] = Samples.bodies.enumerated().compactMap { place, body in
    let event = Samples.event(body, seq: UInt64(place + 1))
    return (try? event.line()).map { String(decoding: $0, as: UTF8.self) }
  }

  private func check(_ lines: [String]) -> EventCheck {
    var check = EventCheck()
    for line in lines { check.add(Array(line.utf8)) }
    return check
  }

  /// The samples with one line changed; the faults as `LINE FIELD TEXT`.
  private func faults(_ line: Int, _ old: String, _ new: String) -> [String] {
    var lines = Self.lines
    #expect(lines[line - 1].contains(old), "\(lines[line - 1])")
    lines[line - 1] = lines[line - 1].replacingOccurrences(of: old, with: new)
    return check(lines).faults.map { "\($0.line) \($0.field ?? "-") \($0.text)" }
  }

  @Test func everyEventOfTheTrainerPasses() throws {
    #expect(Self.lines.count == Samples.bodies.count)
    let found = check(Self.lines)
    #expect(found.faults == [])
    #expect(found.unknownEvents.isEmpty && found.unknownKeys.isEmpty)
    #expect(found.events.count == EventRegistry.bodies.count)
  }

  /// Logs of a training, and of every event, that an earlier build wrote.
  @Test(arguments: ["runs/b1-s0/events.jsonl", "every-event.jsonl"])
  func keptLogsPass(_ name: String) throws {
    let file = SharedData.packageRoot.appendingPathComponent("Tests/Fixtures/0.1.0/\(name)")
    let found = try EventCheck(reading: file)
    #expect(found.faults == [])
    #expect(found.unknownKeys == [:])
    #expect(found.lines >= 18)
  }

  @Test func faultsNameLineFieldAndWhatWasExpected() {
    #expect(
      faults(1, #""seed":3"#, #""seed":"3""#) == ["1 seed is '3'; expected integer ≥ 0"])
    #expect(faults(1, #""seed":3"#, #""seed":1.5"#) == ["1 seed is 1.5; expected integer ≥ 0"])
    #expect(faults(1, #""seed":3,"#, "") == ["1 seed absent; expected integer ≥ 0"])
    let term = Samples.bodies.firstIndex { $0 is Terms }.map { $0 + 1 } ?? 0
    #expect(
      faults(term, #""value":0.25"#, #""value":null"#)
        == ["\(term) terms[0].value is null; expected number"])
    let curve = Samples.bodies.firstIndex { $0 is Scalars }.map { $0 + 1 } ?? 0
    #expect(
      faults(curve, "0.25,null", "0.25")
        == ["\(curve) series.loss/total has 2 values; expected 3"])
    #expect(
      faults(curve, "0.25,null", "0.25,NaN").first?.hasPrefix("\(curve) - no JSON at byte") == true)
    let said = Samples.bodies.firstIndex { $0 is ClipPrediction }.map { $0 + 1 } ?? 0
    #expect(
      faults(said, #""P.""#, #""P.n""#)
        == ["\(said) labels has 3 values; expected 2, one for each class"])
    #expect(faults(5, #""seq":5"#, #""seq":9"#).first == "5 seq is 9; expected 5")
    #expect(faults(5, #""run":"b1-s0""#, #""run":"other""#).first?.hasPrefix("5 run") == true)
  }

  @Test func theFirstLineSaysWhatIsTrained() {
    let found = check(Array(Self.lines.dropFirst()))
    #expect(found.faults.first?.field == "event")
  }

  @Test func unknownEventsAndKeysAreNamed() {
    let later =
      #"{"event":"later","v":2,"run":"b1-s0","seq":1,"t":1,"step":0,"epoch":1,"x":[{}]}"#
    let hello = Self.lines[0].replacingOccurrences(of: #""seq":1"#, with: #""seq":1,"extra":1"#)
    let found = check([hello])
    #expect(found.faults == [] && found.unknownKeys == ["hello.extra": 1])
    let both = check([Self.lines[0], later.replacingOccurrences(of: "seq\":1", with: "seq\":2")])
    // Its clock is behind that of the line before.
    #expect(both.unknownEvents == ["later": 1])
    #expect(both.faults.map(\.field) == ["t"])
  }

  @Test(arguments: [
    "", "{", "[]", "null", "{\"event\":1}", "{\"event\":\"hello\u{0}\"}",
    String(repeating: "[", count: 100_000), "{\"event\":\"hello\",\"v\":" + "9".times(400) + "}",
    "{\"event\":\"\\ud800\",\"\\u00\":1}", "\u{1B}[2J", "{\"a\":" + "{\"a\":".times(5_000),
  ])
  func hostileLinesAreFaults(_ line: String) {
    let found = check([line])
    #expect(found.faultCount > 0)
    #expect(found.faults.allSatisfy { $0.line == 1 && $0.text.count < 300 })
  }

  @Test func filesAreReadLineByLine() throws {
    try Samples.withFolder { folder in
      let file = folder.appendingPathComponent("events.jsonl")
      var data = Data((Self.lines[0] + "\n").utf8)
      data.append(Data(repeating: UInt8(ascii: "7"), count: EventCheck.longestLine + 9))
      data.append(Data("\n{\"event\":\"st".utf8))
      try data.write(to: file)
      let found = try EventCheck(reading: file)
      #expect(found.lines == 3)
      #expect(found.faults.map(\.line) == [2])
      #expect(found.faults.first?.text == "over 16 MiB; expected a shorter line")
      #expect(found.isTorn)
      try Data().write(to: file)
      #expect(try EventCheck(reading: file).faultCount == 1)
      #expect(throws: LabError.self) {
        try EventCheck(reading: folder.appendingPathComponent("none"))
      }
    }
  }

  /// Bytes changed at random: a fault or none, never a trap.
  @Test func mutantsAreRead() throws {
    let whole = Array(Self.lines.joined(separator: "\n").utf8)
    var state: UInt64 = 7
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    for _ in 0..<1_000 {
      var bytes = whole
      for _ in 0...draw(4) { bytes[draw(bytes.count)] = UInt8(draw(256)) }
      var check = EventCheck()
      for line in bytes.split(separator: 10) { check.add(Array(line)) }
      #expect(check.lines > 0)
    }
  }
}

extension String {
  fileprivate func times(_ count: Int) -> String { String(repeating: self, count: count) }
}
