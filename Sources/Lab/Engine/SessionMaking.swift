// The engine's answers that make sessions: new ones, duplicates, other names; and paths to type.
import Formats
import Foundation

extension LabEngine {
  func make(path: String) throws {
    let sounds = try SoundFolder(path)
    let proposal = try sounds.proposal(needsLabels: false) { [mailbox] preparation in
      mailbox.send(.preparation(preparation))
      return true
    }
    let file = try SessionFile(in: newSessions, called: proposal.name)
    try file.write(proposal.yaml)
    tell(
      MadeSession(
        origin: .new, name: file.folder.lastPathComponent, folder: file.folder,
        lines: proposal.lines, problems: proposal.problems))
  }

  /// Runs are not copied; answers to missing labels are.
  func duplicate(_ session: URL, as name: String) throws {
    let target = try sibling(of: session, called: name)
    let text = try YAMLDocument.text(
      of: session.appendingPathComponent("session.yaml"), expecting: "a session")
    let patch = session.appendingPathComponent(LabelPatch.fileName)
    let answers = try StoredFile.exists(patch) ? LabelPatch(reading: patch) : nil
    try SessionFile(target).write(text)
    try answers?.write(to: target.appendingPathComponent(LabelPatch.fileName))
    tell(MadeSession(origin: .duplicate, name: name, folder: target))
  }

  func rename(_ session: URL, to name: String) throws {
    let target = try sibling(of: session, called: name)
    let isOpen = sessionFolder.standardizedFileURL.path == session.standardizedFileURL.path
    if isOpen, !isIdle { throw busy(session) }
    try demandIdle(session)
    // Whatever comes into being there meanwhile, the system replaces an empty folder at most.
    guard Foundation.rename(session.path, target.path) == 0 else {
      throw Problem(
        session, "cannot be renamed (\(SystemWords.of(errno))); expected a place to write")
    }
    if isOpen { try openSession(target) }
    tell(
      MadeSession(
        origin: .rename, name: name, folder: target, former: session.lastPathComponent))
  }

  private func tell(_ made: MadeSession) {
    reporting(.session) { try sendSessions() }
    mailbox.send(.made(made))
  }

  // MARK: what is refused

  /// A folder beside the session that is not there yet, and whose name no listed session has.
  private func sibling(of session: URL, called name: String) throws -> URL {
    guard try Session.holdsSession(session) else {
      throw LabError("\(session.path): no session; expected a folder with session.yaml")
    }
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0.value != 0x7F && $0 != "/"
    }
    guard isPlain, !name.hasPrefix("."), !name.isEmpty, name.utf8.count <= 100 else {
      throw LabError(
        "'\(name)': no name for a session; expected 1 to 100 bytes without / and a leading dot")
    }
    let target = session.deletingLastPathComponent().appendingPathComponent(name)
    let listed = try Session.all(in: places).map(\.lastPathComponent)
    guard try !StoredFile.exists(target), !listed.contains(name) else {
      throw LabError("\(name): a session or a file is called so; expected another name")
    }
    return target
  }

  private func busy(_ session: URL) -> LabError {
    LabError("\(session.lastPathComponent): a run of it is training; expected it to be stopped")
  }

  /// Throws if a process trains a run of the session, or if runs name files in its folder: they
  /// would not be found again.
  private func demandIdle(_ session: URL) throws {
    let runs = session.appendingPathComponent("runs")
    if try RunFolder.training(in: runs) != nil { throw busy(session) }
    for name in try StoredFile.names(in: runs) {
      let run = RunFolder(runs.appendingPathComponent(name))
      guard let recipe = try run.storedRecipe(), let patch = recipe["dataset.patch"],
        patch.hasPrefix(session.standardizedFileURL.path + "/")
      else { continue }
      throw LabError(
        "\(session.lastPathComponent): its run \(name) learned from \(patch); expected a session "
          + "whose runs name no file in its folder")
    }
  }

  // MARK: paths

  /// Folders alone, since sessions are made for folders.
  func complete(_ path: String) throws {
    let typed = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let start = String(path.dropFirst(typed.count))
    let place = (String(typed) as NSString).expandingTildeInPath
    let folder = URL(fileURLWithPath: place.isEmpty ? "." : place, isDirectory: true)
    let names = try StoredFile.names(in: folder).filter { name in
      guard name.hasPrefix(start), start.hasPrefix(".") || !name.hasPrefix(".") else {
        return false
      }
      return try StoredFile.isFolder(folder.appendingPathComponent(name))
    }
    mailbox.send(.completions(of: path, names.map { "\(typed)\($0)/" }))
  }
}
