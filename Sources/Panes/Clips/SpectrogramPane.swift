import Canvas
import Foundation
import Lab

/// What the model is fed for the clip under the cursor: frequency upwards, time to the right,
/// the play head while the clip plays.
struct SpectrogramPane: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String {
    let name = ClipScreen.clip(bench).map { " \($0.id)" } ?? ""
    switch ClipScreen.shownPicture(bench) {
    case .original: return "spectrogram\(name)"
    case .reprogrammed: return "reprogrammed\(name)"
    case .difference: return "what is changed of\(name)"
    }
  }

  var note: String {
    guard let clip = ClipScreen.clip(bench) else { return "" }
    if ClipScreen.shownPicture(bench) != .original, let input = ClipScreen.shownReprogramming(bench)
    {
      return "step \(input.step)"
    }
    guard let place = head else { return "\(clip.seconds.fixed(1)) s" }
    return "\(glyphs.running) \(place.fixed(1))/\(clip.seconds.fixed(1)) s"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let clip = ClipScreen.clip(bench) else {
      grid.draw(Notice([StyledText("no clip", ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    guard ClipScreen.shownPicture(bench) == .original else {
      grid.draw(ReprogrammedSpectrogram(bench: bench, clip: clip, glyphs: glyphs), in: rect)
      return
    }
    guard let sound = bench[.clips].sound, sound.clip == clip.id, sound.bands > 0, sound.frames > 0
    else {
      let text = StyledText("reading \(clip.id) …", ink: .role(.muted))
      grid.draw(Notice([text], glyphs: glyphs), in: rect)
      return
    }
    let map = HeatMap(
      rows: sound.bands, columns: sound.frames, values: sound.values, isBottomUp: true,
      rowLabels: Self.frequencyLabels(sound.frequencies),
      columnLabels: Self.timeLabels(sound.seconds, frames: sound.frames),
      head: head.map { Int($0 / max(0.001, sound.seconds) * Double(sound.frames)) },
      glyphs: glyphs)
    grid.draw(map, in: rect)
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
