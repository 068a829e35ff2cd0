// Holds a finished run for the engine and answers from its checkpoint.
import Datasets
import Dispatch
import Formats
import Foundation
import Layers
import Synchronization

/// Sendable because `held` and `scored` are touched on `queue` alone.
final class RunHolder: @unchecked Sendable {
  /// A run's networks, and what was made for them on demand.
  struct Held {
    let folder: RunFolder
    let model: TrainedModel
    let description: HeldRun
    /// All clips of its data set.
    var clips: (loader: Loader, prepared: PreparedData)?
    var training: TrainingScores?
    var predictor: Predictor?
  }

  /// Predictions of sound files, kept to be written.
  struct Scored {
    var text: PredictionText
    var found: [SoundPrediction] = []
  }

  let queue = DispatchQueue(label: "scant.held", qos: .userInitiated)
  let executor: RunExecutor
  let mailbox: Mailbox<Message>
  private var held: Held?
  private var scored: Scored?
  /// Counts upwards when work that is going on is to be given up.
  private let rounds = Mutex((run: 0, sounds: 0))

  init(_ executor: RunExecutor, _ mailbox: Mailbox<Message>) {
    (self.executor, self.mailbox) = (executor, mailbox)
  }

  /// Clips of one answer of `predictAll`.
  private static let part = 64

  // MARK: rounds

  private var round: Int { rounds.withLock { $0.run } }

  /// Gives up what is going on.
  private func nextRound() {
    rounds.withLock { rounds in
      rounds.run += 1
      rounds.sounds += 1
    }
  }

  func cancelSounds() { rounds.withLock { $0.sounds += 1 } }

  /// Does `work` later, unless it has been given up by then. Reports what it throws.
  func later(_ work: @escaping @Sendable () throws -> Void) {
    let round = round
    inTurn { [self] in
      guard round == self.round else { return }
      try work()
    }
  }

  /// Does `work` after what was asked for before it, given up or not. Reports what it throws.
  private func inTurn(_ work: @escaping @Sendable () throws -> Void) {
    queue.async { [self] in
      do { try work() } catch is CancellationError { send(.progress(nil)) } catch {
        send(.progress(nil))
        mailbox.send(.problem(RequestProblem(code: .held, text: reason(of: error))))
      }
    }
  }

  func send(_ message: HeldMessage) { mailbox.send(.held(message)) }

  /// Tells of progress until the run is let go.
  private func progress() -> PreparationHandler {
    let round = round
    return { [self] preparation in
      guard round == self.round else { return false }
      send(.progress(preparation))
      return true
    }
  }

  // MARK: the run

  func take(_ folder: RunFolder) {
    nextRound()
    later { [self] in try load(folder) }
  }

  /// Loads nothing if the run is held.
  func takeUnlessHeld(_ find: @escaping @Sendable () throws -> RunFolder) {
    later { [self] in
      let folder = try find()
      if let held, held.folder.isSame(as: folder) { return send(.loaded(held.description)) }
      try load(folder)
    }
  }

  /// The run is trained again: its checkpoint will be another one.
  func forget(_ folder: RunFolder) {
    queue.async { [self] in
      if held?.folder.isSame(as: folder) == true { (held, scored) = (nil, nil) }
    }
  }

  private func load(_ folder: RunFolder) throws {
    (held, scored) = (nil, nil)
    let model = try TrainedModel(folder)
    let description = try Self.description(folder, model)
    held = Held(folder: folder, model: model, description: description)
    send(.loaded(description))
  }

  func letGo() {
    nextRound()
    later { [self] in (held, scored) = (nil, nil) }
  }

  private static func description(_ folder: RunFolder, _ model: TrainedModel) throws -> HeldRun {
    let name = try StoredFile.exists(folder.best) ? "best" : "last"
    let saved =
      try StoredFile.exists(folder.events)
      ? EventLog.read(folder.events, only: [CheckpointSaved.self]).events : []
    let step = saved.last { ($0.body as? CheckpointSaved)?.file == name }?.step
    return HeldRun(
      run: folder.name, folder: folder.url, model: model.recipe.model, checkpoint: name,
      step: step, hasTeacher: model[.teacher] != nil, network: model.result.rawValue,
      seconds: model.seconds)
  }

