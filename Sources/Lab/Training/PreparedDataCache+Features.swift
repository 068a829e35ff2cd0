// What a model is fed and what a method learns from, read from the cache or computed.
import Acoustics
import Datasets
import Foundation
import Methods
import Models

extension PreparedDataCache {
  /// Spectrograms or sequences of every clip that can be read; vectors where pooled.
  func features(
    _ input: ModelInput, _ dataset: any Dataset, _ progress: PreparationHandler?
  ) throws -> Features {
    if case .embeddings(let id, _) = input.base, let given = try given(id, dataset) {
      return given
    }
    if case .pooled(let ids) = input.base { return try pooled(ids, dataset, progress) }
    return try store.features(
      of: dataset.clips, by: input.extractor(seconds: dataset.seconds),
      threads: ProcessInfo.processInfo.activeProcessorCount,
      progress: progress.map(PreparationClock.ticker))
  }

  /// `[D, 1]` of every clip: these extractors' means over time.
  func pooled(
    _ ids: [String], _ dataset: any Dataset, _ progress: PreparationHandler?
  ) throws -> Features {
    let parts = try ids.map { id in
      try features(.embeddings(id, standardized: false), dataset, progress)
    }
    return Features.pooled(parts, of: dataset.clips)
  }

  /// One vector a clip for training, by extractor, and a line for each clip without.
  func embeddings(
    _ ids: [String], _ dataset: any Dataset, _ progress: PreparationHandler?
  ) throws -> (embeddings: [String: Embeddings], problems: [String], sounds: SoundDigest?) {
    var (found, problems): ([String: Embeddings], [String]) = ([:], [])
    var sounds: SoundDigest?
    for id in ids {
      let features = try features(.embeddings(id, standardized: true), dataset, progress)
      found[id] = Embeddings(features, of: dataset.clips, train: dataset.clips(in: .train))
      problems += features.problems
      sounds = sounds ?? features.sounds
    }
    return (found, problems, sounds)
  }

  /// Missing weights are told before anything is computed.
  func demandWeights(_ ids: [String], _ dataset: any Dataset) throws {
    for id in Set(ids).sorted() where try given(id, dataset) == nil {
      _ = try ExtractorCatalog.open(id)
    }
  }

  /// Whether nothing would have to be computed.
  func isCached(_ input: ModelInput, _ dataset: any Dataset) -> Bool {
    input.extractors.allSatisfy { isCached(extractor: $0, dataset) }
      && (input.frontEnd.map { store.isCached(dataset.clips, by: $0) } ?? true)
  }

  private func isCached(extractor id: String, _ dataset: any Dataset) -> Bool {
    if (try? given(id, dataset)) != nil { return true }
    let input = ModelInput.embeddings(id, standardized: false)
    guard let extractor = try? input.extractor(seconds: dataset.seconds) else { return false }
    return store.isCached(dataset.clips, by: extractor)
  }
}

extension ModelInput {
  /// Extractors whose weights it takes to score a clip.
  var extractors: [String] {
    switch self {
    case .frontEnd: []
    case .embeddings(let id, _): [id]
    case .pooled(let ids): ids
    case .joined(let base, let ids): base.extractors + ids
    }
  }

  /// Makes the base of clips of this many seconds.
  func extractor(seconds: Double) throws -> any FeatureExtractor {
    switch base {
    case .frontEnd(let frontEnd, _): return frontEnd
    case .embeddings(let id, _):
      return FittedExtractor(try ExtractorCatalog.open(id), seconds: seconds)
    case .pooled(let ids), .joined(_, let ids): return try ModelInput.pooled(ids, seconds: seconds)
    }
  }

  /// Makes the vectors joined to the base; nil where there are none.
  func companionMaker(seconds: Double) throws -> (any FeatureExtractor)? {
    companions.isEmpty ? nil : try ModelInput.pooled(companions, seconds: seconds)
  }

  private static func pooled(_ ids: [String], seconds: Double) throws -> any FeatureExtractor {
    PooledExtractor(
      try ids.map { FittedExtractor(try ExtractorCatalog.open($0), seconds: seconds) })
  }
}

extension Recipe {
  /// Extractors whose features the method's training batches bring along.
  var extractors: [String] {
    MethodCatalog.find(method)?.extractors(methodSettings) ?? []
  }

  /// The pieces that the model looks at, where it is fed a spectrogram.
  func segmentation(of input: ModelInput) -> Segmentation? {
    guard input.frontEnd != nil else { return nil }
    return ModelCatalog.find(model)?.segmentation(modelSettings)
  }
}
