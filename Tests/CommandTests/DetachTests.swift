/// Trainings that outlive their screen: detached, followed, commanded and stopped by other
/// processes; and a person's own configuration on the built program.
import Foundation
import Testing

@Suite(.serialized, .enabled(if: Tmux.isInstalled, "tmux absent"))
struct DetachTests {
  private let scant: Program

  init() throws {
    scant = try Program()
    try scant.writeTones(session: "long")
  }

  private var run: String { scant.url("long/runs/b1-s0").path }
  private var socket: String { run + "/.control" }

  private func exists(_ path: String, within seconds: Double = 90) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while !FileManager.default.fileExists(atPath: path), Date() < end { usleep(20_000) }
    return FileManager.default.fileExists(atPath: path)
  }

  private func isGone(_ path: String, within seconds: Double = 90) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while FileManager.default.fileExists(atPath: path), Date() < end { usleep(20_000) }
    return !FileManager.default.fileExists(atPath: path)
  }

  private var steps: Int {
    let log = (try? String(contentsOfFile: run + "/events.jsonl", encoding: .utf8)) ?? ""
    return log.split(separator: "\n").count
  }

  private func grows(within seconds: Double = 90) -> Bool {
    let before = steps
    let end = Date().addingTimeInterval(seconds)
    while steps <= before, Date() < end { usleep(50_000) }
    return steps > before
  }

  private func last() throws -> [String: Any]? {
    let log = try String(contentsOfFile: run + "/events.jsonl", encoding: .utf8)
    let line = try #require(log.split(separator: "\n").last)
    return try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
  }

  /// Start, detach, close the terminal, attach from another one, command, stop.
  @Test func detachedTrainingOutlivesItsTerminal() throws {
    var shell: Tmux? = try Tmux(
      scant, width: 100, height: 30, command: "PS1=ready: bash --norc --noprofile -i")
    try shell?.type("\"$SCANT\" long; echo left $?")
    _ = try shell?.frame(with: "Press R")
    try shell?.press("R")
    #expect(try shell?.frame(with: "RUN").contains("RUN") == true)
    #expect(exists(socket))
    try shell?.press("q")
    #expect(try shell?.frame(with: "(d) detach").contains("(d) detach") == true)
    try shell?.press("d")
    let left = try shell?.frame(with: "left 0") ?? ""
    #expect(left.contains("training goes on as process") && left.contains("left 0"), "\(left)")
    // The shell is itself again, and then its terminal is closed.
    try shell?.type("echo $((6 * 7))")
    #expect(try shell?.frame(with: "42").contains("42") == true)
    shell = nil
    #expect(grows(), "the training ended with its terminal")

    let other = try Tmux(scant, width: 100, height: 30, arguments: "long")
    let attached = try other.frame(with: "b1-s0  ► RUN")
    #expect(attached.contains("b1-s0  ► RUN"), "\(attached)")
    _ = try other.frame(with: "eta")
    try other.press("Space")
    #expect(try other.frame(with: "b1-s0  ‖ PAUSE").contains("b1-s0  ‖ PAUSE"))
    try other.press("q")
    let asked = try other.frame(with: "(d) leave")
    #expect(asked.contains("another process trains this run") && asked.contains("(d) leave"))
    try other.press("d")
    #expect(try other.frame(with: "EXIT 0").contains("EXIT 0"))
    #expect(FileManager.default.fileExists(atPath: socket))

    let third = try Tmux(scant, width: 100, height: 30, arguments: "long/runs/b1-s0")
    #expect(try third.frame(with: "b1-s0  ‖ PAUSE").contains("b1-s0  ‖ PAUSE"))
    try third.press("Space")
    #expect(grows(), "the training does not go on")
    try third.press("S")
    try third.press("b")
    #expect(try third.frame(with: "DONE").contains("DONE"))
    #expect(isGone(socket))
    #expect(try last()?["event"] as? String == "bye")
    #expect(FileManager.default.fileExists(atPath: run + "/last.safetensors"))
    try third.press("q")
    #expect(try third.frame(with: "EXIT 0").contains("EXIT 0"))
  }

  @Test func headlessTrainingObeysCommandsAndIgnoresInvalidOnes() throws {
    let arguments = [
      "train", "--dataset", "tones", "--out", "long/runs/b1-s0", "--epochs", "20000", "--set",
      "training.batch=8",
    ]
    let running = try scant.start(arguments)
    #expect(exists(socket))
    let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
    let second = try scant.finish(scant.start(arguments))
    #expect(second.status == 1 && second.err.contains("another process is training this run"))
    try rubbish()
    #expect(running.process.isRunning && grows())

    let tmux = try Tmux(scant, width: 100, height: 30, arguments: "long/runs/b1-s0")
    #expect(try tmux.frame(with: "b1-s0  ► RUN").contains("b1-s0  ► RUN"))
    try tmux.press("q")
    #expect(try tmux.frame(with: "another process").contains("(c) save, stop it"))
    try tmux.press("c")
    #expect(try tmux.frame(with: "EXIT 0").contains("EXIT 0"))
    #expect(try scant.finish(running).status == 130)
    #expect(try last()?["reason"] as? String == "stopped")
    #expect(isGone(socket))
  }

  /// Bytes that are no command, on connections of their own.
  private func rubbish() throws {
    let noise = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 3) })
    for part in [noise, Data("{\"command\":\"stop\"}\n".utf8), Data("\n\n".utf8)] {
      let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) {
        $0.copyBytes(from: Array(socket.utf8).prefix(107))
      }
      let size = socklen_t(MemoryLayout<sockaddr_un>.size)
      let isConnected = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
      }
      try #require(isConnected)
      _ = part.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
    }
  }

  @Test func killedTrainingIsDetected() throws {
    let running = try scant.start([
      "train", "--dataset", "tones", "--out", "long/runs/b1-s0", "--epochs", "20000",
    ])
    #expect(exists(socket) && exists(run + "/last.safetensors"))
    let tmux = try Tmux(scant, width: 100, height: 30, arguments: "long --sessions .")
    #expect(try tmux.frame(with: "b1-s0  ► RUN").contains("b1-s0  ► RUN"))
    kill(running.process.processIdentifier, SIGKILL)
    _ = try scant.finish(running)
    #expect(FileManager.default.fileExists(atPath: socket))
    #expect(try tmux.frame(with: "its process has ended").contains("its process has ended"))
    try tmux.press("7")
    #expect(try tmux.frame(with: "interrupted").contains("interrupted"))
    try tmux.press("q")
    #expect(try tmux.frame(with: "EXIT 0").contains("EXIT 0"))
    // What the dead process has left is no run to attach to.
    let again = try Tmux(scant, width: 100, height: 30, arguments: "long --sessions .")
    let frame = try again.frame(with: "interrupted")
    #expect(frame.contains("interrupted") && !frame.contains("another process"), "\(frame)")
    try again.press("q")
    #expect(try again.frame(with: "EXIT 0").contains("EXIT 0"))
  }

  @Test func preferencesAreSavedAndErrorsReported() throws {
    try scant.write(
      ".config/scant/config.yaml", "# mine\nkeys:\n  Z: theme\n  V: nosuch\ndata: { x: /y }\n")
    let file = scant.url(".config/scant/config.yaml")
    let tmux = try Tmux(scant, width: 200, height: 30, arguments: "long")
    let first = try tmux.frame(with: "no action")
    #expect(first.contains("config.yaml:4: keys.V: no action 'nosuch'"), "\(first)")
    try tmux.press("Z")
    _ = try tmux.frame(with: "enter keeps")
    try tmux.press("j")
    try tmux.press("Enter")
    let frame = try tmux.frame(with: "theme high-contrast")
    #expect(frame.contains("theme high-contrast"), "\(frame)")
    try tmux.press("5")
    _ = try tmux.frame(with: "[5 Missing]")
    try tmux.press("q")
    let left = try tmux.frame(with: "EXIT 0")
    #expect(left.contains("EXIT 0") && left.contains("keys.V: no action 'nosuch'"))
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.hasPrefix("# mine\nkeys:\n  Z: theme\n  V: nosuch\ndata: { x: /y }\n"))
    #expect(text.contains("theme: high-contrast\n") && text.contains("  screen: missing\n"))
    let again = try Tmux(scant, width: 120, height: 30, arguments: "long")
    #expect(try again.frame(with: "[5 Missing]").contains("[5 Missing]"))
    try again.press("q")
    #expect(try again.frame(with: "EXIT 0").contains("EXIT 0"))
  }

  @Test func framesAreExportedToTheSession() throws {
    let tmux = try Tmux(scant, width: 100, height: 30, arguments: "long")
    _ = try tmux.frame(with: "Press R")
    for (key, file) in [("f", "train-long.txt"), ("a", "train-long.cast")] {
      try tmux.press("E")
      _ = try tmux.frame(with: "═ export")
      try tmux.press(key)
      #expect(exists(scant.url("long/exports/\(file)").path))
      let text = try String(contentsOf: scant.url("long/exports/\(file)"), encoding: .utf8)
      #expect(text.contains("Press R") && text.contains("[3 Train]"))
    }
    try tmux.press("q")
    #expect(try tmux.frame(with: "EXIT 0").contains("EXIT 0"))
  }
}
