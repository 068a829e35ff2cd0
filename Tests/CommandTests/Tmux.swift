/// A real terminal for the program under test.
import Foundation
import Testing

/// A tmux server of its own with one window; killed at the end. Its socket goes with the folder of
/// the program.
final class Tmux {
  private let socket: String
  let scant: Program

  static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/tmux")

  /// Starts the program in a window of that size.
  convenience init(_ scant: Program, width: Int, height: Int, arguments: String) throws {
    try self.init(
      scant, width: width, height: height,
      command: "bash -c 'trap : INT; \"$SCANT\" \(arguments); echo EXIT $?; "
        + "stty -a | grep -o -e \"-*echo \" -e \"-*icanon\"; sleep 300'")
  }

  /// Runs a line of shell in a window of that size.
  init(_ scant: Program, width: Int, height: Int, command: String) throws {
    self.scant = scant
    socket = scant.url("tmux-\(UUID().uuidString.prefix(8))").path
    let line =
      "exec env NO_COLOR=1 HOME=\(scant.folder.path) LANG=C.UTF-8 "
      + "XDG_CACHE_HOME=\(scant.url("cache").path) \(command)"
    // Where the tests are killed, their server ends by itself soon.
    let watch =
      "while kill -0 \(getpid()) 2>/dev/null; do sleep 2; done; tmux -S \(socket) kill-server"
    let session = "new-session -d -x \(width) -y \(height) \"$LINE\""
    let started = try tmux(
      "-f /dev/null \(session) \\; run-shell -b \"$WATCH\"", line: line, watch: watch)
    try #require(started.status == 0, "tmux: \(started.err)")
  }

  deinit {
    do {
      let ended = try tmux("kill-server")
      #expect(ended.status == 0, "tmux server of \(socket): \(ended.err)")
      #expect(isGone, "the tmux server of \(socket) does not end")
    } catch { Issue.record("tmux server of \(socket): \(error)") }
  }

  /// The server answers no more; it takes a moment to end.
  private var isGone: Bool {
    let end = Date().addingTimeInterval(60)
    while (try? tmux("list-sessions").status) == 0, Date() < end {
      Thread.sleep(forTimeInterval: 0.02)
    }
    return (try? tmux("list-sessions").status) != 0
  }

  @discardableResult
  private func tmux(
    _ command: String, line: String = "", watch: String = ""
  ) throws -> Outcome {
    let quoted = line.replacingOccurrences(of: "'", with: "'\\''")
    // A server that inherited the pipe by which our process waits would keep it waiting.
    let closing =
      "for f in /proc/self/fd/*; do n=${f##*/}; [ $n -gt 2 ] && eval \"exec $n>&-\"; done"
    return try scant.shell(
      "export LINE='\(quoted)' WATCH='\(watch)' TERM=xterm-256color; "
        + "exec bash -c '\(closing); exec tmux -S \(socket) \(command)'")
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
  /// A signal to the process that the program has started to do the work.
  func sendToWorker(_ signal: String) throws {
    let shell = try tmux("list-panes -F \"#{pane_pid}\"").out.split(separator: "\n").first ?? ""
    let line =
      "p=$(cat /proc/\(shell)/task/\(shell)/children); p=${p%% *}; "
      + "kill -\(signal) $(cat /proc/$p/task/$p/children)"
    _ = try scant.shell(line)
  }
  /// Whether the terminal shows a cursor.
  var hasCursor: Bool { get throws { try tmux("display -p \"#{cursor_flag}\"").out == "1\n" } }
  func resize(_ width: Int, _ height: Int) throws {
    try tmux("resize-window -x \(width) -y \(height)")
  }
  var frame: String { get throws { try tmux("capture-pane -p").out } }

  /// The first frame that holds `text`; the last one seen if none does within `seconds`.
  func frame(with text: String, within seconds: Double = 90) throws -> String {
    let end = Date().addingTimeInterval(seconds)
    var seen = try frame
    while !seen.contains(text), Date() < end {
      Thread.sleep(forTimeInterval: 0.05)
      seen = try frame
    }
    return seen
  }
}
