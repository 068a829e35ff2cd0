// The events of a run of 400 steps, written as the log would hold them.
import Foundation
import Lab
import Panes

/// A body from its JSON, as it stands in `events.jsonl`.
func body<T: Decodable>(_ json: String, as type: T.Type = T.self) -> T {
  do { return try JSONDecoder().decode(T.self, from: Data(json.utf8)) } catch {
    preconditionFailure("the fixture is no \(T.self): \(error)")
  }
}

struct FixtureRun {
  private(set) var events: [Event] = []
  private let name: String

  init(_ name: String = "b1-cnn-s0") { self.name = name }

  mutating func add(_ kind: any EventBody, step: Int, seconds: Double? = nil) {
    let t = UInt64((seconds ?? Double(step) / 20) * 1e9)
    events.append(
      Event(
        run: name, seq: UInt64(events.count), t: t, step: step, epoch: step / 40, body: kind))
  }

  mutating func state(_ state: String, step: Int, extra: String = "") {
    add(body("{\"state\":\"\(state)\"\(extra)}") as StateChange, step: step)
  }

  mutating func started(
    teacher: Bool = false, method: String = "b1", stages: [String] = [],
    capabilities: [String] = ["pause", "perTermGrad"]
  ) {
    let classes = Fixture.classes.map { "\"\($0)\"" }.joined(separator: ",")
    let named = stages.isEmpty ? "" : ",\"stages\":[\"\(stages.joined(separator: "\",\""))\"]"
    add(
      body(
        """
        {"build":"test","seed":0,"threads":2,"dataset":"band","model":"cnn","method":"\(method)",
        "classes":[\(classes)],"plannedSteps":480,"plannedEpochs":12,"stepsPerEpoch":40,
        "parameters":91000,"trainableParameters":90500,"observed":192,"entries":1920,
        "hasTeacher":\(teacher),"capabilities":\(capabilities),"recipe":"seed: 0",
        "columns":["f1-macro","ap-macro"]\(named)}
        """) as RunStarted, step: 0)
  }

  /// Steps `from..<to`: losses, and at each end of an epoch an evaluation.
  mutating func train(_ range: Range<Int>) {
    for first in stride(from: range.lowerBound, to: range.upperBound, by: 40) {
      let steps = first..<min(range.upperBound, first + 40)
      let losses = steps.map { 1 / (1 + Double($0) / 60) + Double(($0 * 37) % 11) / 100 }
      let text = losses.map { "\($0)" }.joined(separator: ",")
      add(
        body(
          """
          {"first":\(first),"n":\(steps.count),"series":{"loss/total":[\(text)],
          "loss/bce":[\(text)]}}
          """) as Scalars, step: steps.upperBound)
      if steps.upperBound % 40 == 0 { evaluate(step: steps.upperBound) }
    }
    let step = range.upperBound
    add(
      body(
        """
        {"plannedSteps":480,"clipsSeen":\(step * 4),"observedCellsSeen":\(step * 5),
        "lr":0.00087,"stepsPerSec":14.6,"eta":12.4}
        """) as Lab.Progress, step: step)
    add(
      body(
        """
        {"terms":[{"name":"bce","value":0.2141,"weight":1,"contribution":0.2141,
        "gradNorm":0.83,"measuredAt":\(step),"denominator":61,"entries":640,"flags":[]}]}
        """) as Terms, step: step)
  }

  private mutating func evaluate(step: Int) {
    let share = 1 - 1 / (1 + Double(step) / 80)
    let classes = Fixture.classes.enumerated().map { i, name in
      let f1 = share * (1 - Double(i) / 20)
      let value = i == 3 ? "null" : "\(f1)"
      return """
        {"name":"\(name)","ap":\(f1 + 0.05),"rocAUC":\(f1 + 0.1),"precision":\(f1),"recall":\(f1),
        "f1":\(value),"f1Both":\(f1),"observed":\(4 + i % 5),"positives":\(i % 3)}
        """
    }
    add(
      body(
        """
        {"split":"validation","model":"student","seconds":0.4,
        "metrics":{"f1-macro":\(share),"ap-macro":\(share + 0.04),"roc-auc-macro":\(share + 0.1)},
        "perClass":[\(classes.joined(separator: ","))],"scored":47,"entries":480}
        """) as EvalEnd, step: step)
    add(
      body("{\"file\":\"best\",\"reason\":\"best\",\"bytes\":364000,\"ms\":12}") as CheckpointSaved,
      step: step)
    log("info", "eval", "epoch \(step / 40): f1-macro \((share * 1000).rounded() / 1000)", step)
  }

  mutating func log(_ level: String, _ code: String, _ text: String, _ step: Int) {
    add(
      body("{\"level\":\"\(level)\",\"code\":\"\(code)\",\"text\":\"\(text)\"}") as LogLine,
      step: step)
  }

  mutating func predict(_ clip: String, model: String = "student", step: Int) {
    let probs = Fixture.classes.indices.map { "\(Double(($0 * 7 + 3) % 12) / 12)" }
    let json = """
      {"clip":"\(clip)","model":"\(model)","probs":[\(probs.joined(separator: ","))],"labels":""}
      """
    add(body(json) as ClipPrediction, step: step)
  }
}

