// What OpenMIC-2018 should count, from its README and the test table of its baseline.

enum OpenMICCounts {
  /// Negatives and positives of the test clips in the order of the classes, as the notebook of
  /// the release prints them.
  private static let support = [
    [423, 115], [338, 140], [329, 134], [259, 226], [503, 137], [139, 297], [146, 278], [387, 175],
    [150, 286], [267, 211], [434, 193], [310, 121], [130, 285], [324, 305], [112, 268], [492, 228],
    [467, 318], [408, 182], [237, 394], [150, 224],
  ]

  /// `classMap`: classes that class-map.json has. What is not there is not counted.
  static func of(
    _ set: Annotations, _ partitions: OpenMICPartitions, _ labels: OpenMICLabels, classMap: Int?
  ) -> [DataCount] {
    let classes = classMap.map {
      [DataCount("classes of class-map.json", published: OpenMIC2018.names.count, found: $0)]
    }
    guard !partitions.isAbsent else { return classes ?? [] }
    return ofSplits(set, partitions) + (classes ?? []) + (labels.isAbsent ? [] : ofLabels(set))
  }

  private static func ofSplits(
    _ set: Annotations, _ partitions: OpenMICPartitions
  ) -> [DataCount] {
    [
      DataCount(
        "rows of split01, train and test", published: [14_915, 5_085],
        found: [partitions.rows[.train] ?? 0, partitions.rows[.test] ?? 0]),
      DataCount("clips", published: 20_000, found: set.entries.count),
    ]
  }

  private static func ofLabels(_ set: Annotations) -> [DataCount] {
    let test = set.entries.filter { $0.split == .test }
    let train = set.entries.filter { $0.split != .test }
    let observed = [train, test].map { part in
      part.reduce(0) { $0 + $1.labels.count { $0 != nil } }
    }
    return [
      DataCount("observed labels, train and test", published: [30_746, 10_522], found: observed)
    ]
      + OpenMIC2018.names.enumerated().map { k, name in
        let known = test.compactMap { $0.labels[k] }
        let positive = known.count { $0 >= 0.5 }
        return DataCount(
          "test negatives and positives of \(name)", published: support[k],
          found: [known.count - positive, positive])
      }
  }
}
