import Lab

/// The run: what the engine says of it, and what starts, holds and ends it.
extension Workbench {
  public var status: Status {
    if replay != nil { return replayStatus }
    if showsOtherLog { return .watching }
    if silence != nil { return .stale }
    switch run.lifecycle.state {
    case .preparing: return .preparing
    case .running: return .running
    case .pausing: return .pausing
    case .paused: return isStepping ? .stepping : .paused
    case .evaluating: return .evaluating
    case .stopping: return .stopping
    case .done: return isStarting ? .preparing : .done
    case .failed: return isStarting ? .preparing : .failed
    case .idle:
      if answering != nil { return .finished }
      if isStarting || preparation != nil { return .preparing }
      return dataset == nil ? .empty : .idle
    }
  }

  /// That of a recorded run: how it ended, once its checkpoint answers.
  private var replayStatus: Status {
    guard answering != nil else { return .replaying }
    switch run.ended?.reason {
    case .done: return .finished
    case .failed: return .failed
    case .stopped, .interrupted, nil: return .replaying
    }
  }

  /// Whether a run is active, so that leaving has to ask and `R` does nothing.
  public var isTraining: Bool {
    if isStarting { return true }
    if (replay?.live ?? run).otherLog != nil { return false }
    switch (replay?.live ?? run).lifecycle.state {
    case .idle, .done, .failed: return false
    case .preparing, .running, .pausing, .paused, .evaluating, .stopping: return true
    }
  }

  /// Runs of the session that are not finished.
  public var remainingRuns: Int { session.count { $0.state != "done" } }

  /// Whether a session is open of which no run remains.
  var isFinished: Bool { !session.isEmpty && remainingRuns == 0 }

  /// The name in the header: the run, else the session, else the recipe.
  public var subject: String {
    if let held = answering { return held.run }
    if !run.run.isEmpty { return run.run }
    return sessionName ?? "\(recipe.dataset) \(recipe.method)"
  }

  /// "band · cnn · b1 · seed 0"
  var recipeLine: String {
    "\(recipe.dataset) · \(recipe.model) · \(recipe.method) · seed \(recipe.seed)"
  }

  /// Shows a recorded run after step `step`.
  public mutating func seek(step: Int) { Replay.seek(&self, step: step) }

  /// Points that the curves hold.
  public var points: Int { run.series.values.reduce(0) { $0 + $1.count } }

  mutating func control(_ id: Action.ID) -> [Effect] {
    if replay != nil { return Replay.control(&self, id) }
    if let watchRefusal, id != .run { return said(watchRefusal) }
    if id == .run { return start() }
    guard isTraining else {
      if [.step, .phase, .epoch].contains(id) { return startHeld() }
      return said("no run is active; press R to start")
    }
    switch id {
    case .pause: return pauseOrResume()
    case .step: return step(.batch)
    case .phase: return step(.phase)
    case .epoch: return step(.epoch)
    case .stop: overlay = Menu.stop
    case .checkpoint:
      say("the checkpoint is written after this batch")
      return [.engine(.run(.checkpoint))]
    default: break
    }
    return []
  }

  /// Whether the recipe on 2 Method is another than the one the session opened with.
  var isRecipeChanged: Bool { recipe != opening }

  private mutating func start() -> [Effect] {
    guard !isTraining else { return said("a run is active; press S to stop it") }
    guard !watchesOnly else {
      return said("logs of other programs are watched here; there is nothing to train")
    }
    let (addsRun, time) = (addsRun, promisedTime)
    guard addsRun || remainingRuns > 0 else {
      return said("every run of the session is done; change the recipe on 2 Method to add one")
    }
    isStarting = true
    isFull = false
    isFaultSeen = true
    screen = .train
    let runs = addsRun ? 1 : remainingRuns
    untimedRuns = time == nil ? runs : nil
    let what =
      addsRun ? "\(recipe.method) on \(recipe.dataset)" : remainingRuns.of("run")
    say("starting \(what): \(time ?? "the time is known after the first steps")")
    return [.engine(addsRun ? .start(recipe) : .startSession)]
  }

  /// Stepping without a run starts one that waits before its first batch.
  private mutating func startHeld() -> [Effect] {
    let effects = start()
    guard !effects.isEmpty else { return [] }
    isStepping = true
    _ = announce(.stepping)
    say("paused before the first batch; press . for a step, P for a phase")
    return [.engine(.holdNext)] + effects
  }

