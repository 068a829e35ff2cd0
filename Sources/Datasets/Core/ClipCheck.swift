// What is worth a warning in any data set.

enum ClipCheck {
  /// One line for each class that no training clip has.
  static func classesWithoutPositive(_ classes: [String], _ clips: [Clip]) -> [String] {
    let missing = classesWithoutPositive(classes, clips, in: .train)
    return missing.map { "class \($0) has no positive in training" }
  }

  /// One line a split, for those that are scored: without a positive a class has no AP there.
  static func classesWithoutScore(_ classes: [String], _ clips: [Clip]) -> [String] {
    [Split.validation, .test].compactMap { split in
      guard clips.contains(where: { $0.split == split }) else { return nil }
      let missing = classesWithoutPositive(classes, clips, in: split)
      guard !missing.isEmpty else { return nil }
      let more = missing.count > mostNamed ? " and \(missing.count - mostNamed) more" : ""
      let names = missing.prefix(mostNamed).joined(separator: ", ")
      return "no positive in \(split.rawValue) for \(names)\(more); scores that need one leave "
        + "\(missing.count == 1 ? "this class" : "these classes") out there"
    }
  }

  private static let mostNamed = 8

  private static func classesWithoutPositive(
    _ classes: [String], _ clips: [Clip], in split: Split
  ) -> [String] {
    var isMissing = [Bool](repeating: true, count: classes.count)
    for clip in clips where clip.split == split {
      for (k, label) in clip.labels.enumerated() where (label ?? 0) >= 0.5 { isMissing[k] = false }
    }
    return classes.indices.filter { isMissing[$0] }.map { classes[$0] }
  }

  /// One line for each split without clips.
  static func emptySplits(_ clips: [Clip]) -> [String] {
    Split.allCases.filter { split in !clips.contains { $0.split == split } }
      .map { "no clip in split \($0.rawValue)" }
  }
}
