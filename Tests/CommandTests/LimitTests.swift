/// A shell's limits and closed streams: one line and an end, no trap and no waiting for ever.
import Foundation
import Testing

@Suite struct LimitTests {
  private let scant: Program

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
  }

  private let train = "$SCANT train --dataset tones --out run --epochs 1"

  /// Under a limit of seconds of processor time, so that a loop without end is an end.
  @Test(arguments: ["-v 150000", "-v 300000", "-n 4", "-n 5", "-n 12"])
  func insufficientLimitsAreReportedAtTheStart(limit: String) throws {
    let outcome = try scant.shell("ulimit -t 20; ulimit \(limit); \(train)")
    #expect(outcome.status == 1, "\(outcome.err)")
    #expect(outcome.errorLines.count == 1, "\(outcome.err)")
    let option = limit.prefix(2)
    #expect(outcome.err.contains("(ulimit \(option)); expected"), "\(outcome.err)")
  }

  @Test(arguments: ["-v 1500000", "-v 2500000", "-n 40"])
  func sufficientLimitsAreAccepted(limit: String) throws {
    let outcome = try scant.shell("ulimit -t 60; ulimit \(limit); \(train)")
    #expect(outcome.status == 0, "\(outcome.err)")
  }

  /// A low limit that may be raised is.
  @Test func aSoftLimitIsRaised() throws {
    let outcome = try scant.shell("ulimit -S -n 8; \(train)")
    #expect(outcome.status == 0, "\(outcome.err)")
  }

  /// Files opened later must not get the numbers of streams, or words end up in them.
  @Test func closedStandardStreamsAreNotReused() throws {
    let plain = try scant.shell("\(train) 2>words")
    #expect(plain.status == 0)
    let all = try scant.shell("rm -r run; \(train) <&- >&- 2>&-; echo $?")
    // The scores had nowhere to go, which is a failure; the training had.
    #expect(all.out == "1\n")
    let log = try String(contentsOf: scant.url("run/events.jsonl"), encoding: .utf8)
    #expect(log.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"") && $0.hasSuffix("}") })
    #expect(log.split(separator: "\n").last?.contains("\"done\"") == true)
    let out = try scant.shell("$SCANT methods >&-")
    #expect(out.status == 1 && out.complaints.count == 1, "\(out.err)")
    #expect(out.err.contains("stdout: Bad file descriptor"), "\(out.err)")
    let input = try scant.shell("$SCANT methods <&-")
    #expect(input.status == 0 && input.err.isEmpty)
  }
}
