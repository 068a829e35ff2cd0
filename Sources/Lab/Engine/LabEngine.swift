// The engine behind the screens: takes requests, works on its own queues, answers by messages.
import Datasets
import Dispatch
import Formats
import Foundation
import Synchronization

/// Its queues work on values and on what `state` protects; none of them owns mutable state.
public final class LabEngine: Engine {
  public let mailbox = Mailbox<Message>.messages()
  let executor: RunExecutor
  /// One run after another.
  private let training = DispatchQueue(label: "scant.runs", qos: .userInitiated)
  /// Data sets, sounds, predictions: never behind a training.
  let lookups = DispatchQueue(label: "scant.lookups", qos: .userInitiated)
  /// The finished run that is held.
  private let holder: RunHolder
  private let background: BackgroundSounds
  /// Commands to runs of other processes.
  let attachments = DispatchQueue(label: "scant.attachments", qos: .userInitiated)
  let state: Mutex<State>

  struct State: Sendable {
    /// Of the session, and those started beside it.
    var runs: [PlacedRun]
    /// That of the present run, or of the last one.
    var trainer: Trainer?
    /// A run of another process, while it is shown.
    var follower: RunFollower?
    /// A log of another program, while it is shown.
    var logFollower: LogFollower?
    var isBusy = false
    var isCancelled = false
    /// The next run waits before its first step.
    var holdsNext = false
    /// The folder of the run that is shown, or was shown last.
    var last: RunFolder?
    /// What the open data set was opened with.
    var opened: Recipe?
    /// The network whose parameters were asked for last.
    var toCount: String?
    /// The folder of the runs of `start`.
    var home: URL
    /// The metrics that the open session names.
    var columns: [String] = []
    /// Runs that wait for the present one, in their order.
    var waiting: [PlacedRun] = []
  }

  /// A run and its folder.
  struct PlacedRun: Sendable {
    let run: Session.Run
    let folder: RunFolder

    /// Every run of a session in its folder.
    static func all(of session: Session) -> [PlacedRun] {
      session.runs.map { PlacedRun(run: $0, folder: session.runFolder($0)) }
    }
  }

  /// The folder of sessions that new ones are written to.
  let newSessions: URL
  /// All folders of sessions that are listed.
  let places: [URL]
  /// The folder of the guides to methods; nil if it is not known.
  let guides: URL?
  /// The logs of other programs that are listed too.
  let watched: WatchedFolder?

  /// `runs`: the folder of runs that are not part of the session; `cache` and `renders` as for
  /// `RunExecutor`; `shelves`: folders of sessions; `newSessions`: that of new ones, the first of
  /// them if absent; `guides`: the folder of the guides to methods; `watching`: logs of other
  /// programs that are listed first.
  public init(
    session: Session? = nil, runs: URL, cache: URL? = nil, renders: Bool = true,
    shelves: [URL] = [], newSessions: URL? = nil, guides: URL? = nil,
    watching watched: WatchedFolder? = nil
  ) {
    (self.guides, self.watched) = (guides, watched)
    let listsOwn = watched == nil || !shelves.isEmpty
    places = shelves + (newSessions.map { listsOwn ? [$0] : [] } ?? [])
    self.newSessions =
      newSessions ?? shelves.first
      ?? runs.deletingLastPathComponent().deletingLastPathComponent()
    executor = RunExecutor(cache: cache, renders: renders)
    holder = RunHolder(executor, mailbox)
    background = BackgroundSounds(cache: cache) { [mailbox] in mailbox.send(.background($0)) }
    state = Mutex(
      State(
        runs: session.map(PlacedRun.all) ?? [], home: runs, columns: session?.columns ?? []))
    if session != nil { lookups.async { self.sendSummaries() } }
  }

  public func send(_ request: Request) {
    if forward(request) { return }
    switch request {
    case .openDataset(let recipe): lookUp(.dataset) { try self.open(recipe) }
    case .inspect(let clip): lookUp(.clip) { try self.inspect(clip) }
    case .reprogram(let clip): reprogram(clip)
    case .count(let recipe): count(recipe)
    case .start(let recipe): begin { [self.place(recipe)] }
    case .startSession: begin { self.unfinished() }
    case .holdNext: state.withLock { $0.holdsNext = true }
    case .run(let command): perform(command)
    case .labels(.guess):
      // In turn with what is asked of a run: tags of many clips take a while.
      if let recipe = state.withLock({ $0.opened }) {
        holder.guess(recipe, session: sessionFolder)
      }
    case .labels(let request):
      lookUp(.labels) { self.mailbox.send(try request.answer(in: self.sessionFolder)) }
    case .queue(let recipe, let name): queue(recipe, name)
    case .arrange(let names): arrange(names)
    case .exportSound(let clip): lookUp(.clip) { try self.exportSound(clip) }
    case .activations(let clip): activations(clip)
    case .complete(let path): lookUp(.session) { try self.complete(path) }
    case .sessions(let request): lookUp(.session) { try self.answer(request) }
    case .held(let request): answer(request)
    case .guide(let request): lookUp(.guide) { try self.sendGuide(request) }
    case .makeSounds(let recipe): background.want(recipe)
    case .shutDown:
      stopWatching()
      background.end()
      holder.letGo()
      stop(.now)
    }
  }

