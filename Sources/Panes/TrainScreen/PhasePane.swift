import Canvas
import Lab

/// The phases of the step, how long each took, and the numbers of what it made.
struct PhasePane: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "phases" }
  var note: String {
    let total = bench.run.walk.compactMap(\.duration).reduce(0, +)
    return total == 0 ? "" : "\(milliseconds(total)) ms"
  }

  static let names: [PhaseChange.Name: String] = [
    .batch: "batch", .studentFwd: "student", .teacherFwd: "teacher", .losses: "losses",
    .backward: "backward", .optim: "optimizer", .ema: "average", .eval: "evaluation",
  ]

  func draw(in rect: Rect, on grid: inout Grid) {
    let walk = bench.run.walk
    guard !walk.isEmpty else {
      let text = "P takes one phase of the next batch, . the whole of it"
      grid.draw(Notice([StyledText(text, ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let lines = walk.flatMap(rows) + updates
    let table = Table(
      [
        .init("phase", .fixed(10)), .init("ms", .fixed(6), .right),
        .init("mean", .fixed(7), .right),
        .init("min", .fixed(7), .right), .init("max", .fixed(7), .right),
        .init("norm", .fixed(7), .right), .init("shape", .flexible),
      ], rows: lines, scroll: Scroll(first: lines.count), glyphs: glyphs)
    let parts = rect.rows(.share(1), .fixed(rect.height > 9 ? 1 : 0))
    grid.draw(table, in: parts[0])
    grid.text(
      "student, teacher and losses are computed together", x: rect.x + 2, y: parts[1].y,
      ink: .role(.muted), maxWidth: rect.width - 2, ellipsis: glyphs.ellipsis)
  }

  private func rows(_ snapshot: StepSnapshot) -> [[StyledText]] {
    let isLast = snapshot.phase == bench.run.walk.last?.phase
    let name = Self.names[snapshot.phase] ?? snapshot.phase.rawValue
    let head = [
      StyledText(name, ink: isLast ? .role(.warn) : .role(.title)),
      StyledText(snapshot.duration.map(milliseconds) ?? "-"),
    ]
    return [head] + snapshot.tensors.map(row)
  }

  private func row(_ tensor: TensorSummary) -> [StyledText] {
    let values = [tensor.mean, tensor.min, tensor.max, tensor.norm].map {
      StyledText(Double($0).short)
    }
    let name = tensor.name == "teacher - student" ? "T - S" : tensor.name
    let shape = tensor.shape.map(String.init).joined(separator: "x")
    let broken = tensor.nonFinite > 0 ? "! \(tensor.nonFinite) not finite " : ""
    return [StyledText(" \(name)", ink: .role(.muted)), ""] + values
      + [StyledText("\(broken)[\(shape)]", ink: .role(broken.isEmpty ? .muted : .fault))]
  }

  /// What the update used, where the phase has come.
  private var updates: [[StyledText]] {
    guard bench.run.walk.contains(where: { $0.phase == .optim }), let rate = bench.run.progress?.lr
    else { return [] }
    return [[StyledText(" rate", ink: .role(.muted)), "", StyledText(rate.scientific)]]
  }

  private func milliseconds(_ nanoseconds: UInt64) -> String {
    let value = Double(nanoseconds) / 1e6
    return value.fixed(value < 10 ? 2 : 1)
  }
}
