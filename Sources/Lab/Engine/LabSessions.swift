// The engine's answers about sessions: which there are, opening one, and what became of a run.
import Formats
import Foundation

extension LabEngine {
  func answer(_ request: SessionRequest) {
    do {
      switch request {
      case .list:
        mailbox.send(.sessions(try SessionRow.all(in: shelves, open: sessionFolder)))
      case .open(let folder): try openSession(folder)
      case .record(let run):
        let ends = try Recording(previewing: RunFolder(run))
        mailbox.send(.recording(ends))
        if !ends.isWhole { mailbox.send(.recording(try Recording(reading: RunFolder(run)))) }
      case .compare(let runs):
        mailbox.send(.records(try runs.map { try RunRecord(reading: RunFolder($0)) }))
      case .attach(let run): try attach(RunFolder(run))
      case .delete(let run): try delete(RunFolder(run))
      case .resume(let run): try resume(RunFolder(run))
      }
    } catch {
      mailbox.send(.trouble(reason(of: error)))
    }
  }

  /// Its runs take the place of those before.
  private func openSession(_ folder: URL) throws {
    let session = try Session.read(folder)
    let isFree = state.withLock { state in
      guard !state.isBusy else { return false }
      state.runs = session.runs.map { PlacedRun(run: $0, folder: session.runFolder($0)) }
      state.home = session.folder.appendingPathComponent("runs")
      state.trainer = nil
      return true
    }
    guard isFree else {
      throw LabError("a run is going on; expected it to be stopped before a session is opened")
    }
    let recipe = session.runs.first?.recipe ?? Recipe()
    mailbox.send(.opened(session: session.name, recipe: recipe))
    sendSummaries()
  }

  /// Trains one run to its end; its session is opened first where it is another one.
  private func resume(_ folder: RunFolder) throws {
    let isKnown = state.withLock { state in
      state.runs.contains { $0.folder.url.standardizedFileURL == folder.url.standardizedFileURL }
    }
    if !isKnown { try openSession(folder.session) }
    let placed = try placed(folder)
    begin { [placed] }
  }

  /// The session's run in this folder; one that was added beside them is told by its recipe.
  private func placed(_ folder: RunFolder) throws -> PlacedRun {
    let url = folder.url.standardizedFileURL
    if let own = state.withLock({ $0.runs }).first(where: {
      $0.folder.url.standardizedFileURL == url
    }) {
      return own
    }
    let run = Session.Run(name: folder.name, recipe: try folder.readRecipe(), sweep: [:])
    let placed = PlacedRun(run: run, folder: folder)
    state.withLock { $0.runs.append(placed) }
    return placed
  }

  /// Only folders that hold a run below a session; one that is trained now is held by its lock.
  private func delete(_ folder: RunFolder) throws {
    guard folder.url.deletingLastPathComponent().lastPathComponent == "runs",
      try StoredFile.exists(folder.recipe)
    else { throw LabError("\(folder.url.path): no run; expected a folder below runs/") }
    let lock = try RunLock(folder)
    try withExtendedLifetime(lock) {
      try folder.clear()
      let left = try StoredFile.names(in: folder.url)
      if left.allSatisfy({ [".lock", RunFolder.controlName].contains($0) }) {
        try FileManager.default.removeItem(at: folder.url)
      }
    }
    mailbox.send(.sessions(try SessionRow.all(in: shelves, open: sessionFolder)))
    sendSummaries()
  }
}

extension RunFolder {
  /// The folder of the session that the run belongs to.
  fileprivate var session: URL { url.deletingLastPathComponent().deletingLastPathComponent() }
}
