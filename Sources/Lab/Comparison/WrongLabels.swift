// Which given labels of a data set look wrong to a finished run.
import Datasets
import Formats
import Foundation
import Layers
import Methods
import Metrics

/// A given label that contradicts what a run predicts; see `ConfidentLearning`.
public struct WrongLabel: Codable, Sendable, Equatable {
  /// What the prediction of a clip rests on.
  public enum Origin: String, Codable, CodingKeyRepresentable, Sendable, CaseIterable {
    /// The run never saw the clip.
    case test
    /// The run was not trained on the clip, but may have been selected by it.
    case validation
    /// A run of the same session that tested on the clip, in another fold.
    case outOfFold = "out of fold"
    /// The run learned this very label, so that its doubts are too few.
    case training
  }

  public let clip, className: String
  public let split: String
  /// The given label: present or absent.
  public let isPositive: Bool
  /// That the class is present.
  public let probability: Float
  /// Of the given label less its opposite, −1…1; the lowest looks most wrong.
  public let margin: Float
  public let origin: Origin
  /// Whether the given label is wrong; nil where the truth is not known.
  public let isWrong: Bool?
}

/// A clip with what is predicted of it.
package struct JudgedClip {
  let clip: Clip
  /// [C].
  let scores: [Float]
  let origin: WrongLabel.Origin

  package init(_ clip: Clip, scores: [Float], _ origin: WrongLabel.Origin) {
    (self.clip, self.scores, self.origin) = (clip, scores, origin)
  }
}

/// The labels that look wrong, the most suspicious first.
public struct WrongLabels: Codable, Sendable, Equatable {
  public let run: String
  public let labels: [WrongLabel]
  /// The number of given labels that were checked, by what their prediction rests on.
  public let checked: [WrongLabel.Origin: Int]
  /// The number of labels that are known to be wrong among those checked; nil where no truth is
  /// known.
  public let turned: Int?

  /// What limits the list, a sentence each.
  public var notes: [String] {
    let total = checked.values.reduce(0, +)
    var notes = ["\(labels.count) of \(total) given labels look wrong to \(run)"]
    if let own = checked[.training], own > 0 {
      let listed = labels.count { $0.origin == .training }
      notes.append(
        "\(own) of them, \(listed) of the listed ones, are training labels that the run has "
          + "learned: it doubts too few of them; runs of other folds would not have learned them")
    }
    if let turned, turned > 0, !labels.isEmpty {
      let found = labels.count { $0.isWrong == true }
      notes.append(
        "the truth is known: \(found) of the \(labels.count) listed labels are wrong, "
          + "and \(turned) of all \(total)")
    }
    return notes
  }
}

extension RunExecutor {
  /// The given labels of all clips that look wrong to a finished run; blocking. Clips that a run of
  /// the same session tested in another fold are judged by that run.
  ///
  /// - Throws: One line if the data set cannot be opened or the run cannot be loaded;
  ///   `CancellationError`.
  public func wrongLabels(
    _ folder: RunFolder, progress: PreparationHandler? = nil
  ) throws -> WrongLabels {
    let model = try TrainedModel(folder)
    configureThreads(model.recipe)
    let prepared = try data.prepare(model.recipe, training: false, progress: progress)
    try model.demandClasses(of: prepared, folder)
    return try WrongLabels(
      folder, model, model.loader(prepared.clips(model.recipe), prepared), progress: progress)
  }
}

extension WrongLabels {
  /// `progress`: called before each batch; `false` throws `CancellationError`.
  init(
    _ folder: RunFolder, _ model: TrainedModel, _ data: Loader, progress: PreparationHandler?
  ) throws {
    let elsewhere = try Self.outOfFold(folder, model)
    let own = try Self.scores(model, data, progress)
    let count = model.classes.count
    let clips = data.clips.enumerated().map { n, clip in
      JudgedClip(
        clip, scores: elsewhere[clip.id] ?? Array(own[n * count..<(n + 1) * count]),
        elsewhere[clip.id] == nil ? clip.split.origin : .outOfFold)
    }
    try self.init(run: folder.name, classes: model.classes, clips)
  }

