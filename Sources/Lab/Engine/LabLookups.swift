// The engine's answers about data: a data set's tables, one clip's sound, a model's predictions.
import Acoustics
import Datasets
import Formats
import Foundation

extension LabEngine {
  func open(_ recipe: Recipe) {
    do {
      // Opening is not part of a run: stopping one does not cancel it.
      let dataset = try executor.data.open(recipe) { [mailbox] preparation in
        mailbox.send(.preparation(preparation))
        return true
      }
      state.withLock { $0.opened = recipe }
      mailbox.send(.dataset(try snapshot(dataset, recipe)))
      answer(.read)
    } catch {
      mailbox.send(.problem(reason(of: error)))
    }
  }

  private func snapshot(_ dataset: any Dataset, _ recipe: Recipe) throws -> DatasetSnapshot {
    let input = try executor.data.input(recipe, dataset)
    return DatasetSnapshot(
      id: recipe.dataset, title: dataset.title, classes: dataset.classes,
      clips: recipe.hiding(dataset.clips).map { clip in
        ClipRow(
          id: clip.id, split: clip.split.rawValue, seconds: clip.seconds,
          labels: clip.labels.map { LabelState($0) }, truth: clip.truth?.map { $0 >= 0.5 })
      }, problems: dataset.problems,
      featuresCached: executor.data.isCached(input, dataset))
  }

  func inspect(_ id: String) {
    do {
      guard let recipe = state.withLock({ $0.opened }) else {
        throw LabError("\(id): no data set is open; expected one")
      }
      let dataset = try executor.data.open(recipe, progress: nil)
      guard let clip = dataset.clips.first(where: { $0.id == id }), let file = clip.audio else {
        throw LabError("\(id): no sound in \(dataset.title); expected a clip with a file")
      }
      let frontEnd = executor.data.spectrogram(recipe, dataset)
      let waveform = try AudioFile.read(file)
      let spectrogram = try frontEnd(waveform)
      mailbox.send(
        .sound(
          ClipSound(
            clip: id, seconds: frontEnd.seconds ?? waveform.seconds,
            sampleRate: waveform.sampleRate, bands: spectrogram.bands, frames: spectrogram.frames,
            values: spectrogram.values, frequencies: frontEnd.frequencies(), file: file.path)))
    } catch {
      mailbox.send(.problem(reason(of: error)))
    }
  }

  /// Of the model at work; else of the last finished run.
  func predict(_ clips: [String]) {
    if let trainer = state.withLock({ $0.trainer }) {
      return trainer.perform(.predict(clips: clips))
    }
    lookups.async {
      do { try self.predictWithFinishedRun(clips) } catch {
        self.mailbox.send(.problem(reason(of: error)))
      }
    }
  }

  /// What the model at work makes of a clip's input; else that of `finished`.
  func reprogram(_ id: String) {
    let answer: @Sendable (ReprogrammedInput?) -> Void = { [mailbox] found in
      guard let found else {
        return mailbox.send(.problem("\(id): no clip that the network changes; expected one"))
      }
      mailbox.send(.reprogrammed(found))
    }
    if let trainer = ownTrainer {
      return trainer.reprogrammed(clip: id, answer: answer)
    }
    lookups.async {
      do {
        let (_, model, loader) = try self.finished([id])
        answer(loader.reprogrammed(id, by: model.student, step: 0))
      } catch {
        self.mailbox.send(.problem(reason(of: error)))
      }
    }
  }

  /// Of the run at work here, or that was last; nil while another process's is shown.
  var ownTrainer: Trainer? { state.withLock { $0.follower == nil ? $0.trainer : nil } }

  /// The run that is followed, as its checkpoint has it, or the last finished one: its name, its
  /// model, and these clips as it takes them.
  func finished(_ ids: [String]) throws -> (String, TrainedModel, Loader) {
    let (runs, followed) = state.withLock { ($0.runs, $0.follower?.folder) }
    let done = try runs.last { try $0.folder.ending().state == .done }?.folder
    guard let folder = followed ?? done else {
      throw LabError("no model yet; expected a run to be started")
    }
    let model = try TrainedModel(folder)
    let prepared = try executor.data.prepare(model.recipe, training: false) { self.report($0) }
    let clips = prepared.clips(model.recipe).filter { ids.contains($0.id) }
    return (folder.name, model, model.loader(clips, prepared))
  }

  /// The sound of a clip as a WAV file in the session's folder.
  func exportSound(clip id: String) {
    do {
      guard let recipe = state.withLock({ $0.opened }) else {
        throw LabError("\(id): no data set is open; expected one")
      }
      let dataset = try executor.data.open(recipe, progress: nil)
      guard let sound = dataset.clips.first(where: { $0.id == id })?.audio else {
        throw LabError("\(id): no sound in \(dataset.title); expected a clip with a file")
      }
      let folder = state.withLock { $0.session }.appendingPathComponent("sounds")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let name = id.replacing("/", with: "_")
      let file = folder.appendingPathComponent(name.hasSuffix(".wav") ? name : "\(name).wav")
      try AudioFile.write(try AudioFile.read(sound), to: file)
      mailbox.send(.notice("sound written to \(file.path)"))
    } catch {
      mailbox.send(.problem(reason(of: error)))
    }
  }

  private func predictWithFinishedRun(_ ids: [String]) throws {
    let (name, model, loader) = try finished(ids)
    guard loader.count > 0 else { return }
    for candidate in model.candidates {
      let values = loader.probabilities(of: candidate.classifier, at: Array(0..<loader.count))
      for (row, clip) in loader.clips.enumerated() {
        let probabilities = values[row * model.classes.count..<(row + 1) * model.classes.count]
        let body = ClipPrediction(
          clip: clip.id, model: candidate.name, probs: Array(probabilities), labels: clip.letters)
        let event = Event(
          run: name, seq: 0, t: 0, step: 0, epoch: 0, body: .clipPred(body))
        mailbox.send(.events([event]))
      }
    }
  }
}

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
      mailbox.send(.problem(reason(of: error)))
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
