/// Signals and crashes: what is trained is saved, the terminal is as it was, and one line says so.
import Foundation
import Testing

@Suite(.serialized) struct SignalTests {
  private let scant: Program

  init() throws {
    scant = try Program()
    try scant.writeTones(session: "long")
  }

  private func train(_ out: String, prefix: String = "") throws -> Program.Running {
    try scant.startShell(
      "\(prefix) exec $SCANT train --dataset tones --out \(out) --epochs 20000 "
        + "--set training.batch=8 --set training.threads=1")
  }

  private func waits(for path: String) -> Bool {
    let file = scant.url(path).path
    for _ in 0..<1200 where !FileManager.default.fileExists(atPath: file) { usleep(25_000) }
    return FileManager.default.fileExists(atPath: file)
  }

  @Test(arguments: [SIGHUP, SIGTERM, SIGINT])
  func aSignalLeavesACheckpoint(number: Int32) throws {
    let running = try train("run")
    #expect(waits(for: "run/last.safetensors"))
    kill(running.process.processIdentifier, number)
    let outcome = try scant.finish(running)
    #expect(outcome.status == 130, "\(outcome.err)")
    #expect(outcome.err.contains("interrupted") && outcome.complaints.isEmpty, "\(outcome.err)")
    let log = try String(contentsOf: scant.url("run/events.jsonl"), encoding: .utf8)
    #expect(log.split(separator: "\n").last?.contains("\"interrupted\"") == true)
    let files = try FileManager.default.contentsOfDirectory(atPath: scant.url("run").path)
    #expect(!files.contains(".control") && !files.contains { $0.hasSuffix(".partial") })
  }

  /// nohup asks for the hang-up to be ignored.
  @Test func ignoredHangUpDoesNotEndTheTraining() throws {
    let running = try train("run", prefix: "trap '' HUP;")
    #expect(waits(for: "run/last.safetensors"))
    kill(running.process.processIdentifier, SIGHUP)
    usleep(300_000)
    #expect(running.process.isRunning)
    kill(running.process.processIdentifier, SIGTERM)
    #expect(try scant.finish(running).status == 130)
  }

  @Test func aSecondSignalEndsAtOnce() throws {
    let running = try train("run")
    #expect(waits(for: "run/last.safetensors"))
    for _ in 0..<2 { kill(running.process.processIdentifier, SIGTERM) }
    #expect(try scant.finish(running).status == 130)
  }

  /// What a killed process has half written is gone after the next start, and after --fresh.
  @Test(arguments: [[], ["--fresh"]])
  func partialFilesOfDeadProcessesAreRemoved(flags: [String]) throws {
    let arguments = ["train", "--dataset", "tones", "--out", "run", "--epochs", "1"] + flags
    #expect(try scant.finish(scant.start(arguments)).status == 0)
    let left = scant.url("run/.last.safetensors.999999-3.partial")
    try Data([1]).write(to: left)
    let log = try String(contentsOf: scant.url("run/events.jsonl"), encoding: .utf8)
    // As if it had been killed before its last word.
    let lines = log.split(separator: "\n").dropLast()
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: scant.url("run/events.jsonl"))
    #expect(try scant.finish(scant.start(arguments)).status == 0)
    #expect(!FileManager.default.fileExists(atPath: left.path))
  }
}

@Suite(.serialized, .enabled(if: Tmux.isInstalled, "tmux absent"))
struct CrashTests {
  private let scant: Program

  init() throws {
    scant = try Program()
    try scant.writeTones(session: "long")
  }

  /// The process that works is ended; the one that the shell waits for puts the terminal right.
  @Test(arguments: ["QUIT", "USR1", "SEGV", "ABRT", "FPE", "SYS", "KILL"])
  func crashRestoresTheTerminal(signal: String) throws {
    let tmux = try Tmux(scant, width: 120, height: 30, arguments: "long")
    #expect(try tmux.frame(with: "Press R").contains("Press R"))
    try tmux.sendToWorker(signal)
    // The last word that the shell prints.
    let frame = try tmux.frame(with: "\necho")
    let line = frame.split(separator: "\n").first { $0.hasPrefix("scant: ended by signal") }
    #expect(line != nil, "\(frame)")
    #expect(frame.replacing("\n", with: "").contains("scant.log"))
    #expect(frame.contains("\necho\n") || frame.contains("\necho \n"), "\(frame)")
    #expect(frame.contains("\nicanon"), "\(frame)")
    #expect(!frame.contains("Press R"), "the alternate screen is still shown")
    #expect(try tmux.hasCursor)
  }

  /// Sent to the process that a person sees, a signal means the one that works.
  @Test(arguments: ["QUIT", "USR2", "SEGV"])
  func signalsToTheFirstProcessArePassedOn(signal: String) throws {
    let tmux = try Tmux(scant, width: 120, height: 30, arguments: "long")
    #expect(try tmux.frame(with: "Press R").contains("Press R"))
    try tmux.send(signal)
    let frame = try tmux.frame(with: "icanon")
    #expect(frame.contains("scant: ended by signal"), "\(frame)")
    #expect(!frame.contains("Press R") && frame.contains("\nicanon"), "\(frame)")
    #expect(try tmux.hasCursor)
  }
}