/// The situations a screen can be in.
enum Scene: String, CaseIterable {
  case empty, loading, idle, preparing, running, paused, stepping, evaluating, stopping, done,
    failed, attached, stale
  /// A recorded run, held on its way.
  case replaying

  func bench(_ screen: Panes.Screen) -> Workbench {
    var bench = Fixture.bench(screen)
    guard self != .empty else { return bench }
    _ = bench.open()
    bench.apply(
      .preparation(Preparation(what: "rendering band", done: 1240, total: 3000, eta: 12)))
    guard self != .loading else { return bench }
    bench.apply(.dataset(Fixture.dataset))
    bench.apply(.sound(Fixture.sound))
    bench.apply(.sessions(Fixture.sessions))
    bench.apply(.records(Fixture.records))
    guard self != .idle else { return bench }
    if self == .replaying { return replaying(bench, screen) }
    if self == .attached || self == .stale { return following(bench, screen) }
    _ = bench.perform(.run)
    bench.tick(110)
    _ = bench.perform(screen.action)
    bench.apply(.run("b1-cnn-s0"))
    bench.tick(120)
    if self == .stepping {
      bench.apply(.events(Scene.running.events))
      _ = bench.perform(.step)
      bench.apply(.events(Array(events.dropFirst(Scene.running.events.count))))
    } else {
      bench.apply(.events(events))
    }
    if self == .failed { _ = bench.perform(screen.action) }
    return bench
  }

  /// A recorded run, held on its way.
  private func replaying(_ idle: Workbench, _ screen: Panes.Screen) -> Workbench {
    var bench = idle
    bench.apply(.recording(Fixture.recording()))
    bench.seek(step: 130)
    _ = bench.perform(screen.action)
    bench.tick(200)
    return bench
  }

  /// A run of another process, which still talks or has been silent for 47 s.
  private func following(_ idle: Workbench, _ screen: Panes.Screen) -> Workbench {
    var bench = idle
    bench.apply(.run("b1-cnn-s0"))
    bench.apply(.attached(Attachment(run: "b1-cnn-s0", recipe: nil)))
    bench.apply(.events(events))
    _ = bench.perform(screen.action)
    bench.tick(self == .stale ? 147 : 110)
    return bench
  }

  var events: [Event] {
    var run = FixtureRun()
    if self == .preparing {
      run.state("preparing", step: 0, extra: ",\"fraction\":0.41,\"what\":\"log-mel\"")
      return run.events
    }
    run.started()
    run.state("running", step: 0)
    run.log("info", "start", "seed 0, 2 threads", 0)
    run.train(0..<180)
    run.log("info", "warm", "schedule: cosine", 180)
    run.predict("band-0000", step: 180)
    switch self {
    case .paused: run.state("paused", step: 180)
    case .stepping:
      run.add(body("{\"phase\":\"losses\",\"duration\":3000000}") as PhaseChange, step: 181)
      run.state("paused", step: 181)
    case .evaluating: run.state("evaluating", step: 180)
    case .stopping: run.state("stopping", step: 180)
    case .done:
      run.train(200..<480)
      run.state("done", step: 480)
      run.add(
        body(
          """
          {"reason":"done","scores":{"test":{"student":{"f1-macro":0.733,"ap-macro":0.8}}},
          "wall":33.2}
          """) as RunEnded, step: 480)
    case .failed:
      run.state("failed", step: 184)
      run.add(
        body(
          """
          {"code":"non-finite loss","message":"bce = nan","tensor":"conv3.weight (inf)",
          "lastGoodCheckpoint":160,"suggestion":["learning rate 0.03 is 10 times the default"]}
          """) as Fault, step: 184)
    default: break
    }
    return run.events
  }
}
