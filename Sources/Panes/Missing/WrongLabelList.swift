import Canvas
import Lab

/// The given labels that look wrong to the finished run, over 5 Missing.
enum WrongLabelList {
  static let action = Action(
    .wrongLabels, "wrong", "given labels that look wrong to the finished run", .of("d"),
    as: .details, ask)

  /// The run that ended last checks the labels; the answer comes as an overlay.
  private static func ask(_ bench: inout Workbench) -> [Effect] {
    guard bench.answering != nil || bench.canTakeLast else {
      return bench.said(
        "a finished run says which labels look wrong; enter on 7 Sessions loads one")
    }
    bench.say("checking the given labels")
    return Holding.takeLast(&bench) + [.engine(.held(.checkLabels))]
  }

  static func show(_ found: WrongLabels, _ bench: inout Workbench) {
    guard bench.screen == .missing, bench.overlay == nil else { return }
    bench.overlay = TextOverlay(title: "labels that look wrong", widest: 110) { width, glyphs in
      lines(found, width: width, glyphs)
    }
  }

  /// Labels of a list that are shown.
  private static let most = 500

  private static func lines(
    _ found: WrongLabels, width: Int, _ glyphs: GlyphSet
  ) -> [[StyledText]] {
    let notes = found.notes.flatMap { $0.visible.printable.wrapped(to: width) }
    guard !found.labels.isEmpty else { return notes.map { [StyledText($0)] } }
    let names = min(24, max(5, found.labels.map(\.className.visible.printable.columns).max() ?? 0))
    let clips = max(8, width - names - 48)
    func line(_ cells: [String]) -> String {
      cells[0].padded(to: clips, ellipsis: glyphs.ellipsis) + "  "
        + cells[1].padded(to: names, ellipsis: glyphs.ellipsis) + "  "
        + cells[2].padded(to: 8) + cells[3].padded(to: 12, .right)
        + cells[4].padded(to: 8, .right) + "  " + cells[5]
    }
    let rows = found.labels.prefix(most).map { label in
      line([
        label.clip.visible.printable, label.className.visible.printable,
        label.isPositive ? "present" : "absent", Double(label.probability).fixed(2),
        Double(label.margin).fixed(2), label.origin.rawValue,
      ])
    }
    let head = line(["clip", "class", "given", "probability", "margin", "checked by"])
    let more = found.labels.count - rows.count
    return notes.map { [StyledText($0)] } + [[], [StyledText(head, .faint)]]
      + rows.map { [StyledText($0)] }
      + (more > 0 ? [[StyledText("and \(more) more; scant suggest RUN --wrong", .muted)]] : [])
  }
}

extension Action.ID {
  public static let wrongLabels = Self("wrongLabels")
}