  /// Changes what is held; nil, and nothing done, without a run.
  private func withHeld<Result>(_ work: (inout Held) throws -> Result) rethrows -> Result? {
    dispatchPrecondition(condition: .onQueue(queue))
    guard var run = held else { return nil }
    defer { held = run }
    return try work(&run)
  }

  /// The clips of the run as input of its networks; opens the data set the first time.
  private func clips(_ run: inout Held) throws -> (loader: Loader, prepared: PreparedData) {
    if let clips = run.clips { return clips }
    let recipe = run.model.recipe
    let prepared = try executor.data.prepare(recipe, training: false, progress: progress())
    try run.model.demandClasses(of: prepared, run.folder)
    let found = (run.model.loader(prepared.clips(recipe), prepared), prepared)
    run.clips = found
    return found
  }
}

extension RunFolder {
  fileprivate func isSame(as other: RunFolder) -> Bool {
    url.standardizedFileURL.path == other.url.standardizedFileURL.path
  }
}

// MARK: clips

extension RunHolder {
  func predict(_ ids: [String]) {
    later { [self] in
      try withHeld { run in
        let loader = try clips(&run).loader
        let wanted = Set(ids)
        let indices = loader.clips.indices.filter { wanted.contains(loader.clips[$0].id) }
        guard !indices.isEmpty else { return }
        tell(loader, indices, run, isLast: false)
      }
    }
  }

  func predictAll() { predictRest(from: 0) }

  /// A part, then the rest behind what was asked for meanwhile.
  private func predictRest(from start: Int) {
    later { [self] in
      let isOver = try withHeld { run -> Bool in
        let loader = try clips(&run).loader
        let end = min(start + Self.part, loader.clips.count)
        tell(loader, Array(start..<end), run, isLast: end == loader.clips.count)
        return end == loader.clips.count
      }
      if isOver == false { predictRest(from: start + Self.part) }
    }
  }

  private func tell(_ loader: Loader, _ indices: [Int], _ run: Held, isLast: Bool) {
    let size = run.model.recipe.training[TrainingSettings.batch]
    let found = stride(from: 0, to: indices.count, by: size).flatMap { start in
      let part = Array(indices[start..<min(start + size, indices.count)])
      return loader.predictions(of: run.model.networks, at: part)
    }
    send(.predictions(found, of: run.folder.url, isLast: isLast))
  }

  func activations(_ clip: String) {
    later { [self] in
      let found = try withHeld { run in
        let loader = try clips(&run).loader
        return ClipActivations(of: clip, in: loader, by: run.model.networks[0].classifier)
      }
      if let found = found ?? nil { mailbox.send(.activations(found)) }
    }
  }

  func reprogram(_ clip: String) {
    later { [self] in
      let found = try withHeld { run in
        let loader = try clips(&run).loader
        return loader.reprogrammed(
          clip, by: run.model.networks[0].classifier, step: run.description.step ?? 0)
      }
      if let found = found ?? nil { mailbox.send(.reprogrammed(found)) }
    }
  }

  /// `session`: the folder with the answers so far.
  func suggest(_ rule: SuggestionRule, count: Int, session: URL) {
    later { [self] in
      let file = session.appendingPathComponent(LabelPatch.fileName)
      let patch = try StoredFile.exists(file) ? LabelPatch(reading: file) : nil
      let found = try withHeld { run -> [LabelSuggestion] in
        let prepared = try clips(&run).prepared
        let scores =
          try run.training ?? TrainingScores(run.model, prepared, progress: progress())
        run.training = scores
        return try scores.pool(run.model, prepared, patch).ranked(by: rule, count: count, seed: 0)
      }
      send(.progress(nil))
      if let found { send(.suggestions(found, by: rule)) }
    }
  }
}