  private mutating func pauseOrResume() -> [Effect] {
    switch run.lifecycle.state {
    case .paused, .pausing:
      isStepping = false
      return [.engine(.run(.resume))]
    case .running, .evaluating: return [.engine(.run(.pause))]
    default:
      return said("the run is \(status.word); wait for its first batch")
    }
  }

  /// Asks the engine what it takes; the question comes back as a menu.
  mutating func stepBack() -> [Effect] {
    if replay != nil { return Replay.control(&self, .stepBack) }
    guard isTraining else {
      return said("no paused run and no replay to step back in")
    }
    guard run.started?.capabilities.contains("stepBack") == true else {
      return said("this run cannot step back")
    }
    guard run.lifecycle.state == .paused else {
      return said("press space to pause the run, then , to step back")
    }
    let count = pendingCount
    if let count { screen = count.origin }
    return [.engine(.run(.planStepBack(max(1, count?.value ?? 1))))]
  }

  /// Says what going back takes, before it is done.
  mutating func ask(_ plan: StepBack) {
    if let refusal = plan.refusal { return say("cannot step back: \(refusal)", isWarning: true) }
    guard run.lifecycle.state == .paused, replay == nil else { return }
    isStepping = true
    overlay = Menu.stepBack(plan)
  }

  /// Steps hold afterwards; a running run is held first.
  private mutating func step(_ unit: StepUnit) -> [Effect] {
    guard [.running, .evaluating, .paused, .pausing].contains(run.lifecycle.state) else {
      return said("the run is \(status.word); wait for its first batch")
    }
    let count = pendingCount
    if let count { screen = count.origin }
    let n = max(1, count?.value ?? 1)
    isStepping = true
    if unit != .epoch { _ = announce(.stepping) }
    let request = Effect.engine(.run(.step(n, unit)))
    return run.lifecycle.state == .paused ? [request] : [.engine(.run(.pause)), request]
  }
}

/// Messages of the engine.
extension Workbench {
  /// Takes a message in. Returns what to ask for next, if anything.
  @discardableResult
  public mutating func apply(_ message: Message) -> [Effect] {
    let effects = take(message)
    return effects + Tour.follow(&self)
  }

  private mutating func take(_ message: Message) -> [Effect] {
    switch message {
    case .events(let events): return take(events)
    case .preparation(let preparation):
      self.preparation = preparation.done < preparation.total ? preparation : nil
      return []
    case .background(let work):
      background = work
      return []
    case .dataset(let snapshot):
      dataset = OpenDataset(snapshot)
      preparation = nil
      return announce(.dataset)
    case .session(let runs):
      session = runs
      return announce(.runs)
    case .run(let name): begin(name)
    case .attached(let attachment): return follow(attachment)
    case .recording(let recording): return Replay.show(&self, recording)
    case .stepBack(let plan): ask(plan)
    case .notice(let text): say(text)
    case .opened(let name, let recipe): return take(session: name, recipe)
    case .sessions(let rows): sessions = rows
    case .queue(let names): queue = names
    case .problem(let problem): take(problem)
    case .completions(let text, let found):
      guard var prompt = overlay as? Prompt else { return [] }
      prompt.take(found, of: text)
      overlay = prompt
    case .made: preparation = nil
    case .noted: if overlay is Prompt { overlay = nil }
    case .guide(let title, let text):
      overlay = Guide.overlay(title: title, text: text)
      return []
    case .sound, .reprogrammed, .parameters, .activations, .patch, .guesses, .records, .held,
      .verdict, .report:
      break
    }
    return announce(.message(message))
  }

  /// The engine has opened another session.
  private mutating func take(session name: String, _ recipe: Recipe) -> [Effect] {
    sessionName = name
    watchesOnly = false
    self.recipe = recipe
    opening = recipe
    fields = catalog.fields(recipe)
    if replay == nil { run = RunState() }
    say("session \(name) is open; R on 3 Train trains it")
    return announce(.message(.opened(session: name, recipe: recipe))) + open()
  }

