// Keeps the data set that was used last open, with its features: the runs of a session share it.
import Acoustics
import Datasets
import Foundation
import Methods
import Models
import Synchronization

final class PreparedDataCache: Sendable {
  /// A data set with features and the standardizer fitted on its training clips.
  struct Prepared: Sendable {
    let dataset: any Dataset
    let input: ModelInput
    let features: Features
    /// Of the features' bands, then of what is joined to them.
    let standardizer: Standardizer
    let size: InputSize
    let segmentation: Segmentation?
    /// `[E, 1]` a clip, joined to the features when they are scored.
    let companions: Features?
    /// Features for training alone, by extractor.
    let embeddings: [String: Embeddings]
    /// Clips that lack them, one line each.
    let lost: [String]
    /// Of the sounds that all this was made of; nil where the set brings its features.
    let sounds: SoundDigest?

    var problems: [String] {
      dataset.problems + features.problems + (companions?.problems ?? lost)
    }

    /// The clips with the labels that this recipe hides taken away.
    func clips(_ recipe: Recipe) -> [Clip] { recipe.hiding(dataset.clips) }

    /// Batches of these clips, in their order; those without features are left out.
    func loader(_ clips: [Clip], training: Bool = false) -> Loader {
      Loader(
        clips: clips, features: features, standardizer: standardizer, classes: dataset.classes,
        isSequence: input.isSequence, frames: size.frames, segmentation: segmentation,
        companions: companions, companionSize: standardizer.mean.count - size.bands,
        embeddings: training ? embeddings : [:])
    }
  }

  private struct Kept<Value: Sendable>: Sendable {
    let key: String
    let value: Value
  }

  private let opened = Mutex<Kept<any Dataset>?>(nil)
  private let prepared = Mutex<Kept<Prepared>?>(nil)
  private let pictured = Mutex<Kept<Features>?>(nil)
  private let brought = Mutex<Kept<Features?>?>(nil)
  private let cache: URL?
  private let renders: Bool
  let store: FeatureStore

  /// `renders`: false leaves what is not in the cache unmade, and says so.
  init(cache: URL?, renders: Bool = true) {
    self.cache = cache
    self.renders = renders
    store = FeatureStore(directory: cache)
  }

  /// Reads the tables; renders the built-in set where it is not in the cache yet.
  func open(_ recipe: Recipe, progress: PreparationHandler?) throws -> any Dataset {
    var settings = DatasetSettings(recipe.data, cache: cache)
    settings.renders = renders
    let key = "\(recipe.dataset) \(settings)"
    if let kept = opened.withLock({ $0 }), kept.key == key {
      try recipe.demandLevels(kept.value)
      return kept.value
    }
    try recipe.demandRoot()
    let dataset = try DatasetCatalog.open(
      recipe.dataset, settings, progress: progress.map(PreparationClock.ticker))
    try recipe.demandLevels(dataset)
    opened.withLock { $0 = Kept(key: key, value: dataset) }
    return dataset
  }

  /// `training`: with the features that only training needs.
  func prepare(
    _ recipe: Recipe, training: Bool = true, progress: PreparationHandler?
  ) throws -> Prepared {
    try recipe.checkLayers()
    let dataset = try open(recipe, progress: progress)
    let input = try input(recipe, dataset)
    let extractors = training ? recipe.extractors : []
    let key =
      "\(recipe.dataset) \(dataset.digest) \(input) \(extractors) "
      + (recipe.segmentation(of: input).map { "\($0)" } ?? "whole")
    if let kept = prepared.withLock({ $0 }), kept.key == key { return kept.value }
    try demandWeights(input.extractors + extractors, dataset)
    let features = try spectrograms(input.base, dataset, progress)
    let size = try size(recipe, input, dataset, features)
    try demandPositives(of: dataset, recipe)
    let taught = try embeddings(extractors, dataset, progress)
    let companions =
      input.companions.isEmpty ? nil : try pooled(input.companions, dataset, progress)
    let value = Prepared(
      dataset: dataset, input: input, features: features,
      standardizer: standardizer(input, dataset, features, companions),
      size: size, segmentation: recipe.segmentation(of: input), companions: companions,
      embeddings: taught.embeddings, lost: taught.problems,
      sounds: features.sounds ?? companions?.sounds ?? taught.sounds)
    prepared.withLock { $0 = Kept(key: key, value: value) }
    return value
  }

  /// What the data set brings of an extractor; what was asked for last is read once. Throws where
  /// its features have another width than the layer that is asked for.
  func given(_ extractor: String, _ dataset: any Dataset) throws -> Features? {
    let key = "\(dataset.title) \(dataset.digest) \(extractor)"
    if let kept = brought.withLock({ $0 }), kept.key == key { return kept.value }
    let features = try dataset.embeddings(of: ExtractorReference(extractor).id)
    if let features { try demandWidth(of: extractor, in: features, dataset) }
    brought.withLock { $0 = Kept(key: key, value: features) }
    return features
  }

  /// The first layer is not asked for by name: a data set may bring any.
  private func demandWidth(
    of extractor: String, in features: Features, _ dataset: any Dataset
  ) throws {
    guard ExtractorReference(extractor).layer != nil,
      let width = dataset.clips.lazy.compactMap({ features.size(of: $0.id)?.bands }).first
    else { return }
    let expected = try ExtractorCatalog.dimension(of: extractor)
    guard width != expected else { return }
    throw LabError(
      "\(dataset.title): its features have \(width) values; expected \(expected) of \(extractor)")
  }

  /// Those of the last input stay in memory: methods with different extractors share them.
  private func spectrograms(
    _ input: ModelInput, _ dataset: any Dataset, _ progress: PreparationHandler?
  ) throws -> Features {
    let key = "\(dataset.title) \(dataset.digest) \(input)"
    if let kept = pictured.withLock({ $0 }), kept.key == key { return kept.value }
    let features = try features(input, dataset, progress)
    pictured.withLock { $0 = Kept(key: key, value: features) }
    return features
  }

