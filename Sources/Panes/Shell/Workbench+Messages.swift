import Lab

/// What the engine says, folded into the state.
extension Workbench {
  /// Returns what to ask for next, if anything.
  @discardableResult
  public mutating func apply(_ message: Message) -> [Effect] {
    switch message {
    case .events(let events) where replay != nil:
      for event in events { replay?.live.apply(event) }
      isStarting = false
    case .events(let events): return take(events)
    case .preparation(let preparation):
      self.preparation = preparation.done < preparation.total ? preparation : nil
    case .dataset(let snapshot): return open(OpenDataset(snapshot)) + countParameters()
    case .sound(let sound): self.sound = sound
    case .reprogrammed(let input): reprogrammed = input
    case .parameters(let count): parameters = count
    case .activations(let found): activations = found
    case .patch(let answers, let file): take(answers, file: file)
    case .notice(let text): say(text)
    case .run(let name): begin(name)
    case .attached(let attachment): return follow(attachment)
    case .session(let runs):
      session = runs
      return announce(.runs)
    case .sessions(let rows): return list(rows)
    case .opened(let name, let recipe): return take(session: name, recipe)
    case .recording(let recording): return show(recording)
    case .records(let records): keep(records)
    case .stepBack(let plan): ask(plan)
    case .problem(let problem): take(problem)
    }
    return []
  }

  /// Ends the wait for what failed.
  private mutating func take(_ problem: RequestProblem) {
    switch problem.code {
    case .run: (isStarting, preparation) = (false, nil)
    case .dataset, .clip: preparation = nil
    case .labels: annotation.pending = [:]
    case .session: isStarting = false
    }
    say(problem.text, isWarning: true)
  }

  private mutating func take(_ events: [Event]) -> [Effect] {
    heard = now
    let effects = events.flatMap { apply($0) }
    guard events.contains(where: { $0.body is ClipPrediction }) else { return effects }
    return effects + announce(.predictions)
  }

  private mutating func begin(_ name: String) {
    isAttached = false
    guard replay == nil else {
      replay?.live = RunState()
      replay?.liveFaultSeen = false
      return say("run \(name)")
    }
    run = RunState()
    reprogrammed = nil
    forgetPredictions()
    remask()
    isStarting = true
    isStepping = false
    train.faultSeen = false
    (train.inspect, train.pins) = (nil, [])
    say("run \(name)")
  }

  private mutating func apply(_ event: Event) -> [Effect] {
    if let new = event.body as? ClipPrediction { remember(new, at: event.step) }
    run.apply(event)
    switch event.body {
    case let started as RunStarted:
      do {
        annotation.isLearned = try started.recipe.value().learnsAnswers
      } catch { say("\(error)", isWarning: true) }
    case let change as StateChange: return follow(change)
    case let end as EvalEnd:
      // Student and teacher are scored one after the other: asked once, behind the last of them.
      guard end.model == (hasTeacher ? "teacher" : "student") else { return [] }
      forgetPredictions()
      return announce(.scores) + ask(clips.watched)
    case is MaskDelta: remask()
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
    case .paused: return (isStepping ? askWatched() : []) + reprogramming()
    // On its way to the next hold a step runs like any other.
    case .pausing, .running, .evaluating: return []
    default:
      isStepping = false
      return []
    }
  }

  private func ending(_ ended: RunEnded) -> String {
    let steps = "\(run.step) steps"
    guard ended.reason == .done else { return "\(ended.reason.rawValue) after \(steps)" }
    let tests = ended.scores["test"] ?? [:]
    let network = ResultNetwork.of(run.started?.method ?? recipe.method)
    let scores = tests[network] ?? [:]
    let best = headline(of: sessionName, among: Array(scores.keys))
    let whose = tests.count > 1 ? "\(network) " : ""
    let score =
      best.flatMap { id in scores[id].map { "; \(whose)test \(id) \($0.fixed(3))" } } ?? ""
    let rest = remainingRuns == 1 ? "1 run remains" : "\(remainingRuns) runs remain"
    let left = remainingRuns > 0 ? "; \(rest)" : ""
    return "\(steps) done in \(ended.wall.clock)\(score)\(left)"
  }

  private mutating func open(_ dataset: OpenDataset) -> [Effect] {
    self.dataset = dataset
    preparation = nil
    return announce(.dataset)
  }
}
