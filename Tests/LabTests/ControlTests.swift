// Commands from other processes: their form, the socket that takes them, and what it withstands.
import Foundation
import Lab
import Synchronization
import Testing

/// What a server was asked.
private final class Heard: Sendable {
  private let commands = Mutex<[RunCommand]>([])
  var all: [RunCommand] { commands.withLock { $0 } }
  func take(_ control: RunCommand) { commands.withLock { $0.append(control) } }
}

/// A client that sends whatever it likes.
private final class Raw {
  let descriptor: Int32

  init(_ path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: Array(path.utf8).prefix(107))
    }
    var patience = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
  }

  deinit { close(descriptor) }

  func send(_ data: Data) -> Bool {
    data.withUnsafeBytes {
      Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) == $0.count
    }
  }

  /// What comes back until the other side pauses or closes; nil where it has closed at once.
  func answer() -> String? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}

@Suite struct ControlTests {
  private let controls: [RunCommand] = [
    .pause, .resume, .checkpoint, .step(5, .batch), .step(1, .phase), .stop(.evaluate),
    .stop(.now), .predict(clips: ["a", "é \"b\""]), .planStepBack(3), .stepBack(2),
  ]

  @Test func commandsRoundTrip() throws {
    for control in controls { #expect(try RunCommand(line: control.line()) == control) }
    let many = RunCommand.predict(clips: (0..<9000).map { "\($0)" })
    guard case .predict(let clips) = try RunCommand(line: many.line()) else { return }
    #expect(clips.count == 4096)
  }

  @Test(arguments: [
    "", "pause", "{}", "[]", "{\"command\":\"pauze\"}", "{\"command\":\"step\"}",
    "{\"command\":\"step\",\"unit\":\"year\"}", "{\"command\":\"stop\",\"mode\":\"never\"}",
    "{\"command\":3}", "{\"command\":\"predict\",\"clips\":[1]}", "\u{0}\u{1}",
  ])
  func invalidCommandsAreRefused(line: String) {
    #expect(throws: LabError.self) { try RunCommand(line: Data(line.utf8)) }
  }

  private func withServer(
    _ body: (RunFolder, Heard) throws -> Void
  ) throws {
    try Samples.withFolder { home in
      let folder = RunFolder(home)
      let heard = Heard()
      let server = try ControlServer(folder) { control in
        heard.take(control)
        return ControlAnswer(control == .resume ? "not paused" : nil)
      }
      try body(folder, heard)
      server.close()
      #expect(!FileManager.default.fileExists(atPath: socket(folder)))
    }
  }

  private func socket(_ folder: RunFolder) -> String {
    folder.url.appendingPathComponent(".control").path
  }

  @Test func commandsAreDeliveredAndAnswered() throws {
    try withServer { folder, heard in
      for control in controls where control != .resume {
        try ControlClient.send(control, to: folder)
      }
      #expect(heard.all == controls.filter { $0 != .resume })
      let error = #expect(throws: LabError.self) {
        try ControlClient.send(.resume, to: folder)
      }
      #expect(error?.description.hasSuffix("not paused") == true)
    }
  }

  @Test func onlyTheOwnerMayConnect() throws {
    try withServer { folder, _ in
      let attributes = try FileManager.default.attributesOfItem(atPath: socket(folder))
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
      #expect(attributes[.type] as? FileAttributeType == .typeSocket)
    }
  }

