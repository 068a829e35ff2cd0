// How many cases survived, what was lost, and the folder that keeps it.
import Foundation
import Synchronization

final class Tally: Sendable {
  private struct Row {
    var tried = 0
    var lost = 0
  }

  private struct State {
    var rows: [(name: String, row: Row)] = []
    var kept: [String: Int] = [:]
  }

  /// Of one kind of loss so many are kept.
  private static let mostOfAKind = 3

  private let finds: URL
  private let state = Mutex(State())

  init(finds: URL) { self.finds = finds }

  var lost: Int { state.withLock { $0.rows.reduce(0) { $0 + $1.row.lost } } }

  func begin(_ campaign: String) { state.withLock { $0.rows.append((campaign, Row())) } }

  /// Counts a case; keeps its folder and says so where something was lost.
  func note(_ result: CaseResult, of campaign: String, case number: Int, folder: URL) {
    let kinds = result.losses.map(Self.kind)
    let isNew = state.withLock { state in
      guard let at = state.rows.firstIndex(where: { $0.name == campaign }) else { return false }
      state.rows[at].row.tried += result.tries
      state.rows[at].row.lost += min(result.losses.count, result.tries)
      guard let kind = kinds.first else { return false }
      let key = "\(campaign): \(kind)"
      state.kept[key, default: 0] += 1
      return state.kept[key, default: 0] <= Self.mostOfAKind
    }
    guard let loss = result.losses.first else { return }
    let place = finds / "\(campaign)-\(number)"
    let about = isNew ? " (kept in \(place.path))" : ""
    Self.say("lost: \(campaign) \(number), \(result.title): \(Self.plain(loss))\(about)")
    if isNew { keep(result, folder, at: place) }
  }

  private func keep(_ result: CaseResult, _ folder: URL, at place: URL) {
    let words = [result.title] + result.losses + ["", result.command.joined(separator: " "), ""]
    do {
      try? FileManager.default.removeItem(at: place)
      try FileManager.default.createDirectory(at: finds, withIntermediateDirectories: true)
      removeSockets(below: folder)
      try FileManager.default.copyItem(at: folder, to: place)
      try Data(words.joined(separator: "\n").utf8).write(to: place / "find.txt")
    } catch {
      Self.say("\(place.path): cannot be kept (\(error.localizedDescription))")
    }
  }

  /// What a killed run leaves; it cannot be copied.
  private func removeSockets(below folder: URL) {
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    for path in paths ?? [] where path.hasSuffix(".control") {
      unlink(folder.appendingPathComponent(path).path)
    }
  }

  /// Tried, survived and lost, a campaign a line.
  var table: String {
    let rows = state.withLock { $0.rows }
    let head = Self.line("campaign", "tried", "survived", "lost")
    let lines = rows.map { name, row in
      Self.line(name, "\(row.tried)", "\(row.tried - row.lost)", "\(row.lost)")
    }
    let kinds = state.withLock { $0.kept }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let losses = kinds.map { "\($0.value) cases of \($0.key)" }
    return ([head] + lines + losses).joined(separator: "\n")
  }

  /// Losses that differ in a number or a name are of one kind.
  private static func kind(_ loss: String) -> String {
    let words = plain(loss).split(separator: " ").prefix(6).map { word in
      word.contains(where: \.isNumber) ? "…" : word
    }
    return words.joined(separator: " ")
  }

  private static func line(_ cells: String...) -> String {
    cells.enumerated().map { at, cell in
      let space = String(repeating: " ", count: max(0, 10 - cell.count))
      return at == 0 ? cell + space : space + cell
    }.joined()
  }

  /// A line at once, also where the output is a pipe.
  static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  /// What a program under test wrote must not reach the terminal as it is.
  static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 32 || $0.value == 127 || $0.value > 255 ? "?" : $0 }))
  }
}