  /// What was learned is surer than what was not, so both have thresholds of their own.
  package init(run: String, classes: [String], _ all: [JudgedClip]) throws(MetricError) {
    let parts = [all.filter { $0.origin != .training }, all.filter { $0.origin == .training }]
    var found: [WrongLabel] = []
    for clips in parts {
      let labelled = try Self.labelled(
        clips.map(\.clip), clips.flatMap(\.scores), classes: classes.count)
      found += ConfidentLearning(labelled).suspects.map {
        WrongLabel($0, clips[$0.clip].clip, classes, clips[$0.clip].origin)
      }
    }
    var checked: [WrongLabel.Origin: Int] = [:]
    for judged in all {
      checked[judged.origin, default: 0] += judged.clip.labels.count { $0 != nil }
    }
    let known = all.flatMap { judged in
      judged.clip.labels.indices.compactMap { judged.clip.isWrong($0) }
    }
    self.init(
      run: run, labels: found.sorted { $0.margin < $1.margin }, checked: checked,
      turned: known.isEmpty ? nil : known.count { $0 })
  }

  private static func labelled(
    _ clips: [Clip], _ scores: [Float], classes: Int
  ) throws(MetricError) -> LabelledScores {
    let labels = clips.flatMap(\.labels)
    return try LabelledScores(
      scores: scores, targets: labels.map { $0 ?? 0 }, observed: labels.map { $0 != nil },
      classes: classes)
  }

  /// [N, C] by the network that is the method's result.
  private static func scores(
    _ model: TrainedModel, _ data: Loader, _ progress: PreparationHandler?
  ) throws -> [Float] {
    guard let classifier = model[model.result] else {
      throw LabError("\(model.recipe.method): no network '\(model.result.rawValue)'; expected it")
    }
    let size = model.recipe.training[TrainingSettings.batch]
    let total = data.clips.count
    return try stride(from: 0, to: total, by: size).flatMap { start in
      let step = Preparation(what: "checking labels", done: start, total: total, eta: nil)
      guard progress?(step) ?? true else { throw CancellationError() }
      return data.probabilities(of: classifier, at: Array(start..<min(start + size, total)))
    }
  }

  /// Test predictions of runs beside this one that differ in their test fold alone, by clip.
  private static func outOfFold(
    _ folder: RunFolder, _ model: TrainedModel
  ) throws -> [String: [Float]] {
    func rest(_ recipe: Recipe) -> [String: String] {
      recipe.texts.filter { $0.key != foldKey }
    }
    guard let fold = model.recipe[foldKey] else { return [:] }
    let place = folder.url.deletingLastPathComponent()
    var found: [String: [Float]] = [:]
    for name in try StoredFile.names(in: place) where name != folder.name {
      let other = RunFolder(place.appendingPathComponent(name))
      guard try StoredFile.exists(other.predictions), let recipe = try other.storedRecipe(),
        recipe[foldKey] != fold, rest(recipe) == rest(model.recipe)
      else { continue }
      let count = model.classes.count
      let predictions = try RunPredictions(reading: other, classes: count)
      for (row, clip) in predictions.clips.enumerated() {
        found[clip] = Array(predictions.scores[row * count..<(row + 1) * count])
      }
    }
    return found
  }

  private static let foldKey = "dataset.testFold"
}

extension WrongLabel {
  fileprivate init(
    _ suspect: ConfidentLearning.Suspect, _ clip: Clip, _ classes: [String], _ origin: Origin
  ) {
    self.init(
      clip: clip.id, className: classes[suspect.classIndex], split: clip.split.rawValue,
      isPositive: suspect.isPositive, probability: suspect.probability, margin: suspect.margin,
      origin: origin, isWrong: clip.isWrong(suspect.classIndex))
  }
}

extension Clip {
  /// Whether the given label of class k is wrong; nil without a label, or where the truth is not
  /// known.
  fileprivate func isWrong(_ k: Int) -> Bool? {
    guard let label = labels[k], let truth = truth?[k] else { return nil }
    return (label >= 0.5) != (truth >= 0.5)
  }
}

extension Split {
  /// What the run's own predictions of the split rest on.
  fileprivate var origin: WrongLabel.Origin {
    switch self {
    case .train: .training
    case .validation: .validation
    case .test: .test
    }
  }
}
