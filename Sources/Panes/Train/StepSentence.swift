import Canvas
import Lab

/// What a phase of a step did, as one sentence with its numbers.
struct StepSentence {
  let run: RunState

  /// Of the last phase; nil before the first one.
  var text: String? {
    run.walk.last.map(text)
  }

  func text(of told: StepSnapshot) -> String {
    switch told.phase {
    case .batch: batch(told)
    case .studentFwd: forward(told)
    case .teacherFwd: teacher(told)
    case .losses: losses(told)
    case .backward: backward(told)
    case .optim: update(told)
    case .ema: average(told)
    case .eval: "The networks are scored on the validation clips."
    }
  }

  private func snapshot(_ phase: PhaseChange.Name) -> StepSnapshot? {
    run.walk.last { $0.phase == phase }
  }

  private func tensor(_ name: String, _ snapshot: StepSnapshot?) -> TensorSummary? {
    snapshot?.tensors.first { $0.name == name }
  }

  private func sum(_ tensor: TensorSummary) -> Int {
    Int((Double(tensor.mean) * Double(tensor.shape.reduce(1, *))).rounded())
  }

  /// Hidden labels have the target 0, so that the sum of the targets counts the known positives.
  private func batch(_ snapshot: StepSnapshot) -> String {
    guard let observed = tensor("observed", snapshot), let targets = tensor("targets", snapshot)
    else { return "\(snapshot.clips.count.of("clip")) come in." }
    let (all, known, yes) = (observed.shape.reduce(1, *), sum(observed), sum(targets))
    return "\(snapshot.clips.count.of("clip")) come in; of their \(all) labels \(known) are known: "
      + "\(yes) yes, \(known - yes) no."
  }

  private func forward(_ snapshot: StepSnapshot) -> String {
    guard let answers = snapshot.tensors.first else { return "The network hears the clips." }
    return "The \(answers.name) hears the clips, augmented and with dropout, and answers "
      + "\(answers.shape.reduce(1, *)) times, on average \(Double(answers.mean).fixed(2))."
  }

  private func teacher(_ snapshot: StepSnapshot) -> String {
    guard let answers = tensor("teacher", snapshot) else { return "The teacher hears the clips." }
    let mean = Double(answers.mean).fixed(2)
    guard let apart else { return "The teacher hears the clips and answers \(mean) on average." }
    return "The teacher hears the clips and answers \(mean) on average; it differs from the "
      + "student by more than 0.5 in \(apart) of \(answers.shape.reduce(1, *)) cells."
  }

  /// The cells in which the two answers differ by more than 0.5.
  private var apart: Int? {
    guard let student = snapshot(.studentFwd)?.answers, let teacher = snapshot(.teacherFwd)?.answers
    else { return nil }
    return zip(student, teacher).reduce(0) { count, rows in
      count + zip(rows.0, rows.1).count { abs($0 - $1) > 0.5 }
    }
  }

  private func losses(_ snapshot: StepSnapshot) -> String {
    let parts = snapshot.terms.map { term in
      let cells =
        term.denominator == term.entries
        ? "all \(term.entries) cells" : "\(term.denominator) of \(term.entries) cells"
      let weight = term.weight == 1 ? "" : ", which counts \(term.weight.short) of itself"
      return "\(cells) give \(term.name) \(term.value.short)\(weight)"
    }
    return parts.isEmpty ? "There is no loss." : parts.joined(separator: "; ") + "."
  }

  private func backward(_ snapshot: StepSnapshot) -> String {
    let parts = snapshot.terms.compactMap { term in
      term.gradNorm.map { "\($0.short) from \(term.name)" }
    }
    guard !parts.isEmpty else { return "The gradient of the loss is computed for every weight." }
    let cosine = snapshot.terms.lazy.compactMap(\.cosWithSupervised).first
    let angle = cosine.map { "; their cosine is \($0.signed)" } ?? ""
    return "The length of the gradient over all weights: \(parts.joined(separator: ", "))\(angle)."
  }

  private func update(_ snapshot: StepSnapshot) -> String {
    let rate = snapshot.rate.map { " with the learning rate \($0.scientific)" } ?? ""
    return "The optimizer moves every weight against its gradient\(rate)."
  }

  private func average(_ snapshot: StepSnapshot) -> String {
    guard let kept = snapshot.kept else {
      return "The teacher takes a small part of the new student and keeps the rest of itself."
    }
    return "The teacher keeps \(kept.fixed(3)) of itself (α of this step) and takes "
      + "\((1 - kept).fixed(3)) of the new student."
  }
}
