/// The workbench as a person meets it: in a real terminal (tmux), keys pressed, frames read.
import Foundation
import Testing

/// A tmux server of its own with one window; killed at the end.
private final class Tmux {
  let socket = "scant-\(UUID().uuidString.prefix(8))"
  let scant: Program

  static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/tmux")

  /// Starts the program in a window of that size.
  convenience init(_ scant: Program, width: Int, height: Int, arguments: String) throws {
    try self.init(
      scant, width: width, height: height,
      command: "bash -c 'trap : INT; \"$SCANT\" \(arguments); echo EXIT $?; "
        + "stty -a | grep -o -e \"-*echo \" -e \"-*icanon\"; sleep 60'")
  }

  /// Runs a line of shell in a window of that size.
  init(_ scant: Program, width: Int, height: Int, command: String) throws {
    self.scant = scant
    let line =
      "exec env -u NO_COLOR HOME=\(scant.folder.path) LANG=C.UTF-8 "
      + "XDG_CACHE_HOME=\(scant.url("cache").path) \(command)"
    try tmux("-f /dev/null new-session -d -x \(width) -y \(height) \"$LINE\"", line: line)
  }

  deinit { _ = try? tmux("kill-server") }

  @discardableResult
  private func tmux(_ command: String, line: String = "") throws -> Outcome {
    let quoted = line.replacingOccurrences(of: "'", with: "'\\''")
    // A server that inherited the pipe by which our process waits would keep it waiting.
    let closing =
      "for f in /proc/self/fd/*; do n=${f##*/}; [ $n -gt 2 ] && eval \"exec $n>&-\"; done"
    return try scant.shell(
      "export LINE='\(quoted)' TERM=xterm-256color; "
        + "exec bash -c '\(closing); exec tmux -L \(socket) \(command)'")
  }

  func press(_ key: String) throws { try tmux("send-keys \"\(key)\"") }
  /// A line and Enter.
  func type(_ line: String) throws {
    try tmux("send-keys -l \"$LINE\" \\; send-keys Enter", line: line)
  }
  /// A signal to the program that the window's shell waits for.
  func send(_ signal: String) throws {
    let shell = try tmux("list-panes -F \"#{pane_pid}\"").out.split(separator: "\n").first ?? ""
    _ = try scant.shell("kill -\(signal) $(cat /proc/\(shell)/task/\(shell)/children)")
  }
  func resize(_ width: Int, _ height: Int) throws {
    try tmux("resize-window -x \(width) -y \(height)")
  }
  var frame: String { get throws { try tmux("capture-pane -p").out } }

  /// The first frame that holds `text`; the last one seen if none does within `seconds`.
  func frame(with text: String, within seconds: Double = 30) throws -> String {
    let end = Date().addingTimeInterval(seconds)
    var seen = try frame
    while !seen.contains(text), Date() < end {
      Thread.sleep(forTimeInterval: 0.05)
      seen = try frame
    }
    return seen
  }
}

