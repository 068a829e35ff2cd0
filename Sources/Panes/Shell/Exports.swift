import Lab

/// What leaves the workbench: curves, frames, files of the screens, and text for the clipboard.
struct Exports {
  let bench: Workbench

  var choices: [Menu.Choice] { numbers + frames }

  /// Curves, then what the screens add.
  private var numbers: [Menu.Choice] {
    let forms = bench.run.series.isEmpty ? [] : SeriesText.allCases
    let curves = forms.map { form in
      Menu.Choice(
        key: form == .csv ? "c" : "n", title: "every curve as \(form.rawValue.uppercased())",
        effects: [.export(form, file: "\(name).\(form.rawValue)")])
    }
    return curves + bench.screens.all.flatMap { $0.exports(bench, name) }
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
