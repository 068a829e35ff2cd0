// `scant tag --classes FOLDER`: which of AudioSet's tags stand for the classes of a folder.
import Formats
import Foundation
import Lab
import Models
import Output

struct TagClasses {
  let path: String
  let session: Session

  /// `path`: a session, or a folder of sounds, which gets one.
  init(_ path: String, _ options: SessionOptions) throws {
    self.path = path
    session = try options.findOrMake(path, needsLabels: false)
  }

  private var file: URL { session.folder.appendingPathComponent(TagMapping.fileName) }

  /// Writes the proposals where there is no table yet; with `confirm` says yes to those that nobody
  /// has declined. `tags`: of the network.
  func callAsFunction(_ tags: [String], confirm: Bool) throws {
    let isNew = try !StoredFile.exists(file)
    var mapping =
      isNew
      ? TagMapping(proposing: try classes(), among: tags) : try TagMapping(reading: file)
    if confirm { mapping.confirm() }
    if isNew || confirm { try mapping.write(to: file) }
    try Console.shared.print(Self.table(mapping))
    Console.shared.say(words(mapping, isNew: isNew))
  }

  private func classes() throws -> [String] {
    guard let recipe = session.runs.first?.recipe else {
      throw LabError("\(session.name): no run, so no data; expected some")
    }
    return try RunExecutor().classes(of: recipe)
  }

  private func words(_ mapping: TagMapping, isNew: Bool) -> String {
    let place = "\(file.fromHere)\(isNew ? " written" : "")"
    if mapping.open > 0 {
      return "\(place): \(mapping.open) proposals wait in the column 'use'. Write 1 or 0 there, or "
        + "say yes to all: scant tag --classes \(path.forShell) --confirm"
    }
    return mapping.isConfirmed
      ? "\(place): confirmed. Guesses appear in scant suggest \(path.forShell) and on 4 Clips"
      : "\(place): no tag is confirmed; write tags and 1 in the column 'use'"
  }

  private static func table(_ mapping: TagMapping) -> String {
    var table = ConsoleTable(["class", "tag", "use", "why"])
    var last = ""
    for row in mapping.rows {
      let use = row.use.map { $0 ? "yes" : "no" } ?? (row.tag.isEmpty ? "" : "?")
      table.append([row.className == last ? "" : row.className, row.tag, use, row.why])
      last = row.className
    }
    return table.text
  }
}
