import Canvas
import Lab

/// What a trained part in front of a network makes of a clip, or how that differs from the clip;
/// where there is room, beside the clip as the network is fed it.
struct ReprogrammedSpectrogram: Widget {
  let bench: Workbench
  let clip: ClipRow
  let glyphs: GlyphSet

  /// Columns from which two pictures stand side by side.
  private static let pair = 100

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let input = ClipScreen.shownReprogramming(bench), isWhole(input) else {
      let text = StyledText(waiting, ink: .role(.muted))
      grid.draw(Notice([text], glyphs: glyphs), in: rect)
      return
    }
    let isPair = rect.width >= Self.pair
    let columns = rect.columns(.share(isPair ? 1 : 0), .fixed(isPair ? 1 : 0), .share(1))
    if isPair { draw(.original, input, in: columns[0], on: &grid) }
    draw(ClipScreen.shownPicture(bench), input, in: columns[2], on: &grid)
  }

  private var waiting: String {
    bench.replay != nil
      ? "not in the log: a recorded run has no network to ask"
      : "asking the network about \(clip.id) \(glyphs.ellipsis)"
  }

  /// A line of words above the picture where it is high enough.
  private func draw(
    _ picture: ClipState.Picture, _ input: ReprogrammedInput, in rect: Rect, on grid: inout Grid
  ) {
    let parts = rect.rows(.fixed(rect.height > 5 ? 1 : 0), .share(1))
    let values = values(picture, input)
    let reach = values.lazy.map(abs).max() ?? 0
    let isDifference = picture == .difference
    let hertz = bench[.clips].sound.flatMap {
      $0.clip == clip.id && $0.bands == input.bands ? $0.frequencies : nil
    }
    let map = HeatMap(
      rows: input.bands, columns: input.frames, values: values,
      range: isDifference ? -max(reach, 1e-6)...max(reach, 1e-6) : nil,
      ramp: isDifference ? .diverging : .sequential, isBottomUp: true,
      rowLabels: SpectrogramPane.frequencyLabels(hertz ?? []),
      columnLabels: SpectrogramPane.timeLabels(clip.seconds, frames: input.frames),
      glyphs: glyphs)
    grid.draw(map, in: parts[1])
    grid.text(
      "\(name(picture)) \(extent(values))", x: parts[0].x + 1, y: parts[0].y, ink: .role(.muted),
      maxWidth: parts[0].isEmpty ? 0 : rect.width - 1, ellipsis: glyphs.ellipsis)
  }

  private func name(_ picture: ClipState.Picture) -> String {
    switch picture {
    case .original: "the clip, as it goes in:"
    case .reprogrammed: "as it comes out:"
    case .difference: "out less in:"
    }
  }

  private func values(_ picture: ClipState.Picture, _ input: ReprogrammedInput) -> [Float] {
    switch picture {
    case .original: input.original
    case .reprogrammed: input.changed
    case .difference: zip(input.changed, input.original).map { $0 - $1 }
    }
  }

  private func extent(_ values: [Float]) -> String {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return "no number" }
    return "\(Double(low).fixed(2)) to \(Double(high).fixed(2))"
  }

  private func isWhole(_ input: ReprogrammedInput) -> Bool {
    let count = input.bands * input.frames
    return count > 0 && input.original.count == count && input.changed.count == count
  }
}
