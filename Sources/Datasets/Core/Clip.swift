// A clip: an annotated excerpt of sound in one split.
import Foundation

/// A part of a data set.
public enum Split: String, Sendable, CaseIterable, Codable {
  case train, validation, test

  /// The position in `allCases`, which is part of the path of random streams.
  package var index: Int {
    switch self {
    case .train: 0
    case .validation: 1
    case .test: 2
    }
  }
}

/// One annotated excerpt of sound.
public struct Clip: Sendable, Equatable, Identifiable {
  public let id: String
  /// A sound file; nil if the data set has only features.
  public let audio: URL?
  public let split: Split
  /// The length of the sound in s.
  public let seconds: Double
  /// One label per class, 0…1; nil if it is missing or hidden.
  public var labels: [Float?]
  /// The labels before `LabelMask` hid some, for display only; nil if some were missing.
  public var truth: [Float]?
  /// The labels that `LabelMask` hid, one entry per class; empty if it hid none. Unlike `truth`,
  /// also for clips that were not fully labelled.
  package var hidden: [Float?] = []
  /// For clips mixed by Scant: the level of each class while it sounds, in dB re full scale, nil if
  /// it is absent. Nil for other clips.
  public let levels: [Float?]?
  /// The classes whose label a label patch added, for display.
  public var answered: [Int] = []
  /// Clips of one recording share a group, which belongs to one split.
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
  /// Whether the clip was never labelled: no label is observed, and none was hidden.
  public var isUnlabelled: Bool {
    truth == nil && labels.allSatisfy { $0 == nil } && hidden.allSatisfy { $0 == nil }
  }

  /// The label of class k before it was hidden; nil if it was missing.
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
