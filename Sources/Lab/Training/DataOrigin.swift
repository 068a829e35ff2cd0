// Which data a run was trained on, and whether it is still as it was.
import Datasets

/// What a checkpoint says of its data.
struct DataOrigin: Sendable {
  private let dataset: String
  private let sounds: SoundDigest?

  init(_ checkpoint: Checkpoint) {
    // What follows a plus is of the patch, which the run itself keeps.
    dataset = checkpoint.dataDigest.split(separator: "+").first.map(String.init) ?? ""
    sounds = checkpoint.soundDigest.flatMap { SoundDigest($0) }
  }

  /// One line for each thing that differs now. Nothing where a checkpoint of an earlier build does
  /// not say.
  func changes(to prepared: PreparedData) -> [String] {
    var lines: [String] = []
    if !dataset.isEmpty, dataset != prepared.dataset.digest {
      lines.append(
        "the clips or labels of \(prepared.dataset.title) have changed since this run was trained")
    }
    if let changed = changedSounds(prepared.sounds) {
      lines.append("\(changed) since this run was trained")
    }
    return lines
  }

  fileprivate func changedSounds(_ now: SoundDigest?) -> String? {
    guard let sounds, let now else { return nil }
    let splits = now.differences(from: sounds).map(\.rawValue)
    guard !splits.isEmpty else { return nil }
    return "sounds of the \(splits.joined(separator: " and ")) split have changed"
  }
}

extension Checkpoint {
  /// Nil where the sounds are those it was made from, or where nobody knows.
  func changedSounds(_ digest: String?) -> String? {
    DataOrigin(self).changedSounds(digest.flatMap { SoundDigest($0) })
  }
}

extension PreparedData {
  /// A split may be empty because the tables name no clip for it, not because none can be read.
  func demandSound(_ split: Split, of recipe: Recipe) throws {
    let named = dataset.clips(in: split).count + (dataset.lost[split] ?? 0)
    guard named > 0, split != .train else { return }
    let why = problems.first.map { " (\($0))" } ?? ""
    throw LabError(
      "\(recipe.dataset): none of the \(named) clips of the \(split.rawValue) split can be read"
        + "\(why); expected some")
  }
}