@Suite(.serialized, .enabled(if: Tmux.isInstalled, "tmux absent"))
struct TmuxTests {
  private let scant: Program

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    try scant.write(
      "study/session.yaml",
      """
      title: Tones
      dataset: { id: folder, root: \(scant.url("tones").path) }
      model: { id: cnn }
      methods: [b0, b1]
      seeds: [0]
      training: { epochs: 3, batch: 8 }
      """)
  }

  @Test func aTrainingIsStartedWatchedAndLeft() throws {
    let tmux = try Tmux(scant, width: 80, height: 24, arguments: "study")
    #expect(try tmux.frame(with: "Press R").contains("Press R"))
    try tmux.press("R")
    #expect(try tmux.frame(with: "DONE").contains("DONE"))
    for (key, word) in [
      ("1", "[1Data]"), ("2", "[2Method]"), ("4", "[4Clips]"), ("5", "[5Missing]"),
    ] {
      try tmux.press(key)
      #expect(try tmux.frame(with: word).contains(word))
    }
    try tmux.resize(120, 40)
    #expect(try tmux.frame(with: "[5 Missing]").contains("[5 Missing]"))
    try tmux.press("q")
    let left = try tmux.frame(with: "icanon")
    #expect(left.contains("EXIT 0") && !left.contains("-icanon") && !left.contains("-echo"))
    #expect(try scant("table", "study", "--format", "csv").out.contains("b1"))
  }

  @Test func asciiWithoutColourIsLegible() throws {
    let tmux = try Tmux(
      scant, width: 80, height: 24, arguments: "study --glyphs ascii --color mono")
    let frame = try tmux.frame(with: "IDLE")
    #expect(frame.contains("[3Train]") && frame.contains("Press R") && frame.contains("+-"))
    #expect(frame.unicodeScalars.allSatisfy { $0.isASCII })
    try tmux.press("q")
    #expect(try tmux.frame(with: "EXIT").contains("EXIT 0"))
  }

  private func writeLongSession() throws {
    try scant.write(
      "long/session.yaml",
      """
      title: Long
      dataset: { id: folder, root: \(scant.url("tones").path) }
      model: { id: cnn }
      methods: [b1]
      seeds: [0]
      training: { epochs: 20000, batch: 8 }
      """)
  }

  /// Whoever ends it: the shell that waits for it gets its terminal back.
  @Test(arguments: [("TERM", 143), ("HUP", 129)])
  func signalsLeaveACheckpointAndTheTerminal(signal: String, status: Int) throws {
    try writeLongSession()
    let tmux = try Tmux(scant, width: 80, height: 24, arguments: "long")
    _ = try tmux.frame(with: "Press R")
    try tmux.press("R")
    #expect(try tmux.frame(with: "RUN").contains("RUN"))
    try tmux.send(signal)
    let left = try tmux.frame(with: "icanon")
    #expect(left.contains("EXIT \(status)") && !left.contains("-icanon"))
    #expect(!left.contains("-echo"))
    let checkpoint = scant.url("long/runs/b1-s0/last.safetensors")
    #expect(FileManager.default.fileExists(atPath: checkpoint.path))
  }

  @Test func interruptionLeavesACheckpointAndTheTerminal() throws {
    try writeLongSession()
    let tmux = try Tmux(scant, width: 80, height: 24, arguments: "long")
    _ = try tmux.frame(with: "Press R")
    try tmux.press("R")
    #expect(try tmux.frame(with: "RUN").contains("RUN"))
    try tmux.press("C-c")
    let left = try tmux.frame(with: "icanon")
    #expect(left.contains("EXIT 130") && !left.contains("-icanon"))
    let checkpoint = scant.url("long/runs/b1-s0/last.safetensors")
    #expect(FileManager.default.fileExists(atPath: checkpoint.path))
  }

  @Test func aShellSuspendsAndResumesIt() throws {
    let tmux = try Tmux(
      scant, width: 80, height: 24, command: "PS1=ready: bash --norc --noprofile -i")
    #expect(try tmux.frame(with: "ready:").contains("ready:"))
    try tmux.type("\"$SCANT\" study")
    let before = try tmux.frame(with: "Press R")
    #expect(before.contains("[3Train]") && before.contains("Press R"))
    try tmux.press("C-z")
    #expect(try tmux.frame(with: "Stopped").contains("Stopped"))
    // The shell has the terminal: what is typed is echoed and carried out.
    try tmux.type("stty -a | grep -o -e '-*icanon'; echo $((6 * 7))")
    let shell = try tmux.frame(with: "42")
    #expect(shell.contains("42") && shell.contains("icanon") && !shell.contains("-icanon\n"))
    try tmux.type("fg")
    let after = try tmux.frame(with: "Press R")
    #expect(after.contains("[3Train]") && after.contains("Press R") && !after.contains("ready:"))
    #expect(after.contains("continued"))
    try tmux.press("R")  // keys arrive as before
    #expect(try tmux.frame(with: "DONE").contains("DONE"))
    try tmux.press("q")
    #expect(try tmux.frame(with: "ready:").contains("ready:"))
    try tmux.type("echo left $?")
    #expect(try tmux.frame(with: "left 0").contains("left 0"))
  }
}