  /// Of what a model sees: a piece where it looks at pieces, else the longest training clip.
  private func size(
    _ recipe: Recipe, _ input: ModelInput, _ dataset: any Dataset, _ features: Features
  ) throws -> InputSize {
    let sizes = dataset.clips(in: .train).compactMap { features.size(of: $0.id) }
    guard let bands = sizes.first?.bands, let longest = sizes.map(\.frames).max() else {
      let why = (dataset.problems + features.problems).first.map { " (\($0))" } ?? ""
      throw LabError(
        "\(recipe.dataset): no readable clip in the train split\(why); expected some")
    }
    let segmentation = recipe.segmentation(of: input)
    let piece = try segmentation.flatMap { try input.frontEnd?.frames(ofSeconds: $0.seconds) }
    return InputSize(bands: bands, frames: piece ?? longest)
  }

  /// Fitted on all training clips, whatever share of them is trained on: it needs no label.
  private func standardizer(
    _ input: ModelInput, _ dataset: any Dataset, _ features: Features, _ companions: Features?
  ) -> Standardizer {
    let train = dataset.clips(in: .train)
    let sizes = train.lazy.compactMap { features.size(of: $0.id) }
    let own =
      input.isStandardized
      ? Standardizer(fitting: train.lazy.compactMap { features[$0.id] })
      : Standardizer.identity(sizes.first?.bands ?? 0)
    guard let companions else { return own }
    let vectors = train.lazy.compactMap { companions[$0.id] }
    return own.followed(by: Standardizer(fitting: vectors))
  }

  /// One class without a positive is left to what the others teach; a run of it says so. Where no
  /// class has one there is nothing to learn, most likely by a mistake in the table.
  private func demandPositives(of dataset: any Dataset, _ recipe: Recipe) throws {
    let train = dataset.clips(in: .train)
    guard !train.contains(where: { $0.labels.contains { ($0 ?? 0) >= 0.5 } }) else { return }
    let root = recipe.data[DatasetOptions.root]
    throw LabError(
      "\(root.isEmpty ? recipe.dataset : root): no positive in the train split for any class; "
        + "expected at least one")
  }

  /// The spectrogram of a clip to look at: the model's own, or the reference network's where the
  /// model is fed embeddings.
  func spectrogram(_ recipe: Recipe, _ dataset: any Dataset) -> FrontEnd {
    if let frontEnd = (try? input(recipe, dataset))?.frontEnd { return frontEnd }
    var frontEnd = FrontEnd.band
    frontEnd.seconds = dataset.seconds
    return frontEnd
  }

  /// What the model is fed, on clips of the data set's length.
  func input(_ recipe: Recipe, _ dataset: any Dataset) throws -> ModelInput {
    guard let model = ModelCatalog.find(recipe.model) else {
      throw LabError("\(recipe.model): no such model; expected a known id")
    }
    var input = model.input(recipe.modelSettings)
    if case .frontEnd(var frontEnd, let standardized) = input {
      frontEnd.seconds = dataset.seconds
      input = .frontEnd(frontEnd, standardized: standardized)
    }
    return MethodCatalog.find(recipe.method)?.input(input, recipe.methodSettings) ?? input
  }
}

extension Recipe {
  /// A folder that a session or a run's recipe names is told with its line where it is not there.
  func demandRoot() throws {
    guard let rootOrigin else { return }
    let root = data[DatasetOptions.root]
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder.boolValue {
      return
    }
    throw LabError(
      "\(rootOrigin): dataset.root: no folder \(root); expected one")
  }

  /// Hiding by loudness takes levels, which only data sets mixed here know.
  func demandLevels(_ dataset: any Dataset) throws {
    guard data[DatasetOptions.hiding] == .quiet,
      dataset.clips.contains(where: { $0.levels == nil })
    else { return }
    throw LabError(
      "dataset.hiding: quiet needs to know how loud each class is in a clip, and \(self.dataset) "
        + "does not say; expected another rule, or band or esc10-mixtures")
  }

  /// The clips as this recipe knows them: labels hidden, training clips left out.
  func hiding(_ clips: [Clip]) -> [Clip] {
    let data = self.data
    let hidden = LabelMask.hide(
      clips, observed: data[DatasetOptions.observed], rule: data[DatasetOptions.hiding],
      seed: seed)
    let removed = LabelMask.remove(data[DatasetOptions.removed], from: hidden, seed: seed)
    return TrainingFraction.keep(data[DatasetOptions.fraction], of: removed, seed: seed)
  }
}

/// Turns ticks into preparations with an estimate of the time left.
final class PreparationClock: Sendable {
  private let started = Mutex<(what: String, date: Date, done: Int)?>(nil)
  private let sink: PreparationHandler

  private init(_ sink: @escaping PreparationHandler) { self.sink = sink }

  static func ticker(_ sink: @escaping PreparationHandler) -> ProgressHandler {
    let clock = PreparationClock(sink)
    return { what, done, total in clock.tick(what, done, total) }
  }

  private func tick(_ what: String, _ done: Int, _ total: Int) -> Bool {
    let begin = started.withLock { started -> (date: Date, done: Int) in
      if let started, started.what == what { return (started.date, started.done) }
      started = (what, Date(), done)
      return (Date(), done)
    }
    let passed = Date().timeIntervalSince(begin.date)
    let fresh = done - begin.done
    let eta = fresh > 0 ? passed / Double(fresh) * Double(total - done) : nil
    return sink(Preparation(what: what, done: done, total: total, eta: eta))
  }
}
