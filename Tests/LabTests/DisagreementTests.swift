// What a run's state keeps of teacher against student, and of its masks.
import Lab
import Testing

@Suite struct DisagreementTests {
  private func state(_ bodies: [(any EventBody, step: Int, epoch: Int)]) -> RunState {
    var state = RunState()
    for (i, entry) in bodies.enumerated() {
      state.apply(
        Event(
          run: "r", seq: UInt64(i), t: 0, step: entry.step, epoch: entry.epoch, body: entry.0))
    }
    return state
  }

  private func said(_ model: String, _ probs: [Float], _ clip: String = "a") -> any EventBody {
    ClipPrediction(json: ["clip": clip, "model": model, "probs": probs, "labels": ".."])
  }

  @Test func predictionsOfAStepAreComparedOncePerEpoch() {
    let state = state([
      (said("student", [0.2, 0.4]), 10, 1), (said("teacher", [0.3, 0.1]), 10, 1),
      // Of another step: no pair.
      (said("student", [0.9, 0.9]), 14, 2),
      (said("teacher", [0.3, 0.4]), 20, 3), (said("student", [0.6, 0.4]), 20, 3),
      // A later pair of the same epoch replaces it.
      (said("student", [0.6, 0.4]), 22, 3), (said("teacher", [0.3, 0.3]), 22, 3),
      (said("student", [0.1, 0.1], "b"), 22, 3),
    ])
    let found = state.disagreements.byClip["a"] ?? []
    #expect(found.map(\.epoch) == [1, 3])
    #expect(found.map(\.classIndex) == [1, 0])
    #expect(abs(found[0].difference + 0.3) < 1e-6 && abs(found[1].difference + 0.3) < 1e-6)
    #expect(found.map(\.isSplit) == [false, true])
    #expect(state.disagreements.firstSplit("a")?.epoch == 3)
    #expect(state.disagreements.byClip["b"] == nil)
  }

  @Test func historyOfAClipIsBounded() {
    var bodies: [(any EventBody, step: Int, epoch: Int)] = []
    for epoch in 1...400 {
      bodies.append((said("student", [0.9]), epoch, epoch))
      bodies.append((said("teacher", [0.1]), epoch, epoch))
    }
    let state = state(bodies)
    #expect(state.disagreements.byClip["a"]?.count == Disagreements.capacity)
    #expect(state.disagreements.byClip["a"]?.last?.epoch == 400)
    #expect(state.disagreements.firstSplit("a")?.epoch == 1)
  }

  @Test func masksAreStoredOnce() {
    func mask(_ cells: [Int]) -> any EventBody {
      MaskDelta(json: [
        "method": "label-enhancing", "thresholds": [0.5], "candidates": [9], "cells": cells,
        "scores": cells.map { _ in 0.5 },
      ])
    }
    let state = state([(mask([1]), 10, 1), (mask([2, 1]), 20, 2), (mask([4]), 20, 2)])
    #expect(state.masks.map(\.step) == [10, 20])
    #expect(state.mask?.masked.map(\.cell) == [4])
  }
}
