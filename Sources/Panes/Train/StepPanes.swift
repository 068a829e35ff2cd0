import Canvas
import Lab

/// The loss of one step as a formula with its numbers, and the table of its terms.
struct FormulaPane: PaneView {
  let bench: Workbench

  var title: String { "loss of this step" }
  var note: String { "step \(step)" }
  private var step: Int { bench.run.walk.isEmpty ? bench.run.termsStep : bench.run.walkStep }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard !terms.isEmpty else {
      let text = "the losses follow the forward passes; press P to continue"
      return grid.notice(text, in: rect)
    }
    let rows = terms.map(row) + (terms.count > 1 ? [["total", "", "", StyledText(sum.short)]] : [])
    let parts = rect.rows(.fixed(min(rows.count + 1, rect.height)), .share(1))
    let columns: [TableWidget.Column] = [
      .init("term", .flexible), .init("value", .fixed(6), .right), .init("w", .fixed(5), .right),
      .init("contrib", .fixed(7), .right), .init("|grad|", .fixed(6), .right),
      .init("cos", .fixed(5), .right), .init("share", .fixed(5), .right),
    ]
    let room = rect.width < 52 ? 1 : 0
    grid.draw(TableWidget(Array(columns.dropLast(room)), rows: rows), in: parts[0])
    grid.notice(lines, in: parts[1])
  }

  /// Of the phase shown; before the losses are there, none.
  private var terms: [TermReport] { bench.run.walk.last?.terms ?? bench.run.terms }
  private var sum: Double { terms.reduce(0) { $0 + $1.contribution } }

  private func row(_ term: TermReport) -> [StyledText] {
    let ink: Ink = term.flags.isEmpty ? .plain : .role(.fault)
    return [
      StyledText(term.name, ink: ink), StyledText(term.value.short),
      StyledText(term.weight.short), StyledText(term.contribution.short),
      StyledText(term.gradNorm?.short ?? "-"), StyledText(term.cosWithSupervised?.signed ?? "-"),
      StyledText(sum == 0 ? "-" : (term.contribution / sum).percent),
    ]
  }

  private var lines: [StyledText] {
    var lines = [StyledText(formula, .title)]
    if let before { lines.append(StyledText("step before \(before.fixed(4)): \(change(before))")) }
    lines += terms.map {
      let whole = $0.denominator == $0.entries ? "every cell" : "\($0.denominator) cells"
      return StyledText("\($0.name): mean over \(whole) of \($0.entries)", .muted)
    }
    lines += terms.compactMap { $0.alarm(step) }.map { StyledText($0, .fault) }
    return lines
  }

  /// "total = 0.2141 + 0.50 · 0.0127 = 0.2205".
  var formula: String {
    let parts = terms.map {
      $0.weight == 1
        ? $0.value.fixed(4) : "\(factor($0.weight)) \(bench.glyphs.dot) \($0.value.fixed(4))"
    }
    let filled = parts.joined(separator: " + ")
    return terms.count == 1 && terms[0].weight == 1
      ? "total = \(filled)" : "total = \(filled) = \(sum.fixed(4))"
  }

  private func change(_ before: Double) -> String {
    let change = sum - before
    return (change > 0 ? "+" : "") + change.fixed(4)
  }

  /// Two decimals, more where those would be 0.
  private func factor(_ weight: Double) -> String {
    abs(weight) >= 0.1 || weight == 0 ? weight.fixed(2) : weight.short
  }

  /// The total of the step before this one.
  private var before: Double? {
    guard let totals = bench.run.series["loss/total"],
      let place = totals.steps.lastIndex(where: { $0 < UInt32(clamping: step) }),
      Int(totals.steps[place]) == step - 1
    else { return nil }
    return Double(totals.values[place])
  }
}

/// The phases of the step, how long each took, and the numbers of what it made.
struct PhasePane: PaneView {
  let bench: Workbench

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
      return grid.notice(text, in: rect)
    }
    let lines = walk.flatMap(rows)
    let table = TableWidget(
      [
        .init("phase", .fixed(10)), .init("ms", .fixed(6), .right),
        .init("mean", .fixed(7), .right),
        .init("min", .fixed(7), .right), .init("max", .fixed(7), .right),
        .init("norm", .fixed(7), .right), .init("shape", .flexible),
      ], rows: lines, scroll: Scroll(first: lines.count))
    let sentence = (StepSentence(run: bench.run).text ?? "").wrapped(to: rect.width - 3)
    let room = rect.height > 9 ? min(4, sentence.count) : 0
    let parts = rect.rows(.share(1), .fixed(room), .fixed(rect.height > 12 ? 1 : 0))
    grid.draw(table, in: parts[0])
    grid.lines(
      sentence.prefix(room).map { StyledText(" \($0)", .title) }, in: parts[1])
    grid.text(
      rect.width < 50
        ? "training pass, dropout on"
        : "training pass: dropout on, before the update", x: rect.x + 2, y: parts[2].y,
      ink: .role(.muted), maxWidth: parts[2].isEmpty ? 0 : rect.width - 2
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
    return [StyledText(" \(name)", .muted), ""] + values
      + [StyledText("\(broken)[\(shape)]", broken.isEmpty ? .muted : .fault)]
  }

  /// The learning rate of the update; older logs have it in the curve only, after the step.
  private func rate(_ snapshot: StepSnapshot) -> [[StyledText]] {
    guard snapshot.phase == .optim else { return [] }
    let curve = bench.run.series["lr"]?.last
    let told = curve.flatMap { $0.step == bench.run.walkStep ? Double($0.value) : nil }
    let rate = (snapshot.rate ?? told)?.scientific ?? "-"
    return [[StyledText(" rate", .muted), "", StyledText(rate)]]
  }

  private func milliseconds(_ nanoseconds: UInt64) -> String {
    let value = Double(nanoseconds) / 1e6
    return value.fixed(value < 10 ? 2 : 1)
  }
}
