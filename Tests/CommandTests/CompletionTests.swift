// What the shell offers after TAB.
import Foundation
import Testing

@Suite struct CompletionTests {
  private let scant: Program

  init() throws { scant = try Program() }

  /// As the generated scripts ask: the argument's place, the word's place and the position in it.
  private func offered(_ command: String, _ word: String) throws -> [String] {
    let line = "$SCANT ---completion \(command) -- positional@0 2 \(word.count) scant \(command)"
    let found = try scant.shell("SAP_SHELL=bash \(line) '\(word)'")
    #expect(found.status == 0, "\(found.err)")
    return found.out.split(separator: "\n").map(String.init)
  }

  @Test func sessionsRunsAndFolders() throws {
    try scant.writeTones(session: "sessions/tones-a")
    try scant.write("sessions/tones-a/runs/b1-s0/recipe.yaml", "method: { id: b1 }\n")
    #expect(try offered("table", "tones-") == ["tones-a"])
    #expect(
      try offered("evaluate", "sessions/tones-a/runs/b").first == "sessions/tones-a/runs/b1-s0")
    #expect(try offered("evaluate", "sess") == ["sessions/tones-a/runs/b1-s0", "sessions/"])
    #expect(try offered("table", "nothing").isEmpty)
  }

  @Test func idsStandInTheScripts() throws {
    for shell in ["bash", "zsh", "fish"] {
      let script = try scant("--generate-completion-script", shell)
      #expect(script.status == 0 && script.out.contains("label-enhancing"), "\(shell)")
      #expect(script.out.contains("magnatagatune") && script.out.contains("---completion"))
    }
  }
}
