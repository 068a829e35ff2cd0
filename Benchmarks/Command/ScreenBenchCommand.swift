/// `scant bench ui`: what the screen costs, against the goals it has.
import ArgumentParser
import Foundation
import Output

extension BenchCommand {
  struct UI: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ui", abstract: "What the screen costs, against its goals.",
      discussion: """
        The program itself runs on terminals of its own while it trains on 'band'; keys are typed,
        sizes changed, and what arrives is timed and counted. Status 1 where a goal is missed.
        """)

    @Option(
      help: ArgumentHelp("A goal, such as G1; repeatable. All if absent.", valueName: "goal"))
    var only: [String] = []
    @Option(help: "Seconds of the longer measurements.")
    var seconds = 30.0
    @Option(help: "G8: pairs of a picture and one left out, half a second each.")
    var pairs = 200
    @OptionGroup var threads: Threads
    @Flag(help: "The last line on stdout is one JSON object.")
    var json = false

    func validate() throws {
      guard (1...5000).contains(pairs), (1...600).contains(seconds) else {
        throw ValidationError("--pairs 1 to 5000, --seconds 1 to 600 expected")
      }
      let known = Self.parts.flatMap(\.goals)
      for goal in only where !known.contains(goal) {
        throw ValidationError(
          "--only '\(goal)' is no goal; expected one of \(known.joined(separator: ", "))")
      }
    }

    /// Goals that are measured together.
    private struct Part: Sendable {
      let goals: [String]
      let measure: @Sendable (UI) throws -> [Goal]
    }

    private static let parts = [
      Part(goals: ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G12", "G19"]) {
        try LiveGoals(seconds: $0.seconds, threads: $0.threads.threads).measure()
      },
      Part(goals: ["G8", "G9"]) {
        try CostGoals(pairs: $0.pairs, threads: $0.threads.threads).measure()
      },
      Part(goals: ["G10", "G11"]) { _ in try LongLogGoals().measure() },
      Part(goals: ["G13"]) { _ in [SizeGoal().measure()] },
      Part(goals: ["G14"]) { _ in [try StartGoal().measure()] },
      Part(goals: ["G21", "G22"]) { _ in try FirstStartGoals().measure() },
    ]

    func run() throws {
      var report = GoalReport()
      for part in Self.parts where only.isEmpty || !Set(part.goals).isDisjoint(with: only) {
        Console.shared.say("measuring \(part.goals.joined(separator: " "))")
        report.goals += try part.measure(self).filter { only.isEmpty || only.contains($0.id) }
      }
      if json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
          positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try Console.shared.print(String(decoding: try encoder.encode(report), as: UTF8.self))
      } else {
        try Console.shared.print(report.text)
      }
      if report.goals.contains(where: { !$0.isMet }) { throw ExitCode.failure }
    }
  }
}
