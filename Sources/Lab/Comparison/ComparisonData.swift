// What a comparison must know of a data set before anything is trained.
import Datasets
import Foundation
import Metrics

/// A data set that is compared on: its clips by id, its folds, and how much is labelled.
package struct ComparisonData: Sendable {
  package let name: String
  /// The data set's id.
  package let id: String
  package let classes: [String]
  package let isSingleLabel: Bool
  /// Empty for a given split.
  package let folds: [Int]
  package let digest: String
  /// Sound files that clips are made of.
  package let files: Int
  package let problems: [String]
  private let clips: [Clip]

  package init(_ dataset: any Dataset, name: String, files: Int? = nil) {
    self.name = name
    id = dataset.card.id
    (classes, isSingleLabel) = (dataset.classes, dataset.isSingleLabel)
    (folds, digest, problems) = (dataset.folds, dataset.digest, dataset.problems)
    clips = dataset.clips
    self.files = files ?? Set(dataset.clips.compactMap(\.audio)).count
  }

  /// Labels that are observed, in all clips.
  var observedLabels: Int { clips.reduce(0) { $0 + $1.labels.count { $0 != nil } } }

  /// Answers to labels that are missing in clips to train on. With folds every clip is trained on.
  func answers(_ patch: LabelPatch) -> Int {
    let columns = Dictionary(
      zip(classes, classes.indices), uniquingKeysWith: { first, _ in first })
    let known = clipsByID
    return patch.answers.count { answer in
      guard answer.value != .open, let clip = known[answer.clip],
        let column = columns[answer.className], !folds.isEmpty || clip.split == .train
      else { return false }
      return clip.labels[column] == nil
    }
  }

  /// Whether a clip to train on lacks a label.
  package var isMissing: Bool {
    clips.contains { (!folds.isEmpty || $0.split == .train) && $0.labels.contains { $0 == nil } }
  }

  package var unlabelledClips: Int { clips.count { $0.isUnlabelled } }
  package var labelledClips: Int { clips.count - unlabelledClips }

  package var trainingClips: Int { clips.count { $0.split == .train } }

  /// Folds are drawn again where a draw has few groups to test on, so that the scores depend on
  /// it. The folds of a published data set are its own.
  package var repeats: Int {
    let labelled = Set(clips.filter { !$0.isUnlabelled }.map { $0.group ?? $0.id })
    return !folds.isEmpty && id == Folder.card.id && labelled.count < Self.fewGroups ? 1 : 0
  }

  private static let fewGroups = 100

  /// What scores are called by: the share of clips that are right where each has one class, else
  /// F1 of present and absent.
  package var headline: Metric { .headline(isSingleLabel: isSingleLabel) }

  package var clipsByID: [String: Clip] {
    Dictionary(clips.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// `problems`: what went wrong in the runs. `folder`: of the sounds. `runs`: a run of each row.
  /// `answers`: of a person, that training used.
  func facts(
    tested: Int, of planned: Int, answers: Int, problems: [String], folder: String?,
    runs: [String: String]
  ) -> ComparisonFacts {
    let (cells, observed) = (clips.count * classes.count, observedLabels)
    return ComparisonFacts(
      name: name, files: files, clips: clips.count,
      groups: Set(clips.map { $0.group ?? $0.id }).count,
      observed: Double(observed) / Double(max(1, cells)),
      seconds: clips.reduce(0) { $0 + $1.seconds }, foldsTested: tested, folds: planned,
      labels: observed + answers, answers: answers > 0 ? answers : nil,
      problems: self.problems + problems, folder: folder, runs: runs)
  }
}
