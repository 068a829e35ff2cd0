/// `scant events check FILE`: whether a log of events is as other programs expect it.
import ArgumentParser
import Canvas
import Formats
import Foundation
import Lab
import Output

struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Check the event log of a run, or print its JSON Schema.",
    subcommands: [Check.self, Schema.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read an event log line by line and report every fault.",
      discussion: """
        A fault is one line: FILE:LINE: field: what is wrong; what was expected. Unknown events \
        and keys are named and allowed, since later versions may write them. The exit status is 1 \
        if there is a fault.

        Example:
          scant events check runs/masked-s0
        """)

    @Argument(help: ArgumentHelp("Event log, or the folder of a run.", valueName: "file | run"))
    var path: String
    @Flag(help: "Write one JSON object to stdout.")
    var json = false

    func run() throws {
      var url = URL(fileURLWithPath: path)
      if try StoredFile.isFolder(url) { url = RunFolder(url).events }
      let check = try EventCheck(reading: url)
      try json ? Console.shared.print(json: check) : Console.shared.print(text(check, url))
      if check.faultCount > 0 { throw ExitCode.failure }
    }

    private func text(_ check: EventCheck, _ url: URL) -> String {
      let faults = check.faults.map { fault in
        let parts = ["\(url.relativePath):\(fault.line)", fault.field, fault.text]
        return parts.compactMap { $0 }.joined(separator: ": ").visible
      }
      let more = check.faultCount - check.faults.count
      let notes =
        [
          more > 0 ? "and \(more) more faults" : nil, named("unknown events", check.unknownEvents),
          named("unknown keys", check.unknownKeys),
          check.isTorn ? "the last line is cut off; readers skip it" : nil,
        ].compactMap { $0?.visible }
      let end = "\(check.lines) lines, \(check.faultCount) faults"
      return (faults + notes + [end]).joined(separator: "\n")
    }

    /// "unknown keys, allowed: evalEnd.extra (3)"; nil for none.
    private func named(_ what: String, _ counts: [String: Int]) -> String? {
      guard !counts.isEmpty else { return nil }
      let names = counts.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
      return "\(what), allowed: \(names.joined(separator: ", "))"
    }
  }

  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the JSON Schema (draft 2020-12) of a line.")

    func run() throws { try Console.shared.print(data: EventPage.schema) }
  }
}
