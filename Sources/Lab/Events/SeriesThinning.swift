// A long curve as the few points that a plot can show.

extension Series {
  /// At most about `limit` points of those indices; the smallest and the largest of every stretch
  /// stay, and so does a non-finite value.
  package func thinned(_ part: Range<Int>? = nil, to limit: Int) -> [(step: Int, value: Float)] {
    let part = part ?? 0..<count
    guard part.count > limit else { return part.map { (Int(steps[$0]), values[$0]) } }
    let stretch = (2 * part.count + limit - 1) / limit
    var chosen: [Int] = []
    chosen.reserveCapacity(limit + limit / 2)
    values.withUnsafeBufferPointer { values in
      for start in stride(from: part.lowerBound, to: part.upperBound, by: stretch) {
        Self.choose(start..<min(part.upperBound, start + stretch), of: values, into: &chosen)
      }
    }
    if chosen.last != part.upperBound - 1 { chosen.append(part.upperBound - 1) }
    return chosen.map { (Int(steps[$0]), values[$0]) }
  }

  /// In order: the smallest, the largest and the first non-finite value.
  private static func choose(
    _ part: Range<Int>, of values: UnsafeBufferPointer<Float>, into chosen: inout [Int]
  ) {
    var (low, high, gap) = (-1, -1, -1)
    var (least, most) = (Float.infinity, -Float.infinity)
    for i in part {
      let value = values[i]
      guard value.isFinite else {
        if gap < 0 { gap = i }
        continue
      }
      if value < least { (least, low) = (value, i) }
      if value > most { (most, high) = (value, i) }
    }
    for i in [low, high, gap].sorted() where i >= 0 && chosen.last != i { chosen.append(i) }
  }
}
