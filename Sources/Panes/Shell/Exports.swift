import Formats
import Lab

/// What leaves the workbench: curves, masks, pictures, and text for the clipboard.
struct Exports {
  let bench: Workbench

  var choices: [Menu.Choice] { numbers + frames }

  /// What there is of curves and of a mask.
  private var numbers: [Menu.Choice] {
    let forms = bench.run.series.isEmpty ? [] : SeriesText.allCases
    let curves = forms.map { form in
      Menu.Choice(
        key: form == .csv ? "c" : "n", title: "every curve as \(form.rawValue.uppercased())",
        effects: [.export(form, file: "\(name).\(form.rawValue)")])
    }
    guard bench.missing.mask != nil else { return curves }
    let mask = Menu.Choice(
      key: "m", title: "masked labels as CSV", effects: [.exportMask(file: "\(name)-mask.csv")])
    return curves + [mask]
  }

  private var frames: [Menu.Choice] {
    let frame = "\(bench.screen.name)-\(name)"
    return [
      .init(key: "f", title: "this frame as text", effects: [.writeFrame(file: "\(frame).txt")]),
      .init(
        key: "a", title: "this frame as asciicast", effects: [.writeCast(file: "\(frame).cast")]),
      .init(
        key: "r", title: "record frames as asciicast, or end it",
        effects: [.recordCast(file: "\(name).cast")]),
    ]
  }

  /// Of a file: the run and the step that are shown. Nothing but plain characters.
  var name: String {
    let subject = bench.subject.map { $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : "-" }
    return String(subject.prefix(80)) + (bench.run.step > 0 ? "-step\(bench.run.step)" : "")
  }

  /// The masked cells of the training clips: `clip,class,score,threshold,truth`.
  var maskText: String? {
    guard let dataset = bench.dataset, let mask = bench.missing.mask else { return nil }
    let count = dataset.classes.count
    let rows = mask.scores.sorted { $0.key < $1.key }.map { cell, score -> String in
      let (n, c) = cell.quotientAndRemainder(dividingBy: count)
      let clip = dataset.clips[dataset.trainingClips[n]]
      let threshold = mask.classes[c].threshold.map { "\($0)" } ?? ""
      let truth = clip.truth.map { c < $0.count && $0[c] ? "1" : "0" } ?? ""
      return [
        CSVText.quoted(clip.id), CSVText.quoted(dataset.classes[c]), "\(score)", threshold, truth,
      ].joined(separator: ",")
    }
    return (["clip,class,score,threshold,truth"] + rows).joined(separator: "\n") + "\n"
  }

  /// The focused pane as it is drawn now, without its border.
  var paneText: String {
    let grid = bench.draw(
      width: bench.size.width, height: bench.size.height, glyphs: .unicode)
    let places = bench.arrangement
    guard let tile = places.panes.first(where: { $0.pane == bench.focused }) else {
      return grid.lines.joined(separator: "\n")
    }
    let rect = places.kind == .full ? tile.rect.inset() : tile.rect
    return grid.lines(in: rect).joined(separator: "\n")
  }
}
