// What is worth a warning in any data set.

enum ClipCheck {
  /// One line for each class that no training clip has.
  static func classesWithoutPositive(_ classes: [String], _ clips: [Clip]) -> [String] {
    let training = clips.filter { $0.split == .train }
    return classes.indices.filter { k in
      !training.contains { ($0.labels[k] ?? 0) >= 0.5 }
    }.map { "class \(classes[$0]) has no positive in training" }
  }

  /// One line for each split without clips.
  static func emptySplits(_ clips: [Clip]) -> [String] {
    Split.allCases.filter { split in !clips.contains { $0.split == split } }
      .map { "no clip in split \($0.rawValue)" }
  }
}
