/// The workbench as a person meets it: in a real terminal (tmux), keys pressed, frames read.
import Foundation
import Testing

@Suite(.serialized, .enabled(if: Tmux.isInstalled, "tmux absent"))
struct TmuxTests {
  private let scant: Program

  init() throws {
    scant = try Program()
    try scant.writeTones(session: "study", methods: "b0, b1", training: "epochs: 3, batch: 8")
  }

  @Test func trainingIsStartedWatchedAndLeft() throws {
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

  /// Whoever ends it: the shell that waits for it gets its terminal back.
  @Test(arguments: [("TERM", 143), ("HUP", 129)])
  func signalsLeaveACheckpointAndRestoreTheTerminal(signal: String, status: Int) throws {
    try scant.writeTones(session: "long")
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

  @Test func interruptLeavesACheckpointAndRestoresTheTerminal() throws {
    try scant.writeTones(session: "long")
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

  @Test func shellSuspendsAndResumesTheWorkbench() throws {
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
