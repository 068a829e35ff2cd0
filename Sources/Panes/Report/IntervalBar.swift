import Canvas

/// A row of a picture of scores: a line from the interval's low to its high end with a mark at the
/// score.
struct IntervalScale {
  let low, high: Double
  let width: Int

  /// Covers all values, to a tenth; 0…1 without values.
  init(_ values: [Double], width: Int) {
    let finite = values.filter(\.isFinite)
    let low = max(0, ((finite.min() ?? 0) * 10).rounded(.down) / 10)
    let high = min(1, ((finite.max() ?? 1) * 10).rounded(.up) / 10)
    (self.low, self.high) = high - low < 0.2 ? (max(0, high - 0.2), max(0.2, high)) : (low, high)
    self.width = max(1, width)
  }

  func column(_ value: Double) -> Int {
    let share = (min(max(value, low), high) - low) / (high - low)
    return Int((share * Double(width - 1)).rounded())
  }

  /// Numbers above their places, as many as fit.
  var ticks: String {
    let step = high - low > 0.5 ? 0.2 : 0.1
    var line = [Character](repeating: " ", count: width)
    var (free, value) = (0, low)
    while value < high + 0.001 {
      let label = value.fixed(1)
      let at = min(column(value), width - label.count)
      if at >= free {
        line.replaceSubrange(at..<at + label.count, with: Array(label))
        free = at + label.count + 2
      }
      value += step
    }
    return String(line)
  }

  /// `┈┈╺━━●━╸┈┈`; without a score the empty line.
  func bar(
    _ score: Double?, _ low: Double?, _ high: Double?, ink: Role, _ glyphs: GlyphSet
  ) -> [StyledText] {
    let empty: Character = glyphs.pick("┈", ".")
    guard let score, let low, let high else {
      return [StyledText(String(repeating: empty, count: width), .grid)]
    }
    let (start, mark, end) = (column(low), column(score), column(high))
    var line = [Character](repeating: glyphs.pick("━", "-"), count: end - start + 1)
    line[0] = glyphs.pick("╺", "-")
    line[end - start] = glyphs.pick("╸", "-")
    line[min(max(mark - start, 0), end - start)] = glyphs.pick("●", "o")
    return [
      StyledText(String(repeating: empty, count: start), .grid), StyledText(String(line), ink),
      StyledText(String(repeating: empty, count: width - 1 - end), .grid),
    ]
  }
}