  private func answer(_ request: HeldRequest) {
    switch request {
    case .take(let folder): holder.take(RunFolder(folder))
    case .takeLast: holder.takeUnlessHeld { [self] in try lastRun() }
    case .letGo: holder.letGo()
    case .predict(let clips): holder.predict(clips)
    case .predictAll: holder.predictAll()
    case .activations(let clip): holder.activations(clip)
    case .reprogram(let clip): holder.reprogram(clip)
    case .suggest(let rule, let count):
      holder.suggest(rule, count: count, session: sessionFolder)
    case .checkLabels: holder.checkLabels()
    case .sounds(let path): holder.score(path)
    case .cancelSounds: holder.cancelSounds()
    case .export(let format, let path, let replacing):
      holder.export(format, to: path, replacing: replacing)
    }
  }

  /// Whether no run is trained and none is about to be.
  public var isIdle: Bool { state.withLock { !$0.isBusy } }

  /// The folder of the open session.
  public var sessionFolder: URL { state.withLock { $0.home }.deletingLastPathComponent() }

  /// Waits until no run is trained; `false` if that takes longer than `seconds`.
  public func waitUntilIdle(seconds: Double) -> Bool {
    let idle = DispatchSemaphore(value: 0)
    attachments.async { self.training.async { idle.signal() } }
    return idle.wait(timeout: .now() + seconds) == .success
  }

  /// Waits for the answers to all requests about data sets, sessions and predictions so far.
  public func waitForLookups() {
    lookups.sync {}
    holder.queue.sync {}
  }

  // MARK: problems

  func report(_ code: RequestProblem.Code, _ text: String) {
    mailbox.send(.problem(RequestProblem(code: code, text: text)))
  }

  /// Does `work`; reports what it throws.
  func reporting(_ code: RequestProblem.Code, _ work: () throws -> Void) {
    do { try work() } catch { report(code, reason(of: error)) }
  }

  /// The same on the queue of look-ups.
  func lookUp(_ code: RequestProblem.Code, _ work: @escaping @Sendable () throws -> Void) {
    lookups.async { self.reporting(code, work) }
  }

  // MARK: runs

  func begin(_ choose: @escaping @Sendable () -> [PlacedRun]) {
    let isFree = state.withLock { state in
      guard !state.isBusy else { return false }
      (state.isBusy, state.isCancelled) = (true, false)
      return true
    }
    guard isFree else { return report(.run, "a run is going on; expected it to be stopped first") }
    stopWatching()
    training.async {
      let chosen = choose()
      if chosen.isEmpty { self.report(.run, "every run of the session is finished") }
      self.state.withLock { $0.waiting = chosen + $0.waiting }
      while let placed = self.nextWaiting() {
        self.sendQueue()
        self.train(placed)
      }
      self.sendQueue()
    }
  }

  /// Puts the waiting runs into this order; those that it does not name wait no longer.
  private func arrange(_ names: [String]) {
    state.withLock { state in
      let waiting = state.waiting
      state.waiting = names.compactMap { name in waiting.first { $0.run.name == name } }
    }
    sendQueue()
  }

  private func sendQueue() {
    mailbox.send(.queue(state.withLock { $0.waiting.map(\.run.name) }))
  }

  /// Trains the recipe's run now, or after the present one.
  private func queue(_ recipe: Recipe, _ name: String) {
    let placed = place(recipe, as: name)
    let isBusy = state.withLock { state in
      if state.isBusy { state.waiting.append(placed) }
      return state.isBusy
    }
    guard isBusy else { return begin { [placed] } }
    mailbox.send(.notice("\(placed.run.name) is queued; Q shows the queue"))
    sendQueue()
    sendSummaries()
  }

  /// The next run that waits; nil ends the work, after which another may begin.
  private func nextWaiting() -> PlacedRun? {
    state.withLock { state in
      if state.isCancelled { state.waiting = [] }
      guard !state.waiting.isEmpty else {
        state.isBusy = false
        return nil
      }
      return state.waiting.removeFirst()
    }
  }

  private var isCancelled: Bool { state.withLock { $0.isCancelled } }

  private func unfinished() -> [PlacedRun] {
    state.withLock { $0.runs }.filter { $0.folder.state != .done }
  }

  /// The session's own run of these settings if it is not finished, else a new folder.
  private func place(_ recipe: Recipe) -> PlacedRun {
    let known = state.withLock { $0.runs }
    if let same = known.first(where: { $0.run.recipe == recipe && $0.folder.state != .done }) {
      return same
    }
    return place(recipe, as: "\(recipe.method)-s\(recipe.seed)")
  }

