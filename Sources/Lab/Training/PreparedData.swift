// A data set with the features that a recipe's model and method need.
import Acoustics
import Datasets
import Foundation
import Methods
import Models

struct PreparedData: Sendable {
  let dataset: any Dataset
  let input: ModelInput
  let features: Features
  /// For the bands of the features, then for those of the companions.
  let standardizer: Standardizer
  /// The size of what the model sees of a clip.
  let size: InputSize
  let segmentation: Segmentation?
  /// `[E, 1]` of every clip, joined to the features for scoring.
  let companions: Features?
  /// Features for training alone, by extractor.
  let embeddings: [String: Embeddings]
  let problems: [String]
  /// The digest of the sounds; nil if the data set brings its features.
  let sounds: SoundDigest?

  init(
    _ recipe: Recipe, _ dataset: any Dataset, _ input: ModelInput, _ features: Features,
    size: InputSize, companions: Features?, embeddings: [(extractor: String, features: Features)]
  ) {
    let train = dataset.clips(in: .train)
    (self.dataset, self.input, self.features) = (dataset, input, features)
    (self.size, segmentation) = (size, recipe.segmentation(of: input))
    self.companions = companions
    standardizer = Self.standardizer(input, train, features, companions)
    var fitted: [String: Embeddings] = [:]
    for (id, features) in embeddings {
      fitted[id] = Embeddings(
        features, of: dataset.clips, train: train,
        keepsFrames: segmentation != nil && recipe.alignsFeatures)
    }
    self.embeddings = fitted
    problems =
      dataset.problems + features.problems
      + (companions?.problems ?? embeddings.flatMap(\.features.problems))
    sounds =
      features.sounds ?? companions?.sounds
      ?? embeddings.lazy.compactMap(\.features.sounds).first
  }

  /// Fitted on all training clips, also if the recipe trains on a part of them: it uses no labels.
  private static func standardizer(
    _ input: ModelInput, _ train: [Clip], _ features: Features, _ companions: Features?
  ) -> Standardizer {
    let bands = train.lazy.compactMap { features.size(of: $0.id)?.bands }.first
    let own =
      input.isStandardized
      ? Standardizer(fitting: train.lazy.compactMap { features[$0.id] })
      : Standardizer.identity(bands ?? 0)
    guard let companions else { return own }
    return own.followed(by: Standardizer(fitting: train.lazy.compactMap { companions[$0.id] }))
  }

  /// The clips of the recipe, with its labels hidden.
  func clips(_ recipe: Recipe) -> [Clip] { recipe.hiding(dataset.clips) }

  /// Says which features are of whole clips although the model sees segments; nil if none are.
  func alignmentRemark(_ recipe: Recipe) -> LogLine? {
    guard recipe.alignsFeatures, segmentation != nil else { return nil }
    let whole = embeddings.filter { !$0.value.hasParts }.keys.sorted()
    guard !whole.isEmpty else { return nil }
    return LogLine(
      level: .info, code: "align",
      text: "\(whole.joined(separator: " and ")): one vector for each clip, so that the model is "
        + "drawn to features of the whole clip, not of the segment that it hears")
  }

  /// Batches of these clips, in their order. Clips without features are left out.
  func loader(_ clips: [Clip], training: Bool = false) -> Loader {
    Loader(
      clips: clips, features: features, standardizer: standardizer, classes: dataset.classes,
      isSequence: input.isSequence, frames: size.frames, segmentation: segmentation,
      companions: companions, companionSize: standardizer.mean.count - size.bands,
      embeddings: training ? embeddings : [:])
  }
}

extension Recipe {
  /// The clips that the method learns from and is scored on, and a log line about training clips
  /// without any label.
  func used(_ clips: [Clip]) -> (clips: [Clip], remark: LogLine?) {
    let isOut: (Clip) -> Bool = { $0.split == .train && $0.isUnlabelled }
    let count = clips.count(where: isOut)
    guard count > 0 else { return (clips, nil) }
    let isUsed = MethodCatalog.find(method)?.usesUnlabelledClips ?? false
    let noun = count == 1 ? "1 training clip has" : "\(count) training clips have"
    let use = isUsed ? "\(method) learns from the sound" : "\(method) cannot use what has none"
    return (
      isUsed ? clips : clips.filter { !isOut($0) },
      LogLine(level: .info, code: "unlabelled", text: "\(noun) no label; \(use)")
    )
  }

  /// The extractors whose features the method's training batches contain.
  var extractors: [String] {
    MethodCatalog.find(method)?.extractors(methodSettings) ?? []
  }

  /// Whether the features in training batches are of the segment that the model sees.
  var alignsFeatures: Bool {
    MethodCatalog.find(method)?.alignsFeatures(methodSettings) ?? false
  }

  /// The segments that the model sees, if its input is a spectrogram.
  func segmentation(of input: ModelInput) -> Segmentation? {
    guard input.frontEnd != nil else { return nil }
    return ModelCatalog.find(model)?.segmentation(modelSettings)
  }

  /// The size of what the model sees: a segment, or the longest training clip. Throws if the
  /// training split has no readable clip.
  func size(
    _ input: ModelInput, _ dataset: any Dataset, _ features: Features
  ) throws -> InputSize {
    let sizes = dataset.clips(in: .train).compactMap { features.size(of: $0.id) }
    guard let bands = sizes.first?.bands, let longest = sizes.map(\.frames).max() else {
      let why = (dataset.problems + features.problems).first.map { " (\($0))" } ?? ""
      throw LabError(
        "\(self.dataset): no readable clip in the train split\(why); expected some")
    }
    let segment = try segmentation(of: input).flatMap {
      try input.frontEnd?.frames(ofSeconds: $0.seconds)
    }
    return InputSize(bands: bands, frames: segment ?? longest)
  }

  /// Throws with the line of the session or recipe that names a folder which does not exist.
  func demandRoot() throws {
    guard let rootOrigin else { return }
    let root = data[DatasetOptions.root]
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder.boolValue {
      return
    }
    throw LabError("\(rootOrigin): dataset.root: no folder \(root); expected one")
  }

  /// Hiding by loudness needs levels, which only data sets mixed here have.
  func demandLevels(_ dataset: any Dataset) throws {
    guard data[DatasetOptions.hiding] == .quiet,
      dataset.clips.contains(where: { $0.levels == nil })
    else { return }
    throw LabError(
      "dataset.hiding: quiet needs to know how loud each class is in a clip, and \(self.dataset) "
        + "does not say; expected another rule, or band or esc10-mixtures")
  }

  /// A run trains without positives of one class and says so. If no class has a positive, nothing
  /// can be learned; most likely the table is wrong.
  func demandPositives(_ dataset: any Dataset) throws {
    let train = dataset.clips(in: .train)
    guard !train.contains(where: { $0.labels.contains { ($0 ?? 0) >= 0.5 } }) else { return }
    let root = data[DatasetOptions.root]
    throw LabError(
      "\(root.isEmpty ? self.dataset : root): no positive in the train split for any class; "
        + "expected at least one")
  }

  /// The clips of this recipe: labels hidden, training clips left out.
  func hiding(_ clips: [Clip]) -> [Clip] {
    let data = self.data
    let hidden = LabelMask.hide(
      clips, observed: data[DatasetOptions.observed], rule: data[DatasetOptions.hiding],
      seed: seed)
    let removed = LabelMask.remove(data[DatasetOptions.removed], from: hidden, seed: seed)
    let flipped = LabelMask.flip(data[DatasetOptions.flipped], in: removed, seed: seed)
    return TrainingFraction.keep(data[DatasetOptions.fraction], of: flipped, seed: seed)
  }
}
