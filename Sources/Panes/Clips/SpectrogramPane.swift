import Canvas
import Foundation
import Lab

/// What the model is fed for the clip under the cursor: frequency upwards, time to the right,
/// the play head while the clip plays.
struct SpectrogramPane: PaneView {
  let bench: Workbench

  var title: String {
    let name = ClipScreen.clip(bench).map { " \($0.id)" } ?? ""
    switch ClipScreen.shownInput(bench) {
    case .original: return "spectrogram\(name)"
    case .reprogrammed: return "reprogrammed\(name)"
    case .difference: return "what is changed of\(name)"
    }
  }

  var note: String {
    guard let clip = ClipScreen.clip(bench) else { return "" }
    if ClipScreen.shownInput(bench) != .original, let input = ClipScreen.shownReprogramming(bench) {
      return "step \(input.step)"
    }
    guard let place = head else { return "\(clip.seconds.fixed(1)) s" }
    return "\(bench.glyphs.running) \(place.fixed(1))/\(clip.seconds.fixed(1)) s"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let clip = ClipScreen.clip(bench) else {
      return grid.notice("no clip", in: rect)
    }
    guard ClipScreen.shownInput(bench) == .original else {
      grid.draw(ReprogrammedSpectrogram(bench: bench, clip: clip), in: rect)
      return
    }
    guard let sound = bench[.clips].sound, sound.clip == clip.id, sound.bands > 0, sound.frames > 0
    else {
      return grid.notice("reading \(clip.id) …", in: rect)
    }
    let parts = rect.rows(.fixed(rect.height > 8 ? 1 : 0), .share(1))
    let map = HeatMap(
      rows: sound.bands, columns: sound.frames, values: sound.values,
      range: SoundScale.range(of: sound.values), isBottomUp: true,
      rowLabels: Self.frequencyLabels(sound.frequencies),
      columnLabels: Self.timeLabels(sound.seconds, frames: sound.frames),
      head: head.map { Int($0 / max(0.001, sound.seconds) * Double(sound.frames)) },
      isPicture: true)
    grid.draw(map, in: parts[1])
    let level = SoundScale.loudness(sound.values, bands: sound.bands, frames: sound.frames)
    let played = head.map { $0 / max(0.001, sound.seconds) } ?? 0
    drawLoudness(level, played: played, in: map.area(in: parts[1]), y: parts[0], on: &grid)
  }

  /// A row above the spectrogram, in its columns; what has been played has the accent.
  private func drawLoudness(
    _ level: [Double], played: Double, in area: Rect, y row: Rect, on grid: inout Grid
  ) {
    guard !row.isEmpty, !level.isEmpty else { return }
    for x in 0..<area.width {
      let value = level[min(level.count - 1, x * level.count / area.width)]
      let isPlayed = Double(x) < played * Double(area.width)
      grid.put(
        grid.glyphs.column(1 + Int((value * 7).rounded())), x: area.x + x, y: row.y,
        ink: .role(isPlayed ? .accent : .muted))
    }
  }

  /// Seconds from the start, while this clip plays.
  private var head: Double? {
    guard let playing = bench[.clips].playing, playing.clip == ClipScreen.clip(bench)?.id else {
      return nil
    }
    return min(playing.seconds, max(0, bench.now - playing.since))
  }

  /// The bands nearest to round frequencies, and the ends; Hz a band.
  static func frequencyLabels(_ frequencies: [Float]) -> [HeatMap.Label] {
    guard let top = frequencies.indices.last else { return [] }
    let wanted: [Float] = [250, 1000, 4000]
    let inner = wanted.compactMap { hertz in
      frequencies.indices.min { abs(frequencies[$0] - hertz) < abs(frequencies[$1] - hertz) }
    }
    return Set([0, top] + inner).sorted().map { .init($0, text(frequencies[$0])) }
  }

  private static func text(_ hertz: Float) -> String {
    hertz < 1000 ? "\(Int(hertz.rounded()))" : (Double(hertz) / 1000).fixed(0) + "k"
  }