  /// A new folder with this name, or with a number appended.
  private func place(_ recipe: Recipe, as base: String) -> PlacedRun {
    let (known, home) = state.withLock { ($0.runs, $0.home) }
    let taken = Set(known.map(\.run.name))
    func folder(_ name: String) -> RunFolder { RunFolder(home.appendingPathComponent(name)) }
    var (name, number) = (base, 1)
    while taken.contains(name) || folder(name).state != .absent {
      number += 1
      name = "\(base)-\(number)"
    }
    return add(Session.Run(name: name, recipe: recipe, sweep: [:]), in: folder(name))
  }

  func add(_ run: Session.Run, in folder: RunFolder) -> PlacedRun {
    let placed = PlacedRun(run: run, folder: folder)
    state.withLock { $0.runs.append(placed) }
    return placed
  }

  private func train(_ placed: PlacedRun) {
    dispatchPrecondition(condition: .onQueue(training))
    mailbox.send(.run(placed.run.name))
    state.withLock { $0.last = placed.folder }
    holder.forget(placed.folder)
    do {
      // The earlier events of the run, so that its curves are whole.
      if try StoredFile.exists(placed.folder.events) {
        let log = try EventLog.read(placed.folder.events)
        if !log.events.isEmpty { mailbox.send(.events(log.events)) }
      }
      let ended = try start(placed).wait()
      if ended.reason == .stopped || ended.reason == .interrupted {
        state.withLock { $0.isCancelled = true }
      }
    } catch is CancellationError {
      report(.run, "stopped while preparing")
    } catch {
      report(.run, reason(of: error))
    }
    sendSummaries()
  }

  /// The trainer of the run, paused before the first step if that was requested.
  private func start(_ placed: PlacedRun) throws -> Trainer {
    background.hold()
    defer { background.goOn() }
    let trainer = try executor.trainer(
      for: placed.run.recipe, in: placed.folder, columns: state.withLock { $0.columns },
      progress: { self.send($0) },
      sink: { [mailbox] event in mailbox.send(.events([event])) })
    let isHeld = state.withLock { state in
      defer { state.holdsNext = false }
      state.trainer = trainer
      return state.holdsNext
    }
    trainer.start(paused: isHeld)
    if isCancelled { trainer.perform(.stop(.now)) }
    return trainer
  }

  func send(_ preparation: Preparation) -> Bool {
    mailbox.send(.preparation(preparation))
    return !isCancelled
  }

  func sendSummaries() {
    let runs = state.withLock { $0.runs }
    mailbox.send(.session(runs.map { $0.folder.summary(of: $0.run.recipe) }))
  }

  // MARK: control

  private func perform(_ command: RunCommand) {
    switch command {
    case .stop(let mode): return stop(mode)
    case .predict(let clips): return predict(clips)
    default: break
    }
    guard let trainer = state.withLock({ $0.trainer }), !trainer.isOver else {
      return report(.run, "no run is going on; expected one to be started")
    }
    trainer.perform(command) { [mailbox] in mailbox.send(.stepBack($0)) }
  }

  /// Sends a command to the run that is followed; false if none is, or the request is not for it.
  private func forward(_ request: Request) -> Bool {
    guard let follower = state.withLock({ $0.follower }) else { return false }
    if request == .shutDown {
      follower.stop()
      state.withLock { $0.follower = nil }
      return false
    }
    guard case .run(let command) = request else { return false }
    attachments.async { self.forward(command, to: follower.folder) }
    return true
  }

  private func forward(_ command: RunCommand, to folder: RunFolder) {
    dispatchPrecondition(condition: .onQueue(attachments))
    do {
      let answer = try ControlClient.send(command, to: folder)
      if let plan = answer.plan { mailbox.send(.stepBack(plan)) }
    } catch {
      // If that cannot be determined, the error itself is reported.
      guard (try? Self.hasEnded(folder)) == true else { return report(.run, reason(of: error)) }
      // Predictions are requested by the screen itself: nobody waits for an answer any more.
      if case .predict = command { return }
      reporting(.run) { [self] in
        let isForeign = try folder.storedRecipe()?.outside != nil
        report(
          .run,
          isForeign
            ? "\(folder.name) takes no commands; expected a run that scant trains"
            : "\(folder.name) has ended; expected a run that goes on")
      }
    }
  }

  /// Whether its process has stopped taking commands: the socket is removed before the lock.
  private static func hasEnded(_ folder: RunFolder) throws -> Bool {
    try !StoredFile.exists(folder.control) || !folder.isTraining()
  }

  private func stop(_ mode: StopMode) {
    let (trainer, isPreparing) = state.withLock { state in
      let isPreparing = state.isBusy && state.trainer?.isOver ?? true
      if isPreparing || mode == .now { state.isCancelled = true }
      return (state.trainer, isPreparing)
    }
    if !isPreparing, let trainer, !trainer.isOver { trainer.perform(.stop(mode)) }
  }
}
