/// `scant sessions`: which sessions there are and how far each got.
import ArgumentParser
import Foundation
import Lab
import Output

struct SessionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions", abstract: "The sessions found, with their title and progress.")

  @Flag(help: "A JSON array on stdout.")
  var json = false

  @OptionGroup var options: SessionOptions

  private struct Entry: Encodable {
    let id: String
    let title: String
    let folder: String
    let runs: Int
    let finished: Int
  }

  func run() throws {
    var entries: [Entry] = []
    var failures = 0
    for folder in try Session.all(in: options.folders) {
      do { entries.append(try Self.entry(Session.read(folder))) } catch {
        failures += 1
        Console.shared.complain(sentence(for: error))
      }
    }
    if json { try Console.shared.print(json: entries) } else { try print(entries) }
    if failures > 0 { throw ExitCode.failure }
  }

  private static func entry(_ session: Session) throws -> Entry {
    let finished = try session.runs.count { try session.runFolder($0).ending().state == .done }
    return Entry(
      id: session.name, title: session.title, folder: session.folder.path,
      runs: session.runs.count, finished: finished)
  }

  private func print(_ entries: [Entry]) throws {
    guard !entries.isEmpty else {
      let places = options.folders.map(\.path).joined(separator: ", ")
      Console.shared.say("no sessions in \(places.isEmpty ? "./sessions" : places)")
      return
    }
    var table = TextTable(["session", "finished", "title"])
    for entry in entries {
      table.append([entry.id, "\(entry.finished) of \(entry.runs)", entry.title])
    }
    try Console.shared.print(table.text)
  }
}
