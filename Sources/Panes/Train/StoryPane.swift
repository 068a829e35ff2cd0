import Canvas
import Lab

/// The phases of a step, one sentence each with its numbers: those that are done, the present one
/// with what it made, and what is to come.
struct StoryPane: PaneView {
  let bench: Workbench

  var title: String { "what happens" }
  var note: String {
    let total = bench.run.walk.compactMap(\.duration).reduce(0, +)
    return total == 0 ? "one sentence a phase" : "\((Double(total) / 1e6).fixed(0)) ms so far"
  }

  /// Columns of the names.
  private static let names = 13
  /// Columns of the durations, at the right.
  private static let durations = 9

  private struct Block {
    let mark: Character
    let name: String
    let role: Role
    let isHere: Bool
    let lines: [StyledText]
    /// How long the phase took; empty before it is over.
    var duration = ""
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let blocks = blocks(rect.width - Self.names - Self.durations - 4)
    let needed = blocks.reduce(0) { $0 + $1.lines.count }
    let gap = needed + blocks.count - 1 <= rect.height ? 1 : 0
    var y = rect.y - hidden(blocks, gap, rect.height)
    grid.clipped(to: rect) { grid in
      for block in blocks {
        draw(block, at: y, in: rect, on: &grid)
        y += block.lines.count + gap
      }
    }
  }

  /// Rows that are scrolled away so that the present phase is seen whole.
  private func hidden(_ blocks: [Block], _ gap: Int, _ height: Int) -> Int {
    var end = 0, rows = 0
    for block in blocks {
      rows += block.lines.count + gap
      if block.isHere { end = rows - gap }
    }
    return max(0, min(rows - gap, end + 2) - height)
  }

  private func draw(_ block: Block, at y: Int, in rect: Rect, on grid: inout Grid) {
    grid.text(
      [StyledText("\(block.mark) \(block.name)", block.role)], x: rect.x + 1, y: y,
      maxWidth: Self.names)
    for (row, line) in block.lines.enumerated() {
      grid.text(
        [line], x: rect.x + 2 + Self.names, y: y + row, maxWidth: rect.width - Self.names - 3)
    }
    grid.text(
      block.duration, x: rect.right - 1 - block.duration.columns, y: y, ink: .role(.muted))
    guard block.isHere, grid.glyphs.hasPapers else { return }
    let place = Rect(x: rect.x, y: y, width: rect.width, height: block.lines.count)
    grid.lay(.role(.selection), under: place.intersection(rect))
  }

  private func blocks(_ width: Int) -> [Block] {
    let walk = bench.run.walk
    let here = walk.last?.phase
    let past = Set(walk.map(\.phase))
    return StepPhase.all(bench).map { phase in
      let name = PhasePane.names[phase] ?? phase.rawValue
      guard past.contains(phase), let told = walk.last(where: { $0.phase == phase }) else {
        let text = StepPhase.coming(phase, bench.run).wrapped(to: width)
        return Block(
          mark: bench.glyphs.dot, name: name, role: .faint, isHere: false,
          lines: text.map { StyledText($0, .faint) })
      }
      let sentence = StepSentence(run: bench.run).text(of: told).wrapped(to: width)
      let isHere = phase == here
      let lines = sentence.map { StyledText($0, isHere ? .title : .text) }
      return Block(
        mark: isHere ? bench.glyphs.pointer : bench.glyphs.done, name: name,
        role: isHere ? .warn : .good, isHere: isHere,
        lines: lines + (isHere ? details(told, width) : []),
        duration: told.duration.map { "\((Double($0) / 1e6).fixed(1)) ms" } ?? "")
    }
  }

  /// Under the present phase: the formula of the losses, and the numbers of what it made.
  private func details(_ snapshot: StepSnapshot, _ width: Int) -> [StyledText] {
    let formula = FormulaPane(bench: bench).formula
    let sum =
      snapshot.terms.isEmpty ? [] : formula.wrapped(to: width).map { StyledText($0, .accent) }
    return sum
      + snapshot.tensors.map { tensor in
        let numbers = [tensor.mean, tensor.min, tensor.max, tensor.norm].map { Double($0).short }
        let name = tensor.name == "teacher - student" ? "T - S" : tensor.name
        let broken = tensor.nonFinite > 0 ? "! \(tensor.nonFinite) not finite  " : ""
        let text =
          "\(broken)\(name): mean \(numbers[0]), \(numbers[1]) to \(numbers[2]), "
          + "norm \(numbers[3])"
        return StyledText(text, broken.isEmpty ? .muted : .fault)
      }
  }
}

/// The phases of a step of the run that is shown.
enum StepPhase {
  static func all(_ bench: Workbench) -> [PhaseChange.Name] {
    let all: [PhaseChange.Name] = [
      .batch, .studentFwd, .teacherFwd, .losses, .backward, .optim, .ema,
    ]
    let hasTeacher = bench.run.started?.hasTeacher ?? false
    return all.filter { hasTeacher || ($0 != .teacherFwd && $0 != .ema) }
  }

  /// What a phase that has not come yet will do.
  static func coming(_ phase: PhaseChange.Name, _ run: RunState) -> String {
    switch phase {
    case .batch: "The clips of the next batch come in with their labels."
    case .studentFwd: "The network hears the clips, augmented and with dropout, and answers."
    case .teacherFwd: "The teacher hears the same clips and answers too."
    case .losses: "The answers are compared with the known labels; the sum is the loss."
    case .backward:
      "How much each of \(run.started?.trainableParameters ?? 0) weights has to do with the loss."
    case .optim: "The optimizer moves every weight against its gradient."
    case .ema: "The teacher takes a small part of the new student."
    case .eval: "The networks are scored on the validation clips."
    }
  }
}
