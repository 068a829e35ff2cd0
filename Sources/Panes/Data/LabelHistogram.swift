import Canvas
import Lab

/// How many labels the training clips have: a column of clips for each number of known labels, and
/// the mean in a sentence.
struct LabelHistogram: Widget {
  let dataset: OpenDataset

  /// Rows it needs: heading, numbers, columns, axis, sentence.
  static let rows = 11
  private static let height = 4

  func draw(in rect: Rect, on grid: inout Grid) {
    let bars = bars
    guard let most = bars.map(\.clips).max(), most > 0, !rect.isEmpty else { return }
    let width = max(4, min(7, (rect.width - 2) / bars.count))
    grid.text(
      "known labels on a training clip", x: rect.x + 1, y: rect.y, ink: .role(.faint),
      maxWidth: rect.width - 2)
    let bottom = rect.y + 2 + Self.height
    for (i, bar) in bars.enumerated() where (i + 1) * width <= rect.width - 1 {
      let x = rect.x + 1 + i * width
      draw(bar, share: Double(bar.clips) / Double(most), x: x, width - 1, bottom, &grid)
    }
    let text = sentences.flatMap { $0.wrapped(to: rect.width - 2) }
    grid.lines(
      text.enumerated().map { StyledText($1, $0 == 0 ? .text : .muted) },
      in: Rect(x: rect.x, y: bottom + 2, width: rect.width, height: rect.bottom - bottom - 2))
  }

  /// A number over a column, and what it is of below.
  private func draw(
    _ bar: (name: String, clips: Int), share: Double, x: Int, _ width: Int, _ bottom: Int,
    _ grid: inout Grid
  ) {
    let eighths = Int((share * Double(8 * Self.height)).rounded())
    let eighth = bar.clips > 0 ? max(1, eighths) : 0
    for row in 0..<Self.height {
      let level = min(8, max(0, eighth - 8 * row))
      guard level > 0 else { continue }
      let ink = Ink.ramp(.value, ColorRamp.level((Double(row) + 0.5) / Double(Self.height)))
      for column in 0..<width {
        grid.put(grid.glyphs.column(level), x: x + column, y: bottom - 1 - row, ink: ink)
      }
    }
    let top = bottom - 1 - (eighth + 7) / 8
    grid.text("\(bar.clips)".padded(to: width, .right), x: x, y: top, ink: .role(.muted))
    grid.text(bar.name.padded(to: width, .right), x: x, y: bottom, ink: .role(.faint))
  }

  /// Up to seven numbers of labels, and all larger ones together.
  private var bars: [(name: String, clips: Int)] {
    let known = dataset.knownLabels
    let most = known.lastIndex { $0 > 0 } ?? 0
    guard most > 8 else { return (0...most).map { ("\($0)", known[$0]) } }
    return (0..<8).map { ("\($0)", known[$0]) } + [("8+", known[8...].reduce(0, +))]
  }

  private var sentences: [String] {
    let training = dataset.training
    let clips = max(1, dataset.trainingClips.count)
    let mean = (Double(training.observed) / Double(clips)).fixed(1)
    let none = dataset.knownLabels[at: 0] ?? 0
    let empty = none == 0 ? "every clip has one" : "\(none.of("clip")) have none"
    let positives = (Double(training.positive) / Double(max(1, training.observed))).percent
    return [
      "\(mean) of \(dataset.classes.count) labels a clip are known; \(empty).",
      "\(positives) of the known labels are positive.",
    ]
  }
}
