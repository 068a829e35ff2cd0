// What a run leaves behind when something fails in between: the record before the state that
// implies it, no last word that nobody can read, and "cannot be read" where that is the truth.
import Formats
import Foundation
import Lab
import Testing

@Suite struct ReliabilityTests {
  /// A recorder that makes the run's log unwritable, as a full disk does, when it hears an event.
  private func fails(
    at event: @escaping @Sendable (Event) -> Bool, _ changes: [String: String] = [:],
    _ body: (TrainingPlan, RunEnded, [Event]) throws -> Void
  ) throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder, changes)
      let recorder = Recorder()
      let log = plan.folder.events.resolvingSymlinksInPath().path
      let trainer = try Trainer(plan) { heard in
        if event(heard) { Self.fill(log) }
        recorder.add(heard)
      }
      trainer.start()
      try body(plan, trainer.wait(), recorder.events)
    }
  }

  /// From now on every write to an open file of this process is one to a full disk.
  private static func fill(_ path: String) {
    let full = open("/dev/full", O_RDWR | O_CLOEXEC)
    defer { close(full) }
    let names = (try? StoredFile.names(in: URL(fileURLWithPath: "/proc/self/fd"))) ?? []
    for descriptor in names.compactMap({ Int32($0) }) {
      let link = "/proc/self/fd/\(descriptor)"
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
      if target == path { dup2(full, descriptor) }
    }
  }

  private func errors(_ events: [Event]) -> [String] {
    events.compactMap { event in
      if let line = event.body as? LogLine, line.level == .error { line.text } else { nil }
    }
  }

  /// An epoch whose evaluation the log does not have is trained again: no checkpoint stands
  /// behind it.
  @Test func noCheckpointIsNewerThanTheLog() throws {
    try fails(at: { $0.body is EvalEnd }) { plan, ended, events in
      #expect(ended.reason == .failed)
      #expect(!FileManager.default.fileExists(atPath: plan.folder.last.path))
      #expect(!FileManager.default.fileExists(atPath: plan.folder.best.path))
      #expect(errors(events).count == 1, "\(errors(events))")
      #expect(errors(events).first?.contains("the event log cannot be written") == true)
    }
  }

  /// A kill after the checkpoint finds every evaluation in the log, however short the time since.
  @Test func logContainsAllEventsBeforeTheCheckpoint() throws {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder)
      let missing = Counter()
      let trainer = try Trainer(plan) { event in
        guard let saved = event.body as? CheckpointSaved, saved.file == "last" else { return }
        // The log as a process would find it that starts at this moment.
        let log = (try? EventLog.read(plan.folder.events, only: [EvalEnd.self]).events) ?? []
        if !log.contains(where: { $0.step == event.step }) { missing.add("step \(event.step)") }
      }
      trainer.start()
      #expect(trainer.wait().reason == .done)
      #expect(missing.lines == [])
    }
  }

  @Test func runIsNotDoneIfTheLastEventCannotBeWritten() throws {
    let isDone: @Sendable (Event) -> Bool = {
      if let change = $0.body as? StateChange { change.state == .done } else { false }
    }
    try fails(at: isDone) { plan, ended, events in
      #expect(ended.reason == .failed)
      let byes = events.compactMap {
        if let ended = $0.body as? RunEnded { ended.reason } else { nil }
      }
      #expect(byes == [.failed])
      #expect(errors(events).count == 1, "\(errors(events))")
      #expect(plan.folder.state != .done)
    }
  }

  /// A log that cannot be looked at is not the log of a run that has not begun.
  @Test func unreadableLogIsReported() throws {
    try Samples.withFolder { home in
      let run = RunFolder(home.appendingPathComponent("runs/b1-s0"))
      try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
      try loop(at: run.events)
      #expect(run.state == .unreadable)
      #expect(throws: Problem.self) { try run.ending() }
      #expect(throws: Problem.self) { try EventLog.last(in: run.events) }
      #expect(run.summary(of: try Tones.recipe()).state == "unreadable")
      try loop(at: run.recipe)
      #expect(throws: (any Error).self) { try run.readRecipe() }
    }
  }

  private func session(_ home: URL) throws -> Session {
    let folder = home.appendingPathComponent("study")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("title: Study\nmethods: [b1]\nseeds: [0]\n".utf8).write(
      to: folder.appendingPathComponent("session.yaml"))
    return try Session.read(folder)
  }

  @Test func unreadableRecipeIsAProblem() throws {
    try Samples.withFolder { home in
      let session = try session(home)
      let added = session.folder.appendingPathComponent("runs/added")
      try FileManager.default.createDirectory(at: added, withIntermediateDirectories: true)
      #expect(try SessionRow.all(in: [home]).map(\.problem) == [nil])
      try loop(at: added.appendingPathComponent("recipe.yaml"))
      let rows = try SessionRow.all(in: [home])
      #expect(rows.first?.runs.map(\.summary.name) == ["b1-s0"])
      #expect(rows.first?.problem?.contains("recipe.yaml") == true)
    }
  }

  @Test func unlistableRunsAreAProblem() throws {
    try Samples.withFolder { home in
      let session = try session(home)
      try loop(at: session.folder.appendingPathComponent("runs"))
      let problem = try SessionRow.all(in: [home]).first?.problem
      #expect(problem?.contains("symbolic links") == true)
      #expect(throws: Problem.self) { try session.running() }
      try loop(at: home.appendingPathComponent("shelf"))
      #expect(throws: Problem.self) {
        try Session.all(in: [home.appendingPathComponent("shelf")])
      }
    }
  }

  @Test func unopenableLockIsNotFree() throws {
    try Samples.withFolder { home in
      let run = RunFolder(home)
      #expect(try run.isTraining() == false)
      try loop(at: home.appendingPathComponent(".lock"))
      let error = #expect(throws: Problem.self) { try run.isTraining() }
      #expect(error?.description.contains("another process") == false)
      let taken = #expect(throws: LabError.self) { try RunLock(run) }
      #expect(taken?.description.contains("another process") == false)
    }
  }

  @Test func partialFilesAreDeletedWithTheRun() throws {
    try Samples.withFolder { home in
      let run = RunFolder(home)
      let names = [".last.safetensors.4242-7.partial", "recipe.yaml", "notes.txt"]
      for name in names { try Data([1]).write(to: home.appendingPathComponent(name)) }
      try run.clear()
      #expect(try StoredFile.names(in: home) == ["notes.txt"])
    }
  }

  /// A link to itself can be looked at by nobody, not even by root.
  private func loop(at url: URL) throws {
    try FileManager.default.createSymbolicLink(
      atPath: url.path, withDestinationPath: url.lastPathComponent)
  }
}
