// How the labels of the training clips are spread over the classes.
import Datasets
import Layers

/// The labels of one class in the training clips.
public struct LabelCount: Sendable, Equatable {
  /// Observed positives and negatives, and clips without a label of the class.
  public var positives = 0.0, negatives = 0.0, missing = 0.0

  /// The observed labels.
  public var observed: Double { positives + negatives }
  /// The share of positives among the observed labels; ½ if there are none.
  public var positiveShare: Double { observed > 0 ? positives / observed : 0.5 }
  /// The share of the clips whose label is observed; 1 if there are no clips.
  public var observedShare: Double {
    observed + missing > 0 ? observed / (observed + missing) : 1
  }
}

extension MethodSetup {
  /// The share of positives of each of the C classes among the observed labels, for a setting that
  /// is `auto`.
  ///
  /// - Parameter key: The setting, for the error.
  /// - Throws: `SettingsError` if all observed labels are positives, which tell nothing of the
  ///   share.
  package func positiveShares(for key: String) throws -> [Double] {
    let counts = labelCounts
    if counts.contains(where: { $0.positives > 0 }), counts.allSatisfy({ $0.negatives == 0 }) {
      throw SettingsError(
        key: "method.\(key)",
        problem: "auto needs observed negatives, and all observed labels are positives",
        expected: "a number")
    }
    return counts.map(\.positiveShare)
  }

  /// The labels of each of the C classes in the training clips.
  public var labelCounts: [LabelCount] {
    var counts = [LabelCount](repeating: LabelCount(), count: classes)
    for clip in clips {
      for (place, label) in clip.labels.prefix(classes).enumerated() {
        guard let label else {
          counts[place].missing += 1
          continue
        }
        counts[place].positives += Double(label)
        counts[place].negatives += 1 - Double(label)
      }
    }
    return counts
  }
}
