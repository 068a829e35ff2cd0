// Which labels to give before anything is trained: by tags, or clips that are unlike each other.
import Datasets
import Foundation
import Methods
import Models

extension RunExecutor {
  /// Ranks the missing labels of the training clips without a run; blocking. Distances are between
  /// embeddings of the pre-trained network `extractor`. Throws as the ranking by a run does.
  public func suggestions(
    _ recipe: Recipe, extractor: String, patch: LabelPatch?, count: Int, by rule: SuggestionRule,
    seed: Int = 0, guesses: TagGuesses?, progress: PreparationHandler? = nil
  ) throws -> [LabelSuggestion] {
    let dataset = try data.open(recipe, progress: progress)
    let questions = try OpenQuestions(dataset, recipe, patch)
    let training = questions.clips.filter { $0.split == .train }
    let needsDistances = rule == .diversity
    let found =
      needsDistances ? Embedded(training, try data.pooled([extractor], dataset, progress)) : nil
    let pool = questions.pool(found?.clips ?? training, found?.rows ?? [], .student, guesses) {
      _, _ in (nil, nil)
    }
    return pool.ranked(by: rule, count: count, seed: seed)
  }

  /// The clips of a folder without labels that are most unlike each other, with their likeliest
  /// tags, if a network that tags is present; blocking. Throws `Problem`, `AudioError` and
  /// `CancellationError`.
  public func firstClips(
    of folder: UnlabelledFolder, extractor: String, tagger: String?, count: Int,
    progress: PreparationHandler? = nil
  ) throws -> [FirstClip] {
    let found = Embedded(folder.clips, try data.pooled([extractor], of: folder, progress))
    let cells = found.clips.indices.map {
      SuggestionPool.Cell(clip: $0, classIndex: 0, student: nil, teacher: nil, guess: nil)
    }
    let pool = SuggestionPool(
      clips: found.clips, classes: [""], network: .student, cells: cells, embeddings: found.rows,
      positives: [0])
    let chosen = pool.ranked(by: .diversity, count: count, seed: 0).map(\.clip)
    guard let tagger else { return chosen.map { FirstClip(file: $0, tags: []) } }
    let names = try SoundTagger(tagger).classes
    let tags = try data.pooled(["\(tagger):probabilities"], of: folder, progress)
    return chosen.map { file in
      let scores = tags[file]?.values ?? []
      let order = scores.indices.sorted { scores[$0] > scores[$1] }
      return FirstClip(
        file: file, tags: order.prefix(FirstClip.mostTags).map { .init(names[$0], scores[$0]) })
    }
  }
}

/// A clip to label first, and what tags say of it.
public struct FirstClip: Sendable, Equatable {
  static let mostTags = 3

  public struct Tag: Sendable, Equatable {
    public let name: String
    public let score: Float

    init(_ name: String, _ score: Float) { (self.name, self.score) = (name, score) }
  }

  public let file: String
  /// The likeliest first.
  public let tags: [Tag]
}

/// The clips that have features, and their vectors.
private struct Embedded {
  let clips: [Clip]
  let rows: [[Float]]

  init(_ all: [Clip], _ features: Features) {
    let found = all.compactMap { clip in features[clip.id].map { (clip, $0.values) } }
    (clips, rows) = (found.map(\.0), found.map(\.1))
  }
}