  static func timeLabels(_ seconds: Double, frames: Int) -> [HeatMap.Label] {
    let axis = Axis(0...max(0.001, seconds))
    let ticks = axis.ticks(5)
    return ticks.map { second in
      let frame = Int(second / max(0.001, seconds) * Double(frames))
      return .init(min(frames - 1, frame), axis.label(second, of: 5) + "s")
    }
  }
}

/// What a trained part in front of a network makes of a clip, or how that differs from the clip;
/// where there is room, beside the clip as the network is fed it.
struct ReprogrammedSpectrogram: Widget {
  let bench: Workbench
  let clip: ClipRow

  /// Columns from which two spectrograms stand side by side.
  private static let pair = 100

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let input = ClipScreen.shownReprogramming(bench), isWhole(input) else {
      return grid.notice(waiting, in: rect)
    }
    let isPair = rect.width >= Self.pair
    let columns = rect.columns(.share(isPair ? 1 : 0), .fixed(isPair ? 1 : 0), .share(1))
    if isPair { draw(.original, input, in: columns[0], on: &grid) }
    draw(ClipScreen.shownInput(bench), input, in: columns[2], on: &grid)
  }

  private var waiting: String {
    bench.replay != nil && bench.answering == nil
      ? "not in the log: a recorded run has no network to ask"
      : "asking the network about \(clip.id) \(bench.glyphs.ellipsis)"
  }

  /// A caption above the spectrogram if there are enough rows.
  private func draw(
    _ view: ClipState.InputView, _ input: ReprogrammedInput, in rect: Rect, on grid: inout Grid
  ) {
    let parts = rect.rows(.fixed(rect.height > 5 ? 1 : 0), .share(1))
    let values = values(view, input)
    let reach = values.lazy.map(abs).max() ?? 0
    let isDifference = view == .difference
    let hertz = bench[.clips].sound.flatMap {
      $0.clip == clip.id && $0.bands == input.bands ? $0.frequencies : nil
    }
    let map = HeatMap(
      rows: input.bands, columns: input.frames, values: values,
      range: isDifference ? -max(reach, 1e-6)...max(reach, 1e-6) : nil,
      ramp: isDifference ? .diverging : .sequential, isBottomUp: true,
      rowLabels: SpectrogramPane.frequencyLabels(hertz ?? []),
      columnLabels: SpectrogramPane.timeLabels(clip.seconds, frames: input.frames),
      isPicture: true)
    grid.draw(map, in: parts[1])
    grid.text(
      "\(name(view)) \(extent(values))", x: parts[0].x + 1, y: parts[0].y, ink: .role(.muted),
      maxWidth: parts[0].isEmpty ? 0 : rect.width - 1)
  }

  private func name(_ view: ClipState.InputView) -> String {
    switch view {
    case .original: "the clip, as it goes in:"
    case .reprogrammed: "as it comes out:"
    case .difference: "out less in:"
    }
  }

  private func values(_ view: ClipState.InputView, _ input: ReprogrammedInput) -> [Float] {
    switch view {
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

/// The colours of a spectrogram, and its loudness.
enum SoundScale {
  /// From the quietest 2 % to the loudest 0.3 %, so that a single click does not darken the rest;
  /// nil without values.
  static func range(of values: [Float]) -> ClosedRange<Float>? {
    let sorted = values.filter(\.isFinite).sorted()
    guard let last = sorted.indices.last else { return nil }
    let low = sorted[Int(Double(last) * 0.02)], high = sorted[Int(Double(last) * 0.997)]
    return low < high ? low...high : nil
  }

  /// The mean over the bands of each frame, 0 for the quietest to 1 for the loudest.
  static func loudness(_ values: [Float], bands: Int, frames: Int) -> [Double] {
    guard bands > 0, frames > 0, values.count == bands * frames else { return [] }
    let sums = (0..<frames).map { frame in
      (0..<bands).reduce(0.0) { $0 + Double(values[$1 * frames + frame]) }
    }
    guard let low = sums.min(), let high = sums.max(), low.isFinite, high > low else { return [] }
    return sums.map { ($0 - low) / (high - low) }
  }
}
