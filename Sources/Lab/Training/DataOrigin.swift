// The data that a run was trained on, compared with the current data.
import Datasets

/// The digests of the data set and its sounds in a checkpoint.
struct DataOrigin: Sendable {
  private let dataset: String
  private let sounds: SoundDigest?

  init(_ checkpoint: Checkpoint) {
    // The part after a plus is the digest of the label patch, of which the run keeps a copy.
    dataset = checkpoint.dataDigest.split(separator: "+").first.map(String.init) ?? ""
    sounds = checkpoint.soundDigest.flatMap { SoundDigest($0) }
  }

  /// One line for each difference. Empty if the checkpoint has no digests, as in earlier versions.
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
  /// Describes changed sounds; nil if they are the same or unknown.
  func changedSounds(_ digest: String?) -> String? {
    DataOrigin(self).changedSounds(digest.flatMap { SoundDigest($0) })
  }
}

extension PreparedData {
  /// Throws if a split is empty because none of its clips can be read. A split without clips in the
  /// tables is no error.
  func demandSound(_ split: Split, of recipe: Recipe) throws {
    let named = dataset.clips(in: split).count + (dataset.lost[split] ?? 0)
    guard named > 0, split != .train else { return }
    let why = problems.first.map { " (\($0))" } ?? ""
    throw LabError(
      "\(recipe.dataset): none of the \(named) clips of the \(split.rawValue) split can be read"
        + "\(why); expected some")
  }
}
