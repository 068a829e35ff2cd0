import Canvas
import Lab

/// The loss-term ledger: value, weight, contribution, gradient norm, and over how many labels
/// each mean runs.
struct TermTable: PaneView {
  let bench: Workbench

  var title: String { "loss terms" }
  var note: String { bench.run.terms.isEmpty ? "" : "step \(bench.run.termsStep)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    if rect.width >= TermHistory.leastWidth, !bench.run.terms.isEmpty {
      return TermHistory(bench: bench).draw(in: rect, on: &grid)
    }
    let table = TableWidget(
      columns(rect.width), rows: bench.run.terms.map(row) + total, selection: selection,
      emptyText: bench.run.otherLog == nil ? "no batch yet" : "not in such a log")
    let (step, terms) = (bench.run.termsStep, bench.run.terms)
    let alarms = terms.compactMap { $0.alarm(step) }.map { StyledText($0, .fault) }
    let foot = [age].compactMap { $0.map { StyledText($0, .muted) } } + alarms
    let parts = rect.rows(.share(1), .fixed(min(foot.count, rect.height / 2)))
    grid.draw(table, in: parts[0])
    grid.notice(foot, in: parts[1])
  }

  /// Gradients of single terms cost a backward pass each, so most steps go without.
  private var age: String? {
    bench.run.terms.lazy.compactMap { $0.age(bench.run.termsStep) }.first.map {
      $0 == "@?" ? "|grad| and cos @?: an older log" : "|grad| and cos are \($0)"
    }
  }

  /// Where there is a cosine to show, others make room for it.
  private func columns(_ width: Int) -> [TableWidget.Column] {
    let squeezes = width < 46 && bench.run.terms.contains { $0.cosWithSupervised != nil }
    let always: [TableWidget.Column] = [
      .init("term", .flexible), .init("value", .fixed(6), .right),
      .init("w", squeezes ? .fit : .fixed(5), .right), .init("|grad|", .fixed(6), .right),
      .init("labels", squeezes ? .fit : .fixed(9), .right),
    ]
    return always + (squeezes || width >= 46 ? [.init("cos", .fixed(5), .right)] : [])
      + (width < 56 ? [] : [.init("contrib", .fixed(7), .right)])
  }

  private var selection: Int? {
    bench.focused == .terms && !bench.run.terms.isEmpty ? bench.cursor(.terms) : nil
  }

  private func row(_ term: TermReport) -> [StyledText] {
    let ink: Ink = term.flags.isEmpty ? .plain : .role(.fault)
    return [
      StyledText(term.name, ink: ink), StyledText(term.value.short),
      StyledText(term.weightText), StyledText(term.gradNorm?.short ?? "-"),
      StyledText("\(term.denominator)/\(term.entries)"),
      StyledText(term.cosWithSupervised.map(\.signed) ?? "-"), StyledText(term.contribution.short),
    ]
  }

  private var total: [[StyledText]] {
    guard bench.run.terms.count > 1 else { return [] }
    let sum = bench.run.terms.reduce(0) { $0 + $1.contribution }
    return [["total", StyledText(sum.short)]]
  }
}

extension TermReport {
  /// Without zeros at the end: 1, 0.5, 0.367.
  var weightText: String {
    var text = weight.short
    guard text.contains("."), !text.contains("e"), !text.hasSuffix("k") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// "@51": of which step the gradient is, where that is not this one; "@?" where the log is too
  /// old to say.
  func age(_ step: Int) -> String? {
    guard gradNorm != nil, measuredAt != step else { return nil }
    return measuredAt.map { "@\($0)" } ?? "@?"
  }

  /// One line for narrow places: "bce 0.2141 ∇0.83@51 61/640"; of a term beside the first one
  /// "con ∇0.11@51 cos-0.62 1.27", which ends with what the curves show too.
  func line(_ step: Int) -> String {
    if let alarm = alarm(step) { return alarm }
    let norm = gradNorm.map { " ∇\($0.short)\(age(step) ?? "")" } ?? ""
    guard let cosWithSupervised else {
      return "\(name) \(value.short)\(norm) \(denominator)/\(entries)"
    }
    return "\(name)\(norm) cos\(cosWithSupervised.signed) \(value.short)"
  }

  /// "! cons dead: 0.0127, gradient 0 @51"; nil for a sound term.
  func alarm(_ step: Int) -> String? {
    guard !flags.isEmpty else { return nil }
    let old = age(step).map { " \($0)" } ?? ""
    let norm = gradNorm.map { ", gradient \($0.short)\(old)" } ?? ""
    return "! \(name) \(flags.joined(separator: ", ")): \(value.short)\(norm)"
  }
}
