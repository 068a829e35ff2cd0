// Runs with a teacher, made by hand: mean teacher held in a step, label enhancing in stage two.
import Canvas
import Foundation
import Lab
import Panes

extension FixtureRun {
  /// Scores of both models after each of the epochs.
  mutating func compareScores(epochs: Range<Int>, teacherOnly: Bool = false) {
    for epoch in epochs {
      for (model, lead) in [("student", 0.0), ("teacher", 0.06)] {
        if teacherOnly, model == "student" { continue }
        let f1 = (1 - 1 / (1 + Double(epoch) / 2)) * 0.8 + lead
        add(
          body(
            """
            {"split":"validation","model":"\(model)","seconds":0.4,"loss":\(0.9 - f1 / 2),
            "metrics":{"f1-macro":\(f1),"ap-macro":\(f1 + 0.05)},"perClass":[],
            "scored":47,"entries":480}
            """) as EvalEnd, step: epoch * 40)
      }
    }
  }

  mutating func scalars(_ values: [String: Double], step: Int) {
    let series = values.sorted { $0.key < $1.key }.map { "\"\($0.key)\":[\($0.value)]" }
    add(
      body("{\"first\":\(step),\"n\":1,\"series\":{\(series.joined(separator: ","))}}") as Scalars,
      step: step)
  }

  /// Every third missing training label of the first classes is masked.
  mutating func mask(step: Int) {
    let training = Fixture.dataset.clips.filter { $0.split == "train" }
    let count = Fixture.classes.count
    let cells = training.indices.flatMap { n in
      (0..<8).filter { training[n].labels[$0] == .missing && (n + $0) % 3 == 0 }
        .map { n * count + $0 }
    }
    let differences = zip(cells, [0] + cells).map { "\($0 - $1)" }
    let scores = cells.indices.map { "\(0.5 + Double($0 % 40) / 100)" }
    let thresholds = (0..<count).map { $0 < 8 ? "0.5" : "null" }
    let candidates = (0..<count).map { "\(120 + $0)" }
    add(
      body(
        """
        {"method":"label-enhancing","thresholds":[\(thresholds.joined(separator: ","))],
        "candidates":[\(candidates.joined(separator: ","))],
        "cells":[\(differences.joined(separator: ","))],
        "scores":[\(scores.joined(separator: ","))],"precision":0.31,"recall":0.78}
        """) as MaskDelta, step: step)
  }

  /// The teacher's and the student's answers about clips, apart by a different amount for each.
  mutating func answers(_ clips: [Int], step: Int, shift: Double = 0) {
    for i in clips {
      for (model, lead) in [("student", 0.0), ("teacher", Double(i % 5) / 12)] {
        let probs = Fixture.classes.indices.map { c in
          "\(min(1, Double((i * 5 + c * 7) % 13) / 16 + (c == i % 12 ? lead : 0) + shift))"
        }
        let id = Fixture.dataset.clips[i].id
        add(
          body(
            """
            {"clip":"\(id)","model":"\(model)","probs":[\(probs.joined(separator: ","))],
            "labels":""}
            """) as ClipPrediction, step: step)
      }
    }
  }

  /// The phases of a step with what they made, up to and including `last`.
  mutating func walk(to last: String, step: Int) {
    let clips = (0..<8).map { "\"\(Fixture.dataset.clips[$0].id)\"" }.joined(separator: ",")
    let tensors = [
      "batch": [("input", "[8,1,64,126]"), ("targets", "[8,12]"), ("observed", "[8,12]")],
      "studentFwd": [("student", "[8,12]")],
      "teacherFwd": [("teacher", "[8,12]"), ("teacher - student", "[8,12]")],
    ]
    let order = ["batch", "studentFwd", "teacherFwd", "losses", "backward", "optim", "ema"]
    for (i, phase) in order.enumerated() {
      let made = (tensors[phase] ?? []).map {
        "{\"name\":\"\($0.0)\",\"shape\":\($0.1),\"min\":0,\"max\":0.93,\"mean\":0.21,"
          + "\"norm\":4.2,\"nonFinite\":0}"
      }
      let terms = i < 3 ? "" : Self.terms(gradients: i > 3, at: step + 1, counts: i == 3)
      let rate = phase == "optim" ? ",\"rate\":0.00085" : ""
      add(
        body(
          """
          {"phase":"\(phase)","clips":[\(clips)],"tensors":[\(made.joined(separator: ","))],
          "terms":[\(terms)],"duration":\((i + 1) * 3_100_000)\(rate)\(answers(phase))}
          """) as StepSnapshot, step: step)
      if phase == last { return }
    }
  }

