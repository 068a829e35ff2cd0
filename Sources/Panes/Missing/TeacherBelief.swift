import Lab

/// The teacher's mean probability of every class in each column of the map.
struct TeacherBelief {
  /// Per column and class; nil where no clip of the column was answered yet.
  private let means: [[Float]?]

  init(_ bench: Workbench, _ columns: Range<Int>, _ bin: Int) {
    let count = bench.sampled(columns: columns.count, bin: bin)
    means = columns.map { column in
      Self.mean(bench, bench.sample(column: column, bin: bin, count))
    }
  }

  /// Column counted from the first one shown.
  func mean(column: Int, of c: Int) -> Float? {
    guard means.indices.contains(column), let values = means[column], c < values.count else {
      return nil
    }
    return values[c]
  }

  /// Over the answered ones of these positions in the order of the map.
  static func mean(_ bench: Workbench, _ positions: [Int]) -> [Float]? {
    guard let dataset = bench.dataset else { return nil }
    let answers = positions.compactMap { position in
      bench.prediction("teacher", dataset.clips[bench.missing.clips[position]].id)
    }
    guard let first = answers.first else { return nil }
    var sums = [Float](repeating: 0, count: first.probs.count)
    for answer in answers where answer.probs.count == sums.count {
      for c in sums.indices { sums[c] += answer.probs[c] }
    }
    return sums.map { $0 / Float(answers.count) }
  }
}
