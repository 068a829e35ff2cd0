// Draws of clips by seed: validation clips in whole recordings, and shares of training clips.
import Autograd
import Formats

/// A share of the training clips for validation, per class.
struct ValidationShare {
  private let share: Double
  private let seed: Int
  /// Separates this random stream from others with the same seed.
  private static let stream = 0x76616C

  /// Throws `Problem` unless `share` is at least 0 and below 1.
  init(_ share: Double, seed: Int) throws {
    guard (0..<1).contains(share) else {
      throw Problem("validation share", "\(share); expected at least 0 and below 1")
    }
    self.share = share
    self.seed = seed
  }

  /// `clips` with about `share` of each class's training clips moved to validation.
  ///
  /// A recording moves as a whole; no class loses its last training recording.
  func applied(to clips: [Clip]) -> [Clip] {
    guard share > 0 else { return clips }
    var chosen: Set<String> = []
    let training = clips.filter { $0.split == .train }
    for k in 0..<(clips.first?.labels.count ?? 0) {
      let members = training.filter { ($0.labels[k] ?? 0) >= 0.5 }
      chosen.formUnion(groups(of: members, class: k, already: chosen))
    }
    return clips.map { clip in
      clip.split == .train && chosen.contains(group(clip)) ? clip.moved(to: .validation) : clip
    }
  }

  private func group(_ clip: Clip) -> String { clip.group ?? clip.id }

  /// Recordings in random order, taken if they bring the count closer to the share.
  private func groups(of members: [Clip], class k: Int, already: Set<String>) -> Set<String> {
    let sizes = Dictionary(members.map { (group($0), 1) }, uniquingKeysWith: +)
    let goal = share * Double(members.count)
    var count = sizes.filter { already.contains($0.key) }.reduce(0) { $0 + $1.value }
    var left = sizes.count { !already.contains($0.key) }
    var generator = Generator(seed: seed, ValidationShare.stream, k)
    var chosen: Set<String> = []
    var candidates = sizes.keys.filter { !already.contains($0) }.sorted()
    generator.shuffle(&candidates)
    for name in candidates where left > 1 {
      let grown = count + (sizes[name] ?? 0)
      guard abs(Double(grown) - goal) < abs(Double(count) - goal) else { continue }
      chosen.insert(name)
      count = grown
      left -= 1
    }
    return chosen
  }
}

/// A share of clips in whole groups, for data sets with missing labels. `ValidationShare` would
/// leave all clips without a positive in training.
struct GroupDraw {
  let share: Double
  let seed: Int
  let stream: Int
  /// Separates this random stream from others with the same seed.
  private static let name = 0x6772_6F75

  /// Groups in random order, until they have `share` of the clips. `groups` has one name per clip.
  func chosen(_ groups: [String]) -> Set<String> {
    let sizes = Dictionary(groups.map { ($0, 1) }, uniquingKeysWith: +)
    let goal = Int((share * Double(groups.count)).rounded())
    var generator = Generator(seed: seed, GroupDraw.name, stream)
    var names = sizes.keys.sorted()
    generator.shuffle(&names)
    var chosen: Set<String> = []
    var count = 0
    for name in names where count < goal && chosen.count + 1 < names.count {
      let size = sizes[name] ?? 0
      // A large group is skipped if it leads away from the goal.
      guard count + size - goal <= goal - count else { continue }
      chosen.insert(name)
      count += size
    }
    return chosen
  }
}

/// A share of the training clips.
public enum TrainingFraction {
  /// `clips` with about this share of the training clips, at least one, in their order, and all
  /// validation and test clips. The draw depends on `seed`; smaller shares are subsets of larger
  /// ones. Paper: Hung & Lerch 2022, arXiv:2206.04850, data reduction.
  public static func keep(_ share: Double, of clips: [Clip], seed: Int) -> [Clip] {
    guard share < 1 else { return clips }
    var members = clips.indices.filter { clips[$0].split == .train }
    var generator = Generator(seed: seed, stream)
    let count = max(1, Int((share * Double(members.count)).rounded()))
    generator.shuffle(&members)
    let kept = Set(members.prefix(count))
    return clips.indices.filter { clips[$0].split != .train || kept.contains($0) }
      .map { clips[$0] }
  }

  private static let stream = 0x6672_6163
}