  /// Ends the wait for what failed.
  private mutating func take(_ problem: RequestProblem) {
    switch problem.code {
    case .run: (isStarting, preparation) = (false, nil)
    case .dataset, .clip: preparation = nil
    case .session: (isStarting, preparation) = (false, nil)
    case .labels, .held, .guide: break
    }
    if var prompt = overlay as? Prompt, prompt.isWaiting, problem.code == .session {
      prompt.refuse(problem.text)
      overlay = prompt
      return
    }
    say(problem.text, isWarning: true)
  }

  private mutating func take(_ events: [Event]) -> [Effect] {
    let notes = events.last.flatMap(Self.notification).map { [Effect.notify($0)] } ?? []
    guard replay == nil else {
      for event in events { replay?.live.apply(event) }
      isStarting = false
      return notes
    }
    if !events.allSatisfy(\.isBacklog) { heard = now }
    let effects = events.flatMap { apply($0) } + notes
    guard events.contains(where: { $0.body is ClipPrediction }) else { return effects }
    return effects + announce(.predictions)
  }

  /// What a desktop notification says of a run that is over; nil for all other events.
  private static func notification(_ event: Event) -> String? {
    switch event.body {
    case let fault as Fault: "\(event.run) failed: \(fault.message)"
    case let ended as RunEnded where ended.reason == .done: "\(event.run) is done"
    default: nil
    }
  }

  private mutating func begin(_ name: String) {
    isAttached = false
    say("run \(name)")
    guard replay == nil else {
      replay?.live = RunState()
      replay?.liveFaultSeen = false
      return
    }
    run = RunState()
    _ = announce(.run(isNew: true))
    isStarting = true
    isStepping = false
    isFaultSeen = false
  }

  private mutating func apply(_ event: Event) -> [Effect] {
    if let new = event.body as? ClipPrediction {
      _ = announce(.prediction(new, step: event.step))
    }
    run.apply(event)
    switch event.body {
    case let started as RunStarted: return announce(.started(started))
    case is OtherLogOpened: isStarting = false
    case let change as StateChange: return follow(change)
    case let end as EvalEnd:
      // Student and teacher are scored one after the other: asked once, after the last of them.
      return end.model == (run.hasTeacher ? "teacher" : "student") ? announce(.scores) : []
    case is MaskDelta: return announce(.mask)
    case let progress as Lab.Progress: tellTime(progress)
    case let fault as Fault:
      screen = .train
      say("training stopped: \(fault.message)", isWarning: true)
    case let line as LogLine where line.level != .info: say(line.text, isWarning: true)
    case let line as LogLine where line.code == "eta": say(line.text)
    case let reply as Reply where !reply.ok:
      say("\(reply.command): \(reply.reason ?? "refused")", isWarning: true)
    case let saved as CheckpointSaved where saved.reason == "manual": say("checkpoint written")
    case let ended as RunEnded: say(ending(ended))
    default: break
    }
    return []
  }

  private mutating func follow(_ change: StateChange) -> [Effect] {
    isStarting = false
    if change.state == .preparing { return [] }
    preparation = nil
    switch change.state {
    case .paused: return announce(.held)
    // On its way to the next hold a step runs like any other.
    case .pausing, .running, .evaluating: return []
    default:
      isStepping = false
      return []
    }
  }

  /// Once, after the first steps of the first run of a start whose time was not known.
  private mutating func tellTime(_ progress: Lab.Progress) {
    guard let runs = untimedRuns, run.step >= Self.timedSteps, progress.eta > 0 else { return }
    untimedRuns = nil
    say(toldTime(progress, runs: runs))
  }

  /// Steps after which the time that is left can be told.
  private static let timedSteps = 5

  private func ending(_ ended: RunEnded) -> String {
    let steps = "\(run.step) steps"
    guard ended.reason == .done else { return "\(ended.reason.rawValue) after \(steps)" }
    let tests = ended.scores["test"] ?? [:]
    let network = ResultNetwork.of(run.started?.method ?? recipe.method)
    let scores = tests[network] ?? [:]
    let main = Headline.metric(runColumns, among: scores.keys)
    let whose = tests.count > 1 ? "\(network) " : ""
    let score = scores[main].map { "; \(whose)test \(main) \($0.fixed(3))" } ?? ""
    let rest = remainingRuns == 1 ? "1 run remains" : "\(remainingRuns) runs remain"
    let left = remainingRuns > 0 ? "; \(rest)" : ""
    return "\(steps) done in \(ended.wall.clock)\(score)\(left)"
  }
}
