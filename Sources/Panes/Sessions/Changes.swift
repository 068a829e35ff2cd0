import Lab

/// What changed in a run between two instants: curves, scores, classes, masks, warnings.
struct Changes: Sendable, Equatable {
  /// A number before and after; absent where it was not known.
  struct Line: Sendable, Equatable {
    var name: String
    var before, after: Double?

    var change: Double? {
      guard let before, let after else { return nil }
      return after - before
    }
  }

  struct Section: Sendable, Equatable {
    var title: String
    var lines: [Line]
  }

  var sections: [Section]
  /// Sentences that belong to no number.
  var remarks: [String]

  init(from before: RunState, to after: RunState) {
    sections = [
      Section(title: "loss", lines: Self.curves("loss/", before, after)),
      Section(title: "learning", lines: Self.learning(before, after)),
    ]
    for key in after.evaluations.keys.sorted() {
      sections += Self.evaluation(key, before.evaluations[key], after.evaluations[key])
    }
    sections.removeAll { $0.lines.isEmpty }
    remarks = Self.remarks(before, after)
  }

  private static func curves(_ prefix: String, _ a: RunState, _ b: RunState) -> [Line] {
    b.series.keys.filter { $0.hasPrefix(prefix) }.sorted().map { name in
      Line(
        name: String(name.dropFirst(prefix.count)),
        before: a.series[name]?.last.map { Double($0.value) },
        after: b.series[name]?.last.map { Double($0.value) })
    }
  }

  /// Rate, weights of the terms, norms of their gradients.
  private static func learning(_ a: RunState, _ b: RunState) -> [Line] {
    let names = b.series.keys.filter { name in
      name == "lr" || ["w/", "grad/", "mask/", "disagree/"].contains { name.hasPrefix($0) }
    }
    return names.sorted().map { name in
      Line(
        name: name, before: a.series[name]?.last.map { Double($0.value) },
        after: b.series[name]?.last.map { Double($0.value) })
    }
  }

  /// Scores, then the classes that moved most.
  private static func evaluation(_ key: String, _ a: EvalEnd?, _ b: EvalEnd?) -> [Section] {
    guard let b, a?.metrics != b.metrics else { return [] }
    let scores = ScoreOrder.sorted(Array(b.metrics.keys)).map {
      Line(name: $0, before: a?.metrics[$0], after: b.metrics[$0])
    }
    let old = Dictionary(
      (a?.perClass ?? []).map { ($0.name, $0.f1) }, uniquingKeysWith: { first, _ in first })
    let classes = b.perClass.map { Line(name: $0.name, before: old[$0.name] ?? nil, after: $0.f1) }
    let moved = classes.filter { $0.change != 0 && ($0.before ?? $0.after) != nil }.sorted {
      (-abs($0.change ?? 0), $0.name) < (-abs($1.change ?? 0), $1.name)
    }
    let name = key.replacing("/", with: " ")
    return [
      Section(title: name, lines: scores), Section(title: "\(name), F1 by class", lines: moved),
    ]
  }

  private static func remarks(_ a: RunState, _ b: RunState) -> [String] {
    var remarks: [String] = []
    if let mask = b.mask, mask != a.mask {
      let old = Set(a.mask?.masked.map(\.cell) ?? []), new = Set(mask.masked.map(\.cell))
      remarks.append(
        "mask: \(new.subtracting(old).count) entered, \(old.subtracting(new).count) left, "
          + mask.summary)
    }
    if a.stage != b.stage, let stage = b.stage { remarks.append("now training the \(stage)") }
    if a.bestStep != b.bestStep, let best = b.bestStep {
      remarks.append("best checkpoint now of step \(best)")
    }
    for (t, line) in b.log where t > a.t && line.level != .info { remarks.append("! \(line.text)") }
    if let fault = b.fault, a.fault == nil { remarks.append("training stopped: \(fault.message)") }
    return remarks
  }
}