  @Test func hostileBytesDoNothing() throws {
    try withServer { folder, heard in
      let path = socket(folder)
      let rubbish = Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 3) })
      let first = Raw(path)
      #expect(first.send(rubbish + Data("\n".utf8)))
      #expect(first.answer()?.contains("\"ok\":false") == true)
      // A line without an end is cut off.
      let endless = Raw(path)
      let block = Data(repeating: UInt8(ascii: "{"), count: 64 << 10)
      for _ in 0..<8 where endless.send(block) {}
      #expect(endless.answer() == nil)
      // Half a command and a hang-up, several commands at once, many idle connections.
      do { _ = Raw(path).send(Data("{\"command\":\"pau".utf8)) }
      let several = Raw(path)
      #expect(several.send(Data("{\"command\":\"pause\"}\n\n{\"command\":\"checkpoint\"}\n".utf8)))
      #expect(several.answer() != nil)
      let idle = (0..<40).map { _ in Raw(path) }
      withExtendedLifetime(idle) {}
      // Deep nesting must not eat the stack.
      let deep = Raw(path)
      _ = deep.send(Data(repeating: UInt8(ascii: "["), count: 100_000) + Data("\n".utf8))
      _ = deep.answer()
      try eventually { heard.all.count == 2 }
      #expect(heard.all == [.pause, .checkpoint])
    }
  }

  @Test func excessConnectionsAreClosedAndOneStillWorks() throws {
    try withServer { folder, heard in
      var idle = (0..<60).map { _ in Raw(socket(folder)) }
      #expect(idle.count == 60)
      idle = []
      usleep(50_000)
      try ControlClient.send(.pause, to: folder)
      #expect(heard.all == [.pause])
    }
  }

  /// Sixteen that are open and say nothing: whoever comes with a command is heard all the same.
  @Test func silentConnectionsDoNotBlockOthers() throws {
    try withServer { folder, heard in
      let silent = (0..<24).map { _ in Raw(socket(folder)) }
      try ControlClient.send(.pause, to: folder)
      try ControlClient.send(.checkpoint, to: folder)
      #expect(heard.all == [.pause, .checkpoint])
      withExtendedLifetime(silent) {}
    }
  }

  /// A connection that has sent its command before others came is answered, not closed unheard.
  @Test func pendingRequestsAreAnsweredBeforeClosing() throws {
    try withServer { folder, heard in
      let early = Raw(socket(folder))
      #expect(early.send(Data("{\"command\":\"pause\"}\n".utf8)))
      let silent = (0..<24).map { _ in Raw(socket(folder)) }
      #expect(early.answer()?.contains("\"ok\":true") == true)
      try eventually { heard.all == [.pause] }
      withExtendedLifetime(silent) {}
    }
  }

  @Test func silentConnectionIsClosedAfterTheTimeout() throws {
    try Samples.withFolder { home in
      let folder = RunFolder(home)
      let server = try ControlServer(folder, patience: 0.1) { _ in ControlAnswer() }
      let (silent, half) = (Raw(socket(folder)), Raw(socket(folder)))
      #expect(half.send(Data("{\"command\":".utf8)))
      #expect(silent.answer() == nil && half.answer() == nil)
      try ControlClient.send(.pause, to: folder)
      server.close()
    }
  }

  @Test(arguments: ["step", "stepBack", "planStepBack"])
  func outOfRangeCountsAreRefused(command: String) throws {
    for count in ["0", "-5", "1000001", "9223372036854775807", "-9223372036854775808", "1e400"] {
      let line = #"{"command":"\#(command)","count":\#(count),"unit":"batch"}"#
      #expect(throws: LabError.self, "\(line)") { try RunCommand(line: Data(line.utf8)) }
    }
    let most = #"{"command":"\#(command)","count":1000000,"unit":"batch"}"#
    #expect(throws: Never.self) { try RunCommand(line: Data(most.utf8)) }
  }

  /// A path far longer than an address of a socket.
  @Test func deepFoldersHaveSockets() throws {
    try Samples.withFolder { home in
      let deep = home.appendingPathComponent(
        (0..<8).map { "a-folder-with-a-long-name-\($0)" }.joined(separator: "/"))
      try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
      let heard = Heard()
      let server = try ControlServer(RunFolder(deep)) {
        heard.take($0)
        return ControlAnswer()
      }
      try ControlClient.send(.checkpoint, to: RunFolder(deep))
      #expect(heard.all == [.checkpoint])
      server.close()
    }
  }

  @Test func staleSocketsAndLocksAreRecognised() throws {
    try Samples.withFolder { home in
      let folder = RunFolder(home)
      // A socket that nobody listens at, and a lock that nobody holds.
      try abandonSocket(in: folder)
      try Data().write(to: home.appendingPathComponent(".lock"))
      #expect(FileManager.default.fileExists(atPath: socket(folder)))
      #expect(try folder.isTraining() == false)
      let error = #expect(throws: LabError.self) { try ControlClient.send(.pause, to: folder) }
      #expect(error?.description.contains("expected the socket of a run") == true)
      let server = try ControlServer(folder) { _ in ControlAnswer() }
      try ControlClient.send(.pause, to: folder)
      server.close()
    }
  }

  private func abandonSocket(in folder: RunFolder) throws {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = socket(folder)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: Array(path.utf8).prefix(107))
    }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
    }
    try #require(isBound)
    close(descriptor)
  }

  private func eventually(_ isTrue: () -> Bool) throws {
    for _ in 0..<400 where !isTrue() { usleep(10_000) }
    #expect(isTrue())
  }
}

/// One engine trains, another follows and commands it, as two processes would.
@Suite struct AttachmentTests {
  private let lab = LabEngineTests()

  private func withTwo(
    epochs: Int, _ body: (LabEngine, LabEngine, RunFolder) throws -> Void
  ) throws {
    try Samples.withFolder { home in
      try lab.makeSounds(home)
      let recipe = try lab.recipe(home).setting("training.epochs", to: "\(epochs)")
      let runs = home.appendingPathComponent("study/runs")
      let cache = home.appendingPathComponent("cache")
      let engine = LabEngine(runs: runs, cache: cache)
      engine.send(.start(recipe))
      let folder = RunFolder(runs.appendingPathComponent("b1-s0"))
      for _ in 0..<3000 where try EventLog.last(in: folder.events) == nil { usleep(10_000) }
      try body(engine, LabEngine(runs: home, cache: cache), folder)
      engine.send(.shutDown)
      #expect(engine.waitUntilIdle(seconds: 20))
    }
  }

