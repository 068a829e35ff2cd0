/// Ctrl-C, a full disk and a kill: what was saved stays, and the next start goes on.
import Foundation
import Testing

@Suite(.serialized) struct InterruptionTests {
  let scant: Program

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
  }

  private func arguments(_ out: String) -> [String] {
    [
      "train", "--dataset", "tones", "--out", out, "--epochs", "24", "--set", "training.batch=4",
      "--set", "training.threads=1", "--json",
    ]
  }

  /// Starts a training and returns once its first checkpoint is on disk.
  private func begin(_ out: String) throws -> Program.Running {
    let running = try scant.start(arguments(out))
    let checkpoint = scant.url("\(out)/last.safetensors")
    for _ in 0..<1200 where running.process.isRunning {
      if FileManager.default.fileExists(atPath: checkpoint.path) { return running }
      usleep(25_000)
    }
    Issue.record("no checkpoint: \(try scant.finish(running).err)")
    return running
  }

  private func scores(_ outcome: Outcome) throws -> [String: Double]? {
    let ended = try #require(try outcome.jsonLines().last)
    #expect(ended["event"] as? String == "bye")
    return (ended["scores"] as? [String: [String: [String: Double]]])?["test"]?["student"]
  }

  @Test func interruptedTrainingResumesToTheSameResult() throws {
    let running = try begin("cut")
    kill(running.process.processIdentifier, SIGINT)
    let cut = try scant.finish(running)
    #expect(cut.status == 130, "\(cut.err)")
    #expect(try cut.jsonLines().last?["reason"] as? String == "interrupted")
    let resumed = try scant.finish(scant.start(arguments("cut")))
    #expect(resumed.status == 0, "\(resumed.err)")
    let steps = try resumed.jsonLines().compactMap { $0["first"] as? Int }
    #expect(try #require(steps.min()) > 1)
    let whole = try scant.finish(scant.start(arguments("whole")))
    #expect(try scores(resumed) == scores(whole))
    #expect(try scores(whole) != nil)
    #expect(
      try Data(contentsOf: scant.url("cut/predictions.npy"))
        == Data(contentsOf: scant.url("whole/predictions.npy")))
  }

  @Test func fullDiskLeavesTheOldCheckpoint() throws {
    let running = try begin("out")
    kill(running.process.processIdentifier, SIGTERM)
    #expect(try scant.finish(running).status == 130)
    let last = scant.url("out/last.safetensors")
    let before = try Data(contentsOf: last)
    // Blocks of 512 bytes: the log fits, a checkpoint does not.
    let limit = max(before.count / 512 / 2, 64)
    let line = "ulimit -f \(limit); exec $SCANT \(arguments("out").joined(separator: " "))"
    let full = try scant.shell(line)
    #expect(full.status == 1, "\(full.err)")
    #expect(full.complaints.count == 1 && full.err.contains("last.safetensors"), "\(full.err)")
    #expect(try Data(contentsOf: last) == before)
    let after = try scant.finish(scant.start(arguments("out")))
    #expect(after.status == 0, "\(after.err)")
  }

  @Test func closedOutputPipeDoesNotEndTheTraining() throws {
    let outcome = try scant.shell(
      "($SCANT train --dataset tones --out read --epochs 3 --json; echo status $? >&2) | head -n 1")
    #expect(outcome.errorLines.last == "status 0", "\(outcome.err)")
    #expect(try outcome.jsonLines().first?["event"] as? String == "hello")
    #expect(try scant("predict", "read", "tones/tone1.wav").status == 0)
  }

  @Test func killedRunResumes() throws {
    let running = try begin("killed")
    kill(running.process.processIdentifier, SIGKILL)
    #expect(try scant.finish(running).status == 128 + SIGKILL)
    let resumed = try scant.finish(scant.start(arguments("killed")))
    #expect(resumed.status == 0, "\(resumed.err)")
    #expect(try scores(resumed)?["ap-macro"] != nil)
  }
}
