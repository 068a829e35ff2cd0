// The engine behind the screens: takes requests, works on its own queues, answers by mail.
import Datasets
import Dispatch
import Formats
import Foundation
import Synchronization

public final class LabEngine: Engine {
  public let mailbox = Mailbox<Message>.messages()
  let executor: RunExecutor
  /// One run after another.
  private let training = DispatchQueue(label: "scant.runs", qos: .userInitiated)
  /// Data sets, sounds, predictions: never behind a training.
  let lookups = DispatchQueue(label: "scant.lookups", qos: .userInitiated)
  /// Commands to runs of other processes.
  let attachments = DispatchQueue(label: "scant.attachments", qos: .userInitiated)
  let state: Mutex<State>

  struct State: Sendable {
    /// Of the session, and those started beside it.
    var runs: [PlacedRun]
    /// The one at work, or the one that was last.
    var trainer: Trainer?
    /// A run of another process, while it is shown.
    var follower: RunFollower?
    var isBusy = false
    var isCancelled = false
    /// The next run waits before its first step.
    var holdsNext = false
    /// What the open data set was opened with.
    var opened: Recipe?
    /// The network whose values were asked for last.
    var toCount: String?
    /// Where runs of `start` go.
    var home: URL
    /// Runs that wait for the one at work.
    var waiting: [PlacedRun] = []

    /// The folder of the session.
    var session: URL { home.deletingLastPathComponent() }
  }

  /// A run and where it lies.
  struct PlacedRun: Sendable {
    let run: Session.Run
    let folder: RunFolder
  }

  /// Folders of sessions.
  let shelves: [URL]

  /// `runs`: where runs go that are no part of the session; `cache` and `renders` as for
  /// `RunExecutor`; `shelves`: where sessions are looked for.
  public init(
    session: Session? = nil, runs: URL, cache: URL? = nil, renders: Bool = true,
    shelves: [URL] = []
  ) {
    self.shelves = shelves
    executor = RunExecutor(cache: cache, renders: renders)
    let placed = session.map { session in
      session.runs.map { PlacedRun(run: $0, folder: session.runFolder($0)) }
    }
    state = Mutex(State(runs: placed ?? [], home: runs))
    if session != nil { lookups.async { self.sendSummaries() } }
  }

  public func send(_ request: Request) {
    if forward(request) { return }
    switch request {
    case .openDataset(let recipe): lookups.async { self.open(recipe) }
    case .inspect(let clip): lookups.async { self.inspect(clip) }
    case .reprogram(let clip): reprogram(clip)
    case .count(let recipe): count(recipe)
    case .start(let recipe): begin { [self.place(recipe)] }
    case .startSession: begin { self.unfinished() }
    case .holdNext: state.withLock { $0.holdsNext = true }
    case .run(let command): perform(command)
    case .labels(let request): lookups.async { self.answer(request) }
    case .queue(let recipe, let name): queue(recipe, name)
    case .exportSound(let clip): lookups.async { self.exportSound(clip: clip) }
    case .activations(let clip): activations(clip)
    case .sessions(let request): lookups.async { self.answer(request) }
    case .shutDown: stop(.now)
    }
  }

  /// Whether no run is at work and none is about to be.
  public var isIdle: Bool { state.withLock { !$0.isBusy } }

  /// The folder of the open session.
  public var sessionFolder: URL { state.withLock { $0.home }.deletingLastPathComponent() }

  /// Waits until no run is at work; `false` when that takes longer than `seconds`.
  public func waitUntilIdle(seconds: Double) -> Bool {
    let idle = DispatchSemaphore(value: 0)
    attachments.async { self.training.async { idle.signal() } }
    return idle.wait(timeout: .now() + seconds) == .success
  }

  /// Waits until what was asked of data sets, sessions and predictions so far is answered.
  public func waitForLookups() { lookups.sync {} }

  // MARK: runs

  func begin(_ choose: @escaping @Sendable () -> [PlacedRun]) {
    let isFree = state.withLock { state in
      guard !state.isBusy else { return false }
      (state.isBusy, state.isCancelled) = (true, false)
      return true
    }
    guard isFree else {
      return mailbox.send(.problem("a run is going on; expected it to be stopped first"))
    }
    training.async {
      let chosen = choose()
      if chosen.isEmpty { self.mailbox.send(.problem("every run of the session is finished")) }
      for placed in chosen where !self.isCancelled { self.train(placed) }
      while let placed = self.nextWaiting() { self.train(placed) }
    }
  }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

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

  /// A folder of its own, named so or with a number behind.
  func place(_ recipe: Recipe, as base: String) -> PlacedRun {
    let (known, home) = state.withLock { ($0.runs, $0.home) }
    let taken = Set(known.map(\.run.name))
    var (name, number) = (base, 1)
    while taken.contains(name)
      || RunFolder(home.appendingPathComponent(name)).state != .absent
    {
      number += 1
      name = "\(base)-\(number)"
    }
    let placed = PlacedRun(
      run: Session.Run(name: name, recipe: recipe, sweep: [:]),
      folder: RunFolder(home.appendingPathComponent(name)))
    state.withLock { $0.runs.append(placed) }
    return placed
  }

  private func train(_ placed: PlacedRun) {
    mailbox.send(.run(placed.run.name))
    do {
      // What the run has told before, so that its curves are whole.
      if try StoredFile.exists(placed.folder.events) {
        let log = try EventLog.read(placed.folder.events)
        if !log.events.isEmpty { mailbox.send(.events(log.events)) }
      }
      let ended = try start(placed).wait()
      if ended.reason == .stopped || ended.reason == .interrupted {
        state.withLock { $0.isCancelled = true }
      }
    } catch is CancellationError {
      mailbox.send(.problem("stopped while preparing"))
    } catch {
      mailbox.send(.problem(reason(of: error)))
    }
    sendSummaries()
  }

  /// The run at work from now on, held before its first step where that was asked for.
  private func start(_ placed: PlacedRun) throws -> Trainer {
    let trainer = try executor.trainer(
      for: placed.run.recipe, in: placed.folder, progress: { self.report($0) },
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

  func report(_ preparation: Preparation) -> Bool {
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
      return mailbox.send(.problem("no run is going on; expected one to be started"))
    }
    trainer.perform(command) { [mailbox] in mailbox.send(.stepBack($0)) }
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

extension LabEngine {
  /// Trains the recipe's run now, or behind the one that is on.
  func queue(_ recipe: Recipe, _ name: String) {
    let placed = place(recipe, as: name)
    let isBusy = state.withLock { state in
      if state.isBusy { state.waiting.append(placed) }
      return state.isBusy
    }
    guard isBusy else { return begin { [placed] } }
    mailbox.send(.notice("\(placed.run.name) is trained behind the run that is on"))
    sendSummaries()
  }

  /// The next run that waits; nil ends the work, upon which another may begin.
  func nextWaiting() -> PlacedRun? {
    state.withLock { state in
      if state.isCancelled { state.waiting = [] }
      guard !state.waiting.isEmpty else {
        state.isBusy = false
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}