  private func isAttached(_ messages: [Message]) -> Bool? {
    messages.compactMap { if case .attached(let run) = $0 { run != nil } else { nil } }.last
  }

  private func delivered(_ events: [Event]) -> [UInt64] {
    events.filter { !$0.body.isCoalescable && !($0.body is Scalars) }.map(\.seq)
  }

  @Test func followerObservesAndStopsARun() throws {
    try withTwo(epochs: 50_000) { _, other, folder in
      let summary = folder.summary(of: try folder.readRecipe())
      #expect(try folder.isTraining())
      #expect(summary.state == "training")
      var messages: [Message] = []
      other.send(.sessions(.attach(folder.url)))
      lab.collect(other, &messages) { isAttached($0) == true && !lab.events($0).isEmpty }
      #expect(lab.events(messages).first?.body is RunStarted)
      other.send(.run(.pause))
      lab.collect(other, &messages) { lab.events($0).contains { $0.body.isState(.paused) } }
      other.send(.run(.step(2, .batch)))
      lab.collect(other, &messages) {
        lab.events($0).count { $0.body.isState(.paused) } >= 2
      }
      other.send(.run(.predict(clips: ["20.wav"])))
      lab.collect(other, &messages) { lab.events($0).contains { $0.body is ClipPrediction } }
      try goBack(other, &messages)
      try look(other, &messages)
      other.send(.run(.stop(.afterBatch)))
      lab.collect(other, &messages) { isAttached($0) == false }
      let events = lab.events(messages)
      guard let ended = events.last(where: { $0.body is RunEnded })?.body as? RunEnded else {
        Issue.record("no ending: \(lab.troubles(messages))")
        return
      }
      #expect(ended.reason == .stopped)
      #expect(try folder.isTraining() == false)
      #expect(lab.troubles(messages) == [])
      // Nothing is lost or told twice: the follower has seen the log. Its mailbox joins curves and
      // keeps the latest of what changes all the time, as any reader's does.
      let log = try EventLog.read(folder.events).events
      #expect(delivered(events) == delivered(log))
      #expect(!FileManager.default.fileExists(atPath: folder.url.path + "/.control"))
    }
  }

  /// What going back takes is asked of the other process, which then does it.
  private func goBack(_ other: LabEngine, _ messages: inout [Message]) throws {
    func plan(_ messages: [Message]) -> StepBack? {
      messages.compactMap { if case .stepBack(let plan) = $0 { plan } else { nil } }.last
    }
    let step = try #require(lab.events(messages).last { $0.body.isState(.paused) }?.step)
    other.send(.run(.planStepBack(1)))
    lab.collect(other, &messages) { plan($0) != nil }
    #expect(plan(messages)?.target == step - 1 && plan(messages)?.refusal == nil)
    other.send(.run(.stepBack(1)))
    lab.collect(other, &messages) {
      lab.events($0).contains { $0.body.isState(.paused) && $0.step == step - 1 && $0.t > 0 }
        && lab.events($0).count { $0.body.isState(.paused) } >= 3
    }
  }

  /// What the network makes of a clip is answered here, from the run's checkpoint.
  private func look(_ other: LabEngine, _ messages: inout [Message]) throws {
    other.send(.run(.checkpoint))
    lab.collect(other, &messages) { lab.events($0).contains { $0.body is CheckpointSaved } }
    other.send(.activations(clip: "20.wav"))
    lab.collect(other, &messages) {
      $0.contains { if case .activations(let found) = $0 { found.clip == "20.wav" } else { false } }
    }
    #expect(
      messages.contains { if case .activations = $0 { true } else { false } },
      "\(lab.troubles(messages))")
  }

  @Test func leavingAFollowedRunDoesNotStopIt() throws {
    try withTwo(epochs: 50_000) { engine, other, folder in
      var messages: [Message] = []
      other.send(.sessions(.attach(folder.url)))
      lab.collect(other, &messages) { isAttached($0) == true }
      #expect(isAttached(messages) == true, "\(lab.troubles(messages))")
      other.send(.shutDown)
      #expect(other.waitUntilIdle(seconds: 20))
      usleep(100_000)
      let isTraining = try folder.isTraining()
      #expect(isTraining)
      #expect(!engine.isIdle)
      // Its own engine does not follow itself, and a free run cannot be followed.
      engine.send(.sessions(.attach(folder.url)))
      messages = []
      lab.collect(engine, &messages) { !lab.troubles($0).isEmpty }
      #expect(lab.troubles(messages).last?.contains("is going on here") == true)
    }
    try Samples.withFolder { home in
      let engine = LabEngine(runs: home)
      var messages: [Message] = []
      engine.send(.sessions(.attach(home)))
      lab.collect(engine, &messages) { !lab.troubles($0).isEmpty }
      #expect(lab.troubles(messages).last?.contains("no process trains it") == true)
    }
  }
}

extension EventBody {
  fileprivate func isState(_ name: StateChange.Name) -> Bool {
    if let change = self as? StateChange { change.state == name } else { false }
  }
}
