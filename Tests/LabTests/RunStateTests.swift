// Folding events into what a screen shows.
import Lab
import Testing

@Suite struct RunStateTests {
  private func state(_ bodies: [any EventBody]) -> RunState {
    bodies.enumerated().reduce(into: RunState()) { state, body in
      state.apply(Samples.event(body.element, seq: UInt64(body.offset + 1)))
    }
  }

  private func scalars(_ first: Int, _ values: [Float?]) -> any EventBody {
    Scalars(first: first, n: values.count, series: ["loss": values])
  }

  @Test func everyEventChangesTheState() {
    let state = state(Samples.bodies)
    #expect(state.started?.method == "b1")
    #expect(state.progress?.clipsSeen == 64)
    #expect(state.terms.first?.flags == ["dead"])
    #expect(state.series["loss/total"]?.steps == [4, 6])
    #expect(state.series["test/teacher/ap-macro"]?.values == [0.75])
    #expect(state.evaluations["test/teacher"]?.scored == 3)
    #expect(state.predictions["student/a"]?.labels == "P.")
    #expect(state.bestStep == 4)
    #expect(state.log.contains { $0.line.code == "no-positive" })
    #expect(state.fault?.tensor == "loss/cls")
    #expect(state.ended?.wall == 12.5)
  }

  @Test func repeatedStepsAreReplaced() {
    let state = state([scalars(1, [1, 2, 3, 4]), scalars(3, [7])])
    #expect(state.series["loss"]?.steps == [1, 2, 3])
    #expect(state.series["loss"]?.values == [1, 2, 7])
  }

  @Test func resumedRunHasNotEnded() {
    let state = state(Samples.bodies + [Samples.bodies[0]])
    #expect(state.ended == nil && state.fault == nil)
    #expect(state.series["loss/total"]?.count == 2)
  }

  @Test func theLogIsBounded() {
    let line = LogLine(json: ["level": "info", "code": "c", "text": "t"])
    #expect(state(Array(repeating: line, count: 600)).log.count == RunState.logCapacity)
  }
}

/// Two lines of one evaluation say whose they are; where there is one network, nothing is said.
@Test func theLogNamesTheScoredNetwork() {
  func lines(hasTeacher: Bool) -> [String] {
    guard var started = Samples.bodies[0] as? RunStarted else { return [] }
    started.hasTeacher = hasTeacher
    var state = RunState()
    state.apply(Samples.event(started))
    for (model, metrics) in [("student", ["f1-macro-both": 0.451]), ("teacher", [:])] {
      let end = EvalEnd(json: [
        "split": "test", "model": model, "seconds": 1, "metrics": metrics, "perClass": [Int](),
        "scored": 1,
        "entries": 1,
      ])
      state.apply(Samples.event(end))
    }
    return state.log.map(\.line.text).filter { $0.hasPrefix("test") }
  }
  #expect(
    lines(hasTeacher: true) == [
      "test student epoch 1: f1-macro-both 0.451", "test teacher epoch 1: no score is defined",
    ])
  #expect(lines(hasTeacher: false).first == "test epoch 1: f1-macro-both 0.451")
}

@Test func logReportsStartScoresCheckpointsAndEnd() {
  var state = RunState()
  func apply(_ body: any EventBody, seq: UInt64) {
    state.apply(Event(run: "r", seq: seq, t: seq, step: 10, epoch: 2, body: body))
  }
  apply(CheckpointSaved(json: ["file": "best", "reason": "best", "bytes": 1, "ms": 1]), seq: 0)
  apply(StateChange(json: ["state": "paused"]), seq: 1)
  apply(StateChange(json: ["state": "running"]), seq: 2)
  apply(RunEnded(json: ["reason": "done", "scores": [String: Int](), "wall": 3]), seq: 3)
  #expect(state.log.map(\.line.text) == ["best saved (best)", "held at step 10", "done after 3 s"])
}