  /// Of the training pass: other numbers than those of a model that is asked.
  private func answers(_ phase: String) -> String {
    let leads: [String: Double] = ["studentFwd": 0, "teacherFwd": 0.05]
    guard let lead = leads[phase] else { return "" }
    let rows = (0..<8).map { i -> String in
      let values = Fixture.classes.indices.map { c -> String in
        let value = Double((i * 3 + c * 5) % 11) / 12 + lead
        return "\(value)"
      }
      return "[" + values.joined(separator: ",") + "]"
    }
    return ",\"answers\":[" + rows.joined(separator: ",") + "]"
  }

  /// `step`: where gradients were measured; `counts`: with the entries that each mean runs over.
  static func terms(gradients: Bool, at step: Int = 151, counts: Bool = false) -> String {
    let at = ",\"measuredAt\":\(step)"
    let first = gradients ? ",\"gradNorm\":0.83\(at)" : ""
    let second = gradients ? ",\"gradNorm\":0.11,\"cosWithSupervised\":-0.62\(at)" : ""
    let flags = gradients ? "\"conflicting\"" : ""
    return """
      {"name":"bce","value":0.2141,"weight":1,"contribution":0.2141,"denominator":20,
      "entries":96,"flags":[]\(first)\(counts ? counted { $0 != .missing } : "")},
      {"name":"consistency","value":0.0127,"weight":0.5,"contribution":0.00635,"denominator":96,
      "entries":96,"flags":[\(flags)]\(second)\(counts ? counted { _ in true } : "")}
      """
  }

  private static func counted(_ counts: (LabelState) -> Bool) -> String {
    let rows = Fixture.dataset.clips.prefix(8).map { clip in
      "\"" + clip.labels.map { counts($0) ? "1" : "0" }.joined() + "\""
    }
    return ",\"counted\":[\(rows.joined(separator: ","))]"
  }
}

/// Situations with a teacher.
enum TeacherScene: String, CaseIterable {
  /// Curves of both models while mean teacher trains.
  case curves
  /// Held behind the losses of a step.
  case losses
  /// Held behind a whole step, answers in.
  case stepped
  /// Label enhancing trains its student; cells are masked, the teacher has answered.
  case masked

  func bench(_ screen: Panes.Screen, width: Int = 80, height: Int = 24) -> Workbench {
    var bench = Fixture.bench(screen)
    bench.resize(width: width, height: height)
    _ = bench.open()
    bench.apply(.dataset(Fixture.dataset))
    bench.apply(.sound(Fixture.sound))
    bench.apply(.run("mean-teacher-s0"))
    bench.tick(120)
    bench.apply(.events(events))
    guard self == .losses || self == .stepped else { return bench }
    _ = bench.perform(.phase)
    bench.apply(.events(held))
    return bench
  }

  private var events: [Event] {
    let isEnhancing = self == .masked
    var run = FixtureRun(isEnhancing ? "label-enhancing-s0" : "mean-teacher-s0")
    run.started(
      teacher: true, method: isEnhancing ? "label-enhancing" : "mean-teacher",
      stages: isEnhancing ? ["teacher", "student"] : [])
    run.state("running", step: 0, extra: isEnhancing ? ",\"what\":\"teacher\"" : "")
    run.train(0..<39)
    if isEnhancing {
      run.compareScores(epochs: 1..<4, teacherOnly: true)
      run.mask(step: 120)
      run.state("running", step: 120, extra: ",\"what\":\"student\"")
    }
    run.compareScores(epochs: isEnhancing ? 4..<6 : 1..<6)
    run.scalars(
      ["loss/total": 0.23, "loss/bce": 0.22, "disagree/cells": 0.061, "mask/ratio": 0.3], step: 200)
    run.add(body("{\"terms\":[\(FixtureRun.terms(gradients: true))]}") as Terms, step: 200)
    run.answers(Array(0..<(isEnhancing ? 120 : 40)), step: 200)
    return run.events
  }

  private var held: [Event] {
    var run = FixtureRun("mean-teacher-s0")
    run.walk(to: self == .losses ? "losses" : "ema", step: 200)
    if self == .stepped {
      run.scalars(["loss/total": 0.22045], step: 201)
      run.answers([0, 1], step: 201, shift: 0.013)
    }
    run.state("paused", step: self == .losses ? 200 : 201)
    return run.events
  }
}
