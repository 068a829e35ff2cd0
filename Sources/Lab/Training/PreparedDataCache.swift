// Keeps the last data set and its features, which the runs of a session share.
import Acoustics
import Datasets
import Foundation
import Methods
import Models
import Synchronization

/// The last value that was made, and the key it was made for.
private final class Latest<Key: Equatable & Sendable, Value: Sendable>: Sendable {
  private let entry = Mutex<(key: Key, value: Value)?>(nil)

  /// The value for `key`, made by `make` unless it is the last one.
  func value(for key: Key, make: () throws -> Value) rethrows -> Value {
    if let entry = entry.withLock({ $0 }), entry.key == key { return entry.value }
    let value = try make()
    entry.withLock { $0 = (key, value) }
    return value
  }
}

/// Opens data sets and computes what recipes need of them. Of each kind of result, the last one
/// stays in memory.
final class PreparedDataCache: Sendable {
  private struct DatasetKey: Equatable {
    let id: String
    let settings: DatasetSettings
  }

  /// What features and prepared data depend on.
  private struct Key: Equatable {
    let dataset, digest: String
    let input: ModelInput
    /// Of the features for training alone.
    var extractors: [String] = []
    var segmentation: Segmentation?
    var alignsFeatures = false

    init(_ dataset: any Dataset, _ input: ModelInput) {
      (self.dataset, digest, self.input) = (dataset.card.id, dataset.digest, input)
    }
  }

  private let datasets = Latest<DatasetKey, any Dataset>()
  private let prepared = Latest<Key, PreparedData>()
  private let inputs = Latest<Key, Features>()
  /// The features that data sets bring.
  private let brought = Latest<Key, Features?>()
  private let cache: URL?
  private let renders: Bool
  private let store: FeatureStore

  /// `renders`: whether clips of built-in data sets are rendered if they are not in the cache;
  /// otherwise that is an error.
  init(cache: URL?, renders: Bool = true) {
    self.cache = cache
    self.renders = renders
    store = FeatureStore(directory: cache)
  }

  /// Reads the tables of a data set.
  func open(_ recipe: Recipe, progress: PreparationHandler?) throws -> any Dataset {
    try recipe.demandOwn()
    var settings = DatasetSettings(recipe.data, cache: cache)
    settings.renders = renders
    let dataset = try datasets.value(for: DatasetKey(id: recipe.dataset, settings: settings)) {
      try recipe.demandRoot()
      return try DatasetCatalog.open(
        recipe.dataset, settings, progress: progress.map(PreparationClock.handler))
    }
    try recipe.demandLevels(dataset)
    return dataset
  }

  /// The data set of a recipe with its features; `training`: with those that only training needs.
  func prepare(
    _ recipe: Recipe, training: Bool = true, progress: PreparationHandler?
  ) throws -> PreparedData {
    try recipe.checkLayers()
    let dataset = try open(recipe, progress: progress)
    if recipe.learnsLabels { try dataset.demandTraining() }
    let input = try input(recipe, dataset)
    var key = Key(dataset, input)
    key.extractors = training ? recipe.extractors : []
    key.segmentation = recipe.segmentation(of: input)
    key.alignsFeatures = training && key.segmentation != nil && recipe.alignsFeatures
    return try prepared.value(for: key) {
      try demandWeights(input.extractors + key.extractors, dataset)
      try dataset.makeSounds(
        of: nil, threads: nil, progress: progress.map(PreparationClock.handler))
      let features = try inputs.value(for: Key(dataset, input.base)) {
        try self.features(input.base, dataset, progress)
      }
      let size = try recipe.size(input, dataset, features)
      if recipe.learnsLabels { try recipe.demandPositives(dataset) }
      let embeddings = try key.extractors.map { id in
        (id, try self.features(.embeddings(id, standardized: true), dataset, progress))
      }
      let companions =
        try input.companions.isEmpty
        ? nil : pooled(input.companions, dataset, progress)
      return PreparedData(
        recipe, dataset, input, features, size: size, companions: companions,
        embeddings: embeddings)
    }
  }

  /// The input of the recipe's model, for clips of the data set's length.
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

  /// The front end whose spectrogram of a clip is shown: the model's, or the reference network's if
  /// the input of the model is embeddings.
  func spectrogram(_ recipe: Recipe, _ dataset: any Dataset) throws -> FrontEnd {
    if let frontEnd = try input(recipe, dataset).frontEnd { return frontEnd }
    var frontEnd = FrontEnd.band
    frontEnd.seconds = dataset.seconds
    return frontEnd
  }
}

// MARK: features

extension PreparedDataCache {
  /// The features of every clip that can be read: those that the data set brings, or from the
  /// store.
  private func features(
    _ input: ModelInput, _ dataset: any Dataset, _ progress: PreparationHandler?
  ) throws -> Features {
    if case .embeddings(let id, _) = input.base, let given = try given(id, dataset) {
      return given
    }
    if case .pooled(let ids) = input.base { return try pooled(ids, dataset, progress) }
    return try store.features(
      of: dataset.clips, by: input.extractor(seconds: dataset.seconds),
      threads: ProcessInfo.processInfo.activeProcessorCount,
      progress: progress.map(PreparationClock.handler))
  }

