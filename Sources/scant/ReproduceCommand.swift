/// `scant reproduce CLAIM`: trains what a claim needs, and says what was found.
import ArgumentParser
import Formats
import Foundation
import Lab
import Output

struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Train the runs behind a claim of the literature and print what they show.",
    discussion: """
      Without a claim, every claim of the sessions is listed with what was found. Finished runs \
      are not trained again.

      Examples:
        scant reproduce
        scant reproduce con-reg-few-labels
        scant reproduce --format markdown
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

  @Argument(
    help: "Id of a claim; without it, all claims are listed.", completion: Completions.claims)
  var claim: String?

  @Option(help: "Format of the list.")
  var format = Format.text

  @Flag(help: "The same as --format json.")
  var json = false

  @OptionGroup var options: SessionOptions

  func run() throws {
    let sessions = try sessions()
    guard let claim else { return try list(sessions) }
    let entries = sessions.flatMap { session in session.claims.map { (session: session, claim: $0) }
    }
    let found = entries.filter { $0.claim.id == claim }
    guard let entry = found.first else {
      throw RecipeError(
        key: claim, message: RecipeError.unknown("claim", claim, among: entries.map(\.claim.id)))
    }
    guard found.count == 1 else {
      let names = found.map(\.session.name).joined(separator: ", ")
      throw LabError("\(claim): the sessions \(names) make this claim; expected one of them")
    }
    try reproduce(entry.claim, of: entry.session)
  }

  /// Those with claims. Sessions that cannot be read are named and left out.
  private func sessions() throws -> [Session] {
    try Session.all(in: options.folders).compactMap { folder in
      do {
        let session = try Session.read(folder)
        return session.claims.isEmpty ? nil : session
      } catch {
        Console.shared.complain(sentence(for: error))
        return nil
      }
    }
  }

  private func reproduce(_ claim: Claim, of session: Session) throws {
    let part = session.runs(for: claim)
    Console.shared.say("\(claim.says)")
    Console.shared.say("\(session.name): \(part.runs.count) of \(session.runs.count) runs")
    try SessionRun(session: part)()
    let finding = try session.findings().first { $0.claim == claim.id }
    try Console.shared.print(finding?.sentence ?? "")
  }

  private func list(_ sessions: [Session]) throws {
    let findings = try sessions.flatMap { session in
      try session.findings().map { (session: session.name, finding: $0) }
    }
    switch json ? .json : format {
    case .json: try Console.shared.print(json: findings.map(\.finding))
    case .markdown:
      let header = "| claim | | effect (95 %) | seeds | smallest seen |\n|---|---|---|---|---|"
      try Console.shared.print(
        ([header] + findings.map(\.finding.markdown)).joined(separator: "\n"))
    case .text:
      guard !findings.isEmpty else { return Console.shared.say("no session makes a claim") }
      for (session, finding) in findings {
        try Console.shared.print(
          "\(finding.claim) (\(session))\n  \(finding.says)\n  \(finding.sentence)")
      }
    }
  }
}