extension RunHolder {
  func checkLabels() {
    later { [self] in
      let found = try withHeld { run -> WrongLabels in
        let loader = try clips(&run).loader
        return try WrongLabels(run.folder, run.model, loader, progress: progress())
      }
      send(.progress(nil))
      if let found { send(.wrongLabels(found)) }
    }
  }
}

// MARK: tags

extension RunHolder {
  /// What tags say of the clips of a recipe, if the session has a confirmed mapping. Questions are
  /// asked without it too, so a fault is a notice.
  func guess(_ recipe: Recipe, session: URL) {
    later { [self] in
      do {
        guard let file = try TagMapping.find(in: session) else { return }
        let mapping = try TagMapping(reading: file)
        guard mapping.isConfirmed else { return }
        mailbox.send(.guesses(try executor.guesses(mapping, recipe, progress: progress())))
        send(.progress(nil))
      } catch let problem as Problem {
        send(.progress(nil))
        mailbox.send(.notice("\(problem)"))
      }
    }
  }
}

// MARK: other sound files

extension RunHolder {
  func score(_ path: String) {
    let sounds = rounds.withLock { rounds in
      rounds.sounds += 1
      return rounds.sounds
    }
    later { [self] in
      let files = SoundPaths([(path as NSString).expandingTildeInPath])
      guard !files.sounds.isEmpty else {
        throw LabError(files.problems.first ?? "\(path): no sound file; expected some")
      }
      guard let (predictor, decision) = try withHeld({ try tools(&$0) }) else {
        throw LabError("no finished run is loaded; expected one, by enter on 7 Sessions")
      }
      scored = Scored(text: PredictionText(decision, pooling: .max))
      send(.soundsBegan(decision))
      var problems = files.problems
      for (index, file) in files.sounds.enumerated() where isCurrent(sounds) {
        do { try score(file, index, of: files.sounds.count, predictor, sounds) } catch {
          guard !(error is CancellationError) else { break }
          problems.append(reason(of: error))
        }
      }
      send(.progress(nil))
      send(.soundsEnded(problems: problems + files.notices))
    }
  }

  private func isCurrent(_ sounds: Int) -> Bool { rounds.withLock { $0.sounds == sounds } }

  private func score(
    _ file: URL, _ index: Int, of total: Int, _ predictor: Predictor, _ sounds: Int
  ) throws {
    let name = file.lastPathComponent
    send(.progress(Preparation(what: name, done: index, total: total, eta: nil)))
    let found = try predictor.predict(file) { [self] seconds in
      let what = "\(name), \(Int(seconds)) s"
      send(.progress(Preparation(what: what, done: index, total: total, eta: nil)))
      return isCurrent(sounds)
    }
    scored?.found.append(found)
    send(.sound(found))
  }

  private func tools(_ run: inout Held) throws -> (Predictor, Decision) {
    let predictor = try run.predictor ?? Predictor(run.model)
    run.predictor = predictor
    let decision = try Decision(
      run.folder, predictor, executor: executor, progress: progress(),
      notice: { mailbox.send(.notice($0)) })
    return (predictor, decision)
  }

  /// Writes the predictions that are there now, even where the run is let go right afterwards.
  func export(_ format: PredictionText.Format, to path: String, replacing: Bool) {
    inTurn { [self] in
      guard let scored, !scored.found.isEmpty else {
        throw LabError("no predictions to write; expected some sound to be scored first")
      }
      let url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
      let files = try scored.text.files(scored.found, as: format, at: url)
      if !replacing, try files.contains(where: { try StoredFile.exists($0.url) }) {
        return send(.exists(format, path))
      }
      try Self.write(files, below: url)
      let count = files.count == 1 ? "" : "\(files.count) tracks "
      mailbox.send(.notice("\(count)written to \(url.relativePath)"))
    }
  }

  private static func write(_ files: [(url: URL, data: Data)], below url: URL) throws {
    if files.contains(where: { $0.url != url }) {
      do {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      } catch {
        throw Problem(url.relativePath, "cannot be made; expected a folder for label tracks")
      }
    }
    for file in files { try AtomicFile.write(file.data, to: file.url) }
  }
}
