// The engine's answers about data: a data set's tables, one clip's sound, a model's predictions.
import Acoustics
import Datasets
import Formats
import Foundation
import Layers

extension LabEngine {
  func open(_ recipe: Recipe) throws {
    if let run = recipe.outside {
      mailbox.send(.dataset(try OutsideData(run).snapshot))
      return state.withLock { $0.opened = recipe }
    }
    // Opening is not part of a run: stopping one does not cancel it.
    let dataset = try executor.data.open(recipe) { [mailbox] preparation in
      mailbox.send(.preparation(preparation))
      return true
    }
    state.withLock { $0.opened = recipe }
    mailbox.send(.dataset(try snapshot(dataset, recipe)))
    reporting(.labels) { mailbox.send(try LabelRequest.read.answer(in: sessionFolder)) }
  }

  private func snapshot(_ dataset: any Dataset, _ recipe: Recipe) throws -> DatasetSnapshot {
    let input = try executor.data.input(recipe, dataset)
    var (problems, isCached) = (dataset.problems, false)
    // The tables of a data set are shown although a sound cannot be read or weights are missing.
    do { isCached = try executor.data.isCached(input, dataset) } catch {
      problems.append(reason(of: error))
    }
    return DatasetSnapshot(
      id: recipe.dataset, title: dataset.title, classes: dataset.classes,
      clips: recipe.hiding(dataset.clips).map { clip in
        ClipRow(
          id: clip.id, split: clip.split.rawValue, seconds: clip.seconds,
          labels: clip.labels.map { LabelState($0) }, truth: clip.truth?.map { $0 >= 0.5 })
      }, problems: problems, featuresCached: isCached)
  }

  /// Answers the newest request alone, so that moving through choices need not wait for all.
  func count(_ recipe: Recipe) {
    state.withLock { $0.toCount = recipe.network }
    lookups.async { [self] in
      let isWanted = state.withLock { $0.toCount == recipe.network && $0.opened != nil }
      guard isWanted else { return }
      mailbox.send(.parameters(ParameterCount(network: recipe.network, parameters(of: recipe))))
    }
  }

  /// A data set that is not open is not opened for this.
  private func parameters(of recipe: Recipe) -> ParameterCount.Result {
    let opened = state.withLock { $0.opened }
    guard let opened, opened.dataset == recipe.dataset else {
      return .problem("\(recipe.dataset) is not open; 1 Data opens it")
    }
    do {
      return try executor.data.count(recipe, executor.data.open(opened, progress: nil))
    } catch {
      return .problem(reason(of: error))
    }
  }

  // MARK: one clip

  /// A clip of the open data set and its sound file.
  private func sound(of id: String) throws -> (Recipe, any Dataset, URL) {
    guard let recipe = state.withLock({ $0.opened }) else {
      throw LabError("\(id): no data set is open; expected one")
    }
    let dataset = try executor.data.open(recipe, progress: nil)
    guard let file = dataset.clips.first(where: { $0.id == id })?.audio else {
      throw LabError("\(id): no sound in \(dataset.title); expected a clip with a file")
    }
    try dataset.makeSounds(of: [id], threads: nil, progress: nil)
    return (recipe, dataset, file)
  }

  /// The sound file of a clip, and the front end of its spectrogram.
  private func view(of id: String) throws -> (URL, FrontEnd) {
    if let run = state.withLock({ $0.opened })?.outside {
      let data = try OutsideData(run)
      let clip = data.snapshot.clips.first { $0.id == id }
      return (try data.sound(of: id), OutsideData.frontEnd(seconds: clip?.seconds ?? 0))
    }
    let (recipe, dataset, file) = try sound(of: id)
    return (file, try executor.data.spectrogram(recipe, dataset))
  }

  func inspect(_ id: String) throws {
    let (file, frontEnd) = try view(of: id)
    let waveform = try AudioFile.read(file)
    let spectrogram = try frontEnd(waveform)
    mailbox.send(
      .sound(
        ClipSound(
          clip: id, seconds: frontEnd.seconds ?? waveform.seconds,
          sampleRate: waveform.sampleRate, bands: spectrogram.bands, frames: spectrogram.frames,
          values: spectrogram.values, frequencies: frontEnd.frequencies(), file: file.path)))
  }

  /// The sound of a clip as a WAV file in the session's folder.
  func exportSound(_ id: String) throws {
    let (sound, _) = try view(of: id)
    let folder = sessionFolder.appendingPathComponent("sounds")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let name = id.replacing("/", with: "_")
    let file = folder.appendingPathComponent(name.hasSuffix(".wav") ? name : "\(name).wav")
    try AudioFile.write(try AudioFile.read(sound), to: file)
    mailbox.send(.notice("sound written to \(file.path)"))
  }

  // MARK: the model

  /// Predictions of the run that is trained; else of the last finished run.
  func predict(_ clips: [String]) {
    if let trainer = state.withLock({ $0.trainer }) {
      return trainer.perform(.predict(clips: clips))
    }
    lookUp(.clip) { [self] in
      let (name, model, loader) = try finished(clips)
      guard loader.count > 0 else { return }
      let all = Array(0..<loader.count)
      for body in loader.predictions(of: model.networks, at: all) {
        mailbox.send(
          .events([Event(run: name, seq: 0, t: 0, step: 0, epoch: 0, body: body)]))
      }
    }
  }

  func reprogram(_ id: String) {
    lookAt(id) { model, splits, step in
      let found = splits.lazy.compactMap { $0.reprogrammed(id, by: model, step: step) }.first
      guard let found else {
        throw LabError("\(id): no clip that the network changes; expected one")
      }
      return .reprogrammed(found)
    }
  }

  func activations(_ id: String) {
    lookAt(id) { model, splits, _ in
      splits.lazy.compactMap { ClipActivations(of: id, in: $0, by: model) }.first
        .map { .activations($0) }
    }
  }

  /// Sends what `find` returns for the student and its clips: of the run that is trained here, or
  /// was last; else of `finished`.
  private func lookAt(
    _ id: String,
    _ find: @escaping @Sendable (any Classifier, [any SplitData], _ step: Int) throws -> Message?
  ) {
    let (trainer, isFollowing) = state.withLock { ($0.trainer, $0.follower != nil) }
    guard let trainer, !isFollowing else {
      return lookUp(.clip) { [self] in
        let (_, model, loader) = try finished([id])
        let found = try find(model.networks[0].classifier, [loader], 0)
        if let found { mailbox.send(found) }
      }
    }
    trainer.withModel { [self] model, splits, step in
      reporting(.clip) {
        if let found = try find(model, splits, step) { mailbox.send(found) }
      }
    }
  }

  /// The checkpoint of the run that is followed, or of the last finished one: the run's name, the
  /// model, and these clips as its input.
  private func finished(_ ids: [String]) throws -> (String, TrainedModel, Loader) {
    let followed = state.withLock { $0.follower?.folder }
    let folder = try followed ?? lastFinished()
    let model = try TrainedModel(folder)
    let prepared = try executor.data.prepare(model.recipe, training: false) { self.send($0) }
    let clips = prepared.clips(model.recipe).filter { ids.contains($0.id) }
    return (folder.name, model, model.loader(clips, prepared))
  }

  private func lastFinished() throws -> RunFolder {
    let runs = state.withLock { $0.runs }
    guard let done = try runs.last(where: { try $0.folder.ending().state == .done }) else {
      throw LabError("no model yet; expected a run to be started")
    }
    return done.folder
  }

  /// The run that is shown or was shown last, else the last finished one.
  func lastRun() throws -> RunFolder { try state.withLock { $0.last } ?? lastFinished() }
}