  /// `[D, 1]` of every clip: the concatenated means over time of these extractors' embeddings.
  func pooled(
    _ ids: [String], _ dataset: any Dataset, _ progress: PreparationHandler?
  ) throws -> Features {
    let parts = try ids.map { id in
      try features(.embeddings(id, standardized: false), dataset, progress)
    }
    return Features.pooled(parts, of: dataset.clips)
  }

  /// The same for sounds that are no data set yet.
  func pooled(
    _ ids: [String], of folder: UnlabelledFolder, _ progress: PreparationHandler?
  ) throws -> Features {
    try store.features(
      of: folder.clips, by: ModelInput.pooled(ids).extractor(seconds: folder.seconds),
      threads: ProcessInfo.processInfo.activeProcessorCount,
      progress: progress.map(PreparationClock.handler))
  }

  /// The embeddings that the data set brings; nil if it brings none of this extractor. Throws if
  /// their width differs from that of the requested layer.
  private func given(_ extractor: String, _ dataset: any Dataset) throws -> Features? {
    let key = Key(dataset, .embeddings(extractor, standardized: false))
    return try brought.value(for: key) {
      let reference = ExtractorReference(extractor)
      let features = try dataset.embeddings(of: reference.id)
      // Without a layer in the recipe, the data set may bring any.
      guard reference.layer != nil, let features,
        let width = dataset.clips.lazy.compactMap({ features.size(of: $0.id)?.bands }).first
      else { return features }
      let expected = try ExtractorCatalog.dimension(of: extractor)
      guard width == expected else {
        throw LabError(
          "\(dataset.title): its features have \(width) values; expected \(expected) of "
            + extractor)
      }
      return features
    }
  }

  /// Reports missing weights before anything is computed.
  private func demandWeights(_ ids: [String], _ dataset: any Dataset) throws {
    for id in Set(ids).sorted() where try given(id, dataset) == nil {
      _ = try ExtractorCatalog.open(id)
    }
  }

  /// Whether preparing would compute nothing. Throws if that cannot be determined: weights are
  /// missing, or a sound cannot be read.
  func isCached(_ input: ModelInput, _ dataset: any Dataset) throws -> Bool {
    guard try dataset.countMissingSounds() == 0 else { return false }
    let extractors = try input.extractors.allSatisfy { try isCached(extractor: $0, dataset) }
    return try extractors
      && (input.frontEnd.map { try store.isCached(dataset.clips, by: $0) } ?? true)
  }

  private func isCached(extractor id: String, _ dataset: any Dataset) throws -> Bool {
    if try given(id, dataset) != nil { return true }
    let input = ModelInput.embeddings(id, standardized: false)
    return try store.isCached(dataset.clips, by: input.extractor(seconds: dataset.seconds))
  }
}

extension ModelInput {
  /// The extractors whose weights are needed to score a clip.
  var extractors: [String] {
    switch self {
    case .frontEnd: []
    case .embeddings(let id, _): [id]
    case .pooled(let ids): ids
    case .joined(let base, let ids): base.extractors + ids
    }
  }

  /// The extractor of the base, for clips of this length in s.
  func extractor(seconds: Double) throws -> any FeatureExtractor {
    switch base {
    case .frontEnd(let frontEnd, _): return frontEnd
    case .embeddings(let id, _):
      return FittedExtractor(try ExtractorCatalog.open(id), seconds: seconds)
    case .pooled(let ids), .joined(_, let ids): return try ModelInput.pooled(ids, seconds: seconds)
    }
  }

  /// The extractor of the vector that is joined to the base; nil if there is none.
  func companionMaker(seconds: Double) throws -> (any FeatureExtractor)? {
    companions.isEmpty ? nil : try ModelInput.pooled(companions, seconds: seconds)
  }

  private static func pooled(_ ids: [String], seconds: Double) throws -> any FeatureExtractor {
    PooledExtractor(
      try ids.map { FittedExtractor(try ExtractorCatalog.open($0), seconds: seconds) })
  }
}

/// Adds an estimate of the remaining time to progress.
final class PreparationClock: Sendable {
  private let started = Mutex<(what: String, date: Date, done: Int)?>(nil)
  private let prepared: PreparationHandler

  private init(_ prepared: @escaping PreparationHandler) { self.prepared = prepared }

  static func handler(_ prepared: @escaping PreparationHandler) -> ProgressHandler {
    let clock = PreparationClock(prepared)
    return { what, done, total in clock.report(what, done, total) }
  }

  private func report(_ what: String, _ done: Int, _ total: Int) -> Bool {
    let begin = started.withLock { started -> (date: Date, done: Int) in
      if let started, started.what == what { return (started.date, started.done) }
      started = (what, Date(), done)
      return (Date(), done)
    }
    let passed = Date().timeIntervalSince(begin.date)
    let fresh = done - begin.done
    let eta = fresh > 0 ? passed / Double(fresh) * Double(total - done) : nil
    return prepared(Preparation(what: what, done: done, total: total, eta: eta))
  }
}
