import Canvas
import Foundation
import Lab

/// How a cell of the map of missing labels looks.
struct MapCells {
  let glyphs: GlyphSet
  /// Of a class: 2 have one row for each sign.
  let rows: Int

  /// Observed labels of a sign are a color of its ramp; a half of all is the strongest.
  func draw(_ counts: LabelCounts, x: Int, y: Int, on grid: inout Grid) {
    guard glyphs.hasPapers else {
      grid[x, y] = glyph(counts)
      return
    }
    let (upper, lower) = (ink(of: counts, .positive), ink(of: counts, .negative))
    if rows == 2 {
      grid[x, y] = upper.map { Cell(" ", paper: $0) } ?? Cell()
      grid[x, y + 1] = lower.map { Cell(" ", paper: $0) } ?? Cell()
      return
    }
    grid[x, y] =
      switch (upper, lower) {
      case (nil, nil): Cell()
      case (let upper?, nil): Cell("▀", ink: upper)
      case (nil, let lower?): Cell("▄", ink: lower)
      case (let upper?, let lower?): Cell("▀", ink: upper, paper: lower)
      }
  }

  /// What is masked or answered by hand keeps its own colour; nil for nothing observed.
  private func ink(of counts: LabelCounts, _ ramp: ColorRamp) -> Ink? {
    if ramp == .negative, counts.other > 0 {
      let share = Double(counts.other) / Double(max(1, counts.total))
      return Ink.role(.page).mixed(with: .role(.masked), strength(share))
    }
    if counts.answered > 0, counts.prevailing == .human { return .role(.human) }
    let count = ramp == .positive ? counts.positive : counts.negative
    guard count > 0 else { return nil }
    let share = Double(count) / Double(max(1, counts.total))
    return .ramp(ramp, max(6, ColorRamp.level(strength(share))))
  }

  /// With a power below one, so that few labels are seen at all.
  private func strength(_ share: Double) -> Double { pow(min(1, max(0, share * 2)), 0.65) }

  /// The glyph of what prevails. With many colours its shade is the share of observed labels; with
  /// few it is the majority of all labels, so that a cell without most of its labels looks empty.
  private func glyph(_ counts: LabelCounts) -> Cell {
    let missing = Cell(glyphs.label(.missing), ink: .role(.missing))
    guard counts.observed + counts.other > 0 else { return missing }
    let mark = counts.prevailing
    if mark == .masked || mark == .human {
      return Cell(glyphs.label(mark), ink: .role(mark.role))
    }
    let share = counts.observedShare
    guard glyphs.paintsRamps else {
      return share < 0.5 ? missing : Cell(glyphs.label(mark), ink: .role(mark.role))
    }
    let ramp: ColorRamp = mark == .positive ? .positive : .negative
    return Cell(glyphs.label(mark), ink: .ramp(ramp, max(6, ColorRamp.level(strength(share)))))
  }

  /// A probability as a shade; nil where the teacher was not asked.
  func draw(belief probability: Float?, x: Int, y: Int, on grid: inout Grid) {
    guard let probability, probability.isFinite else {
      grid.put("?", x: x, y: y, ink: .role(.faint))
      return
    }
    let level = ColorRamp.level(Double(probability))
    if glyphs.hasPapers {
      for row in 0..<rows { grid.put(" ", x: x, y: y + row, paper: .ramp(.sequential, level)) }
      return
    }
    let glyph = level < 4 ? glyphs.dot : glyphs.shade(max(level, 8))
    let ink: Ink = glyphs.paintsRamps ? .ramp(.sequential, max(16, level)) : .plain
    grid.put(glyph, x: x, y: y, ink: ink)
  }
}

/// The teacher's mean probability of every class in each column of the map.
struct TeacherBelief {
  /// Per column and class; nil where no clip of the column was answered yet.
  private let means: [[Float]?]

  init(_ bench: Workbench, _ columns: Range<Int>, _ bin: Int) {
    let count = MissingScreen.sampled(columns: columns.count, bin: bin)
    means = columns.map { column in
      Self.mean(bench, MissingScreen.sample(bench, column: column, bin: bin, count))
    }
  }

  /// Column counted from the first one shown.
  func mean(column: Int, of c: Int) -> Float? {
    means[at: column]??[at: c]
  }

  /// Over the answered ones of these positions in the order of the map.
  static func mean(_ bench: Workbench, _ positions: [Int]) -> [Float]? {
    guard let dataset = bench.dataset else { return nil }
    let clips = bench[.missing].clips
    let answers = positions.compactMap { position in
      bench.run.prediction("teacher", dataset.clips[clips[position]].id)
    }
    guard let first = answers.first else { return nil }
    var sums = [Float](repeating: 0, count: first.probs.count)
    for answer in answers where answer.probs.count == sums.count {
      for c in sums.indices { sums[c] += answer.probs[c] }
    }
    return sums.map { $0 / Float(answers.count) }
  }
}
