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
    let lines = walk.flatMap(rows)
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
      rect.width < 50
        ? "training pass, dropout on"
        : "training pass: dropout on, before the update", x: rect.x + 2, y: parts[1].y,
      ink: .role(.muted), maxWidth: parts[1].isEmpty ? 0 : rect.width - 2, ellipsis: glyphs.ellipsis
    )
  }

  private func rows(_ snapshot: StepSnapshot) -> [[StyledText]] {
    let isLast = snapshot.phase == bench.run.walk.last?.phase
    var name = Self.names[snapshot.phase] ?? snapshot.phase.rawValue
    if snapshot.phase == .studentFwd, let trained = snapshot.tensors.first { name = trained.name }
    let head = [
      StyledText(name, ink: isLast ? .role(.warn) : .role(.title)),
      StyledText(snapshot.duration.map(milliseconds) ?? "-"),
    ]
    return [head] + snapshot.tensors.map(row) + rate(snapshot)
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

  /// What the update used; in older logs the curve has it, once the step is over.
  private func rate(_ snapshot: StepSnapshot) -> [[StyledText]] {
    guard snapshot.phase == .optim else { return [] }
    let curve = bench.run.series["lr"]?.last
    let told = curve.flatMap { $0.step == bench.run.walkStep ? Double($0.value) : nil }
    let rate = (snapshot.rate ?? told)?.scientific ?? "-"
    return [[StyledText(" rate", ink: .role(.muted)), "", StyledText(rate)]]
  }

  private func milliseconds(_ nanoseconds: UInt64) -> String {
    let value = Double(nanoseconds) / 1e6
    return value.fixed(value < 10 ? 2 : 1)
  }
}
