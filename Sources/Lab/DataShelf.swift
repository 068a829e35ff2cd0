// Keeps the data set that was used last open, with its features: the runs of a session share it.
import Acoustics
import Datasets
import Foundation
import Models
import Synchronization

final class DataShelf: Sendable {
  /// A data set with features and the standardizer fitted on its training clips.
  struct Prepared: Sendable {
    let dataset: any Dataset
    let frontEnd: FrontEnd
    let features: Features
    let standardizer: Standardizer

    var problems: [String] { dataset.problems + features.problems }

    /// The clips with the labels that this recipe hides taken away.
    func clips(_ recipe: Recipe) -> [Clip] { recipe.hiding(dataset.clips) }
  }

  private struct Kept<Value: Sendable>: Sendable {
    let key: String
    let value: Value
  }

  private let opened = Mutex<Kept<any Dataset>?>(nil)
  private let prepared = Mutex<Kept<Prepared>?>(nil)
  private let cache: URL?
  let store: FeatureStore

  init(cache: URL?) {
    self.cache = cache
    store = FeatureStore(directory: cache)
  }

  /// Reads the tables; renders the built-in set where it is not in the cache yet.
  func open(_ recipe: Recipe, progress: PreparationSink?) throws -> any Dataset {
    let settings = recipe.datasetSettings(cache: cache)
    let key = "\(recipe.dataset) \(settings)"
    if let kept = opened.withLock({ $0 }), kept.key == key { return kept.value }
    let dataset = try DatasetCatalog.open(
      recipe.dataset, settings, progress: progress.map(PreparationClock.ticker))
    opened.withLock { $0 = Kept(key: key, value: dataset) }
    return dataset
  }

  func prepare(_ recipe: Recipe, progress: PreparationSink?) throws -> Prepared {
    let dataset = try open(recipe, progress: progress)
    let frontEnd = try frontEnd(recipe, dataset)
    let key = "\(recipe.dataset) \(dataset.digest) \(frontEnd.key)"
    if let kept = prepared.withLock({ $0 }), kept.key == key { return kept.value }
    let features = try store.features(
      of: dataset.clips, by: frontEnd,
      threads: ProcessInfo.processInfo.activeProcessorCount,
      progress: progress.map(PreparationClock.ticker))
    let pictures = dataset.clips(in: .train).compactMap { features[$0.id] }
    guard !pictures.isEmpty else {
      let why = (dataset.problems + features.problems).first.map { " (\($0))" } ?? ""
      throw LabError(
        "\(recipe.dataset): no readable clip in the train split\(why); expected some")
    }
    try demandPositives(of: dataset, recipe)
    let value = Prepared(
      dataset: dataset, frontEnd: frontEnd, features: features,
      standardizer: Standardizer(fitting: pictures))
    prepared.withLock { $0 = Kept(key: key, value: value) }
    return value
  }

  /// A class that its own table never marks cannot be learned and is most likely a mistake. A
  /// small rendering of a built-in set may lack one by chance; a run of it says so in its log.
  private func demandPositives(of dataset: any Dataset, _ recipe: Recipe) throws {
    guard !dataset.card.isBuiltIn else { return }
    let train = dataset.clips(in: .train)
    let empty = dataset.classes.indices.filter { index in
      !train.contains { ($0.labels[index] ?? 0) >= 0.5 }
    }
    guard !empty.isEmpty else { return }
    let names = empty.map { dataset.classes[$0] }.joined(separator: ", ")
    let root = recipe.text("dataset.root")
    throw LabError(
      "\(root.isEmpty ? recipe.dataset : root): no positive in the train split for \(names); "
        + "expected at least one clip of every class")
  }

  /// The model's front end on clips of the data set's length.
  func frontEnd(_ recipe: Recipe, _ dataset: any Dataset) throws -> FrontEnd {
    guard let model = ModelCatalog.find(recipe.model) else {
      throw LabError("\(recipe.model): no such model; expected a known id")
    }
    var frontEnd = model.frontEnd(recipe.hyperparameters(of: "model"))
    frontEnd.seconds = dataset.seconds
    return frontEnd
  }
}

extension Recipe {
  func datasetSettings(cache: URL?) -> DatasetSettings {
    let root = text("dataset.root")
    let (clips, fold) = (integer("dataset.clips"), integer("dataset.testFold"))
    let seconds = real("dataset.seconds")
    var settings = DatasetSettings(
      root: root.isEmpty ? nil : URL(fileURLWithPath: root), clips: clips > 0 ? clips : nil,
      seconds: seconds > 0 ? seconds : nil, seed: integer("dataset.seed"),
      testFold: fold > 0 ? fold : nil, validationShare: real("dataset.validationShare"),
      cache: cache)
    settings.softTargets = resolved("dataset.soft") == .flag(true)
    settings.level = TaxonomyLevel(rawValue: text("dataset.level")) ?? .fine
    settings.minimumPositives = integer("dataset.minimumPositives")
    return settings
  }

  func hiding(_ clips: [Clip]) -> [Clip] {
    LabelMask.hide(
      clips, observed: real("dataset.observed"),
      rule: HidingRule(rawValue: text("dataset.hiding")) ?? .none, seed: seed)
  }
}

/// Turns ticks into preparations with an estimate of the time left.
private final class PreparationClock: Sendable {
  private let started = Mutex<(what: String, date: Date, done: Int)?>(nil)
  private let sink: PreparationSink

  private init(_ sink: @escaping PreparationSink) { self.sink = sink }

  static func ticker(_ sink: @escaping PreparationSink) -> Ticker {
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
