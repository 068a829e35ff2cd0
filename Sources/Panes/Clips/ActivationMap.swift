import Canvas
import Lab

/// Classes by time: what the model says of each class as the clip goes by.
struct ActivationMap: PaneView {
  let bench: Workbench

  var title: String { "classes in time" }
  var note: String {
    guard let found, found.frames > 0 else { return "i predictions" }
    let unit = found.kind == .pieces ? "pieces" : "frames"
    return "\(found.model) · \(found.frames) \(unit)"
  }

  /// Of the clip under the cursor.
  private var found: ClipActivations? {
    guard let clip = ClipScreen.clip(bench), let found = bench[.clips].activations,
      found.clip == clip.id
    else {
      return nil
    }
    return found
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let found, let dataset = bench.dataset, let clip = ClipScreen.clip(bench),
      found.frames > 0,
      found.values.count == found.frames * dataset.classes.count
    else {
      return grid.notice(nothing, in: rect)
    }
    let labels = dataset.classes.enumerated().map { c, name in
      HeatMap.Label(c, "\(name.fitted(to: 11)) \(clip.labels[c].answer)")
    }
    let range: ClosedRange<Float>? = found.kind == .pieces ? 0...1 : nil
    let map = HeatMap(
      rows: dataset.classes.count, columns: found.frames, values: found.values, range: range,
      rowLabels: shown(labels, rect.height - 1), columnLabels: times(clip.seconds, found.frames))
    grid.draw(map, in: rect)
  }

  /// A name a row: where two classes share one, every other class.
  private func shown(_ labels: [HeatMap.Label], _ rows: Int) -> [HeatMap.Label] {
    guard rows > 0 else { return [] }
    let step = (labels.count + rows - 1) / rows
    return labels.filter { $0.index % max(1, step) == 0 }
  }

  private func times(_ seconds: Double, _ frames: Int) -> [HeatMap.Label] {
    [0, 0.25, 0.5, 0.75, 1].map { share in
      HeatMap.Label(
        min(frames - 1, Int(share * Double(frames))), "\((share * seconds).fixed(1))s")
    }
  }

  private var nothing: [StyledText] {
    guard let found, found.frames == 0 else {
      let text =
        bench.replay != nil && bench.answering == nil
        ? "A replay has no model to ask."
        : bench.run.started == nil && !ClipScreen.hasModel(bench)
          ? "no model yet: R trains one" : "waiting for the model"
      return [StyledText(text, .muted)]
    }
    return [
      StyledText("This model gives one answer a clip."),
      StyledText("attention says when; harmonic-cnn and ast score a clip in pieces", .muted),
    ]
  }
}
