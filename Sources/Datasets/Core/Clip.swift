// One annotated sound excerpt and the split it belongs to; what every data set is made of.
import Foundation

/// The part of a data set that a clip serves in.
public enum Split: String, Sendable, CaseIterable, Codable {
  case train, validation, test

  /// Position in `allCases`: the split's part of a random stream's path.
  package var index: Int {
    switch self {
    case .train: 0
    case .validation: 1
    case .test: 2
    }
  }
}

/// One annotated excerpt: where it is heard, and what is known of it.
public struct Clip: Sendable, Equatable, Identifiable {
  public let id: String
  /// A playable file; nil where a set brings features only.
  public let audio: URL?
  public let split: Split
  /// Length of the sound, in s.
  public let seconds: Double
  /// One entry a class, 0…1; nil where nobody answered (or the answer is hidden from training).
  public var labels: [Float?]
  /// The labels before `LabelMask` hid some: for display only, never for training.
  public var truth: [Float]?
  /// Labels that `LabelMask` took away, one entry a class; empty where it took none. Unlike
  /// `truth`, also of clips that were never labelled as a whole.
  package var hidden: [Float?] = []
  /// Sounds put together here: how loud each class is in the clip while it sounds, in dB re full
  /// scale, and nil for those that are absent. Nil as a whole where nobody knows.
  public let levels: [Float?]?
  /// Classes whose label a person gave afterwards, for display.
  public var answered: [Int] = []
  /// Clips of one recording share a group and never cross splits.
  public let group: String?

  public init(
    id: String, audio: URL?, split: Split, seconds: Double, labels: [Float?],
    truth: [Float]? = nil, levels: [Float?]? = nil, group: String? = nil
  ) {
    self.id = id
    self.audio = audio
    self.split = split
    self.seconds = seconds
    self.labels = labels
    self.truth = truth
    self.levels = levels
    self.group = group
  }
}

extension Clip {
  /// Whether nobody ever labelled it: no label is known, and none was hidden.
  public var isUnlabelled: Bool {
    truth == nil && labels.allSatisfy { $0 == nil } && hidden.allSatisfy { $0 == nil }
  }

  /// What class k was labelled before that was hidden; nil where nobody ever labelled it.
  package func hiddenLabel(_ k: Int) -> Float? {
    truth?[k] ?? (hidden.isEmpty ? nil : hidden[k])
  }

  /// The same clip in another split.
  package func moved(to split: Split) -> Clip { copy(audio, split) }

  /// The same clip with its sound in another file.
  func with(audio: URL) -> Clip { copy(audio, split) }

  private func copy(_ audio: URL?, _ split: Split) -> Clip {
    var clip = Clip(
      id: id, audio: audio, split: split, seconds: seconds, labels: labels, truth: truth,
      levels: levels, group: group)
    (clip.answered, clip.hidden) = (answered, hidden)
    return clip
  }
}
