// A first guess of missing labels: AudioSet's tags of each clip, by a confirmed mapping.
import Acoustics
import Datasets
import Foundation
import Models

/// What tags say of the classes of clips. A guess never becomes a label by itself.
public struct TagGuesses: Sendable, Equatable {
  /// By clip, an entry per class; nil where no tag is confirmed.
  private let scores: [String: [Float?]]
  private let columns: [String: Int]

  package init(_ scores: [String: [Float?]], classes: [String]) {
    self.scores = scores
    columns = Dictionary(
      zip(classes, classes.indices), uniquingKeysWith: { first, _ in first })
  }

  /// 0…1; nil without a guess.
  public subscript(clip: String, className: String) -> Float? {
    guard let column = columns[className], let scores = scores[clip] else { return nil }
    return scores[column]
  }
}

extension RunExecutor {
  /// The names of the classes of a recipe's data set. Throws as opening it does.
  public func classes(of recipe: Recipe, progress: PreparationHandler? = nil) throws -> [String] {
    try data.open(recipe, progress: progress).classes
  }

  /// Whether anything of a recipe's data set is labelled. Throws as opening it does.
  public func hasLabels(_ recipe: Recipe) throws -> Bool {
    try data.open(recipe, progress: nil).clips.contains { !$0.isUnlabelled }
  }

  /// The highest probability among the confirmed tags of each class, for the training clips;
  /// blocking. The tags are those of the first network that is present, averaged over the segments
  /// of a clip. Throws `Problem`, `AudioError` and `CancellationError`.
  public func guesses(
    _ mapping: TagMapping, _ recipe: Recipe, progress: PreparationHandler? = nil
  ) throws -> TagGuesses {
    let dataset = try data.open(recipe, progress: progress)
    let id = try SoundTagger.present()
    let tags = try mapping.indices(dataset.classes, SoundTagger(id).classes)
    let features = try data.pooled(["\(id):probabilities"], dataset, progress)
    var scores: [String: [Float?]] = [:]
    for clip in dataset.clips where clip.split == .train {
      guard let found = features[clip.id]?.values else { continue }
      scores[clip.id] = tags.map { places in places.map { found[$0] }.max() }
    }
    return TagGuesses(scores, classes: dataset.classes)
  }
}
