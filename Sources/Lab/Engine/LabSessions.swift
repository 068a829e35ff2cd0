// The engine's answers about sessions and their runs, also about a run that another process trains:
// its log is followed.
import Formats
import Foundation

extension LabEngine {
  func answer(_ request: SessionRequest) throws {
    if try answerWatched(request) { return }
    switch request {
    case .list: try sendSessions()
    case .open(let folder): try openSession(folder)
    case .record(let run):
      let ends = try Recording(previewing: RunFolder(run))
      mailbox.send(.recording(ends))
      if !ends.isWhole { mailbox.send(.recording(try Recording(reading: RunFolder(run)))) }
    case .compare(let runs):
      mailbox.send(.records(try runs.map { try RunRecord(reading: RunFolder($0)) }))
    case .report(let run): mailbox.send(.report(try executor.report(RunFolder(run))))
    case .attach(let run): try attach(RunFolder(run))
    case .delete(let run): try delete(RunFolder(run))
    case .restore(let run): try restore(RunFolder(run))
    case .note(let run, let text):
      try RunFolder(run).write(RunNote(text))
      try sendSessions()
      mailbox.send(.noted)
    case .verdict(let session): try sendVerdict(of: session ?? sessionFolder)
    case .resume(let run): try resume(RunFolder(run))
    case .make(let path): try make(path: path)
    case .duplicate(let session, let name): try duplicate(session, as: name)
    case .rename(let session, let name): try rename(session, to: name)
    }
  }

  func sendSessions() throws {
    let own = try SessionRow.all(in: places, open: sessionFolder)
    mailbox.send(.sessions(try (watched.map { [try $0.row()] } ?? []) + own))
  }

  private func sendVerdict(of session: URL) throws {
    guard let verdict = try ComparisonRecord.read(session)?.verdict else {
      throw LabError(
        "\(session.lastPathComponent): no verdict; expected a session that scant compare finished")
    }
    mailbox.send(.verdict(verdict))
  }

  /// Its runs replace those of the session before.
  func openSession(_ folder: URL) throws {
    let session = try Session.read(folder)
    let isFree = state.withLock { state in
      guard !state.isBusy else { return false }
      state.runs = PlacedRun.all(of: session)
      state.home = session.folder.appendingPathComponent("runs")
      state.columns = session.columns
      state.trainer = nil
      state.last = nil
      return true
    }
    guard isFree else {
      throw LabError("a run is going on; expected it to be stopped before a session is opened")
    }
    let recipe = session.runs.first?.recipe ?? Recipe()
    mailbox.send(.opened(session: session.name, recipe: recipe))
    sendSummaries()
  }

  /// Trains one run to its end; a run of another session opens that first.
  private func resume(_ folder: RunFolder) throws {
    if known(folder) == nil { try openSession(folder.session) }
    let placed =
      try known(folder)
      ?? add(
        Session.Run(name: folder.name, recipe: try folder.readRecipe(), sweep: [:]), in: folder)
    begin { [placed] }
  }

  private func known(_ folder: RunFolder) -> PlacedRun? {
    let url = folder.url.standardizedFileURL
    return state.withLock { $0.runs }.first { $0.folder.url.standardizedFileURL == url }
  }

  /// Only folders that hold a run below a session; the lock protects one that is trained now.
  private func delete(_ folder: RunFolder) throws {
    guard folder.url.deletingLastPathComponent().lastPathComponent == "runs",
      try folder.holdsRun
    else { throw LabError("\(folder.url.path): no run; expected a folder below runs/") }
    let lock = try RunLock(folder)
    try withExtendedLifetime(lock) { try RunTrash(of: folder).put(folder) }
    try sendSessions()
    sendSummaries()
  }

  private func restore(_ folder: RunFolder) throws {
    try RunTrash(of: folder).restore(folder)
    mailbox.send(.notice("\(folder.name) is restored"))
    try sendSessions()
    sendSummaries()
  }

  // MARK: a run of another process

  private func attach(_ folder: RunFolder) throws {
    stopWatching()
    guard try folder.isTraining() else {
      throw LabError("\(folder.name): no process trains it; press r to resume it")
    }
    let follower = RunFollower(
      folder, onEvents: { [mailbox] in mailbox.send(.events($0)) },
      onEnd: { [weak self] in self?.left(folder, $0) })
    let isFree = state.withLock { state in
      guard !state.isBusy else { return false }
      state.follower?.stop()
      state.follower = follower
      state.last = folder
      return true
    }
    guard isFree else {
      throw LabError("a run is going on here; expected it to be stopped before another is followed")
    }
    mailbox.send(.run(folder.name))
    do {
      mailbox.send(.attached(Attachment(run: folder.name, recipe: try folder.readRecipe())))
    } catch {
      mailbox.send(.attached(Attachment(run: folder.name, recipe: nil)))
      report(.run, reason(of: error))
    }
  }

  /// The run that was followed has ended; its process may go on with another one.
  private func left(_ folder: RunFolder, _ ending: RunFollower.Ending) {
    state.withLock { $0.follower = nil }
    mailbox.send(.attached(nil))
    if ending == .lost {
      let idle = Event(
        run: folder.name, seq: 0, t: 0, step: 0, epoch: 0, body: StateChange(state: .idle))
      mailbox.send(.events([idle]))
      report(
        .run,
        "\(folder.name): its process has ended; press r on 7 Sessions to resume from the checkpoint"
      )
    }
    sendSummaries()
    reporting(.session) { try sendSessions() }
    guard case .ended(let ended) = ending, ended.reason == .done || ended.reason == .failed else {
      return
    }
    lookups.asyncAfter(deadline: .now() + 0.5) { [weak self] in
      self?.reporting(.run) { try self?.followNext(folder) }
    }
  }

  private func followNext(_ folder: RunFolder) throws {
    let next = try RunFolder.training(in: folder.url.deletingLastPathComponent())
    let isFree = state.withLock { $0.follower == nil && !$0.isBusy }
    if let next, isFree { try attach(next) }
  }
}

/// A run that is followed, not trained here.
public struct Attachment: Sendable, Equatable {
  public var run: String
  /// Absent while it cannot be read.
  public var recipe: Recipe?
  /// The form of its log, if another program writes that; there is nothing to command then.
  public var log: LogFormat?
  /// Seconds since that log was written last, if it is known.
  public var age: Double?

  public init(run: String, recipe: Recipe?, log: LogFormat? = nil, age: Double? = nil) {
    self.run = run
    self.recipe = recipe
    self.log = log
    self.age = age
  }
}
