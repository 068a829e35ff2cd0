// Layers: names, initial values, running statistics, state in and out.
import Autograd
import Foundation
import Layers
import TestSupport
import Testing

private struct Block: Parametric {
  let conv1 = Conv2d(2, 3, kernel: Extent(3), bias: false, random: RandomSource(Generator(seed: 1)))
  let bn1 = BatchNorm(3)
  let rate = 0.5
  let layers = [
    Linear(3, 2, random: RandomSource(Generator(seed: 2))),
    Linear(2, 1, bias: false, random: RandomSource(Generator(seed: 3))),
  ]
  let nothing: Linear? = nil
}

private func source(_ seed: Int) -> RandomSource { RandomSource(Generator(seed: seed)) }

@Suite struct Names {
  @Test func namesComeFromPropertyLabels() {
    #expect(
      Block().namedParameters.map(\.name) == [
        "conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
        "layers.0.weight", "layers.0.bias", "layers.1.weight",
      ])
    #expect(Block().trainableCount == 54 + 6 + 8 + 2)
  }

  @Test func stateIsRestoredCompletelyOrNotAtAll() throws {
    let (one, two) = (Linear(3, 2, random: source(1)), Linear(3, 2, random: source(2)))
    let before = two.weight.value.values
    #expect(before != one.weight.value.values)
    try two.restore(one.state)
    #expect(two.weight.value.values == one.weight.value.values)

    var state = one.state
    state["bias"] = .zeros([3])
    state["weight"] = .zeros([2, 3])
    #expect(throws: StateError.shape("bias", found: [3], expected: [2])) {
      try two.restore(state)
    }
    state["bias"] = nil
    #expect(throws: StateError.missing("bias")) { try two.restore(state) }
    state["bias"] = .zeros([2])
    state["other"] = .zeros([1])
    #expect(throws: StateError.unknown("other")) { try two.restore(state) }
    #expect(two.weight.value.values == one.weight.value.values)
  }
}

@Suite struct Initial {
  @Test func boundsFollowFanIn() {
    let layer = Conv2d(4, 50, kernel: Extent(5), random: source(1))
    let bound = Float(0.1)  // 1/√(4·25)
    for parameter in [layer.weight, layer.bias].compactMap({ $0 }) {
      let values = parameter.value.values
      let largest = values.map(abs).max() ?? 0
      #expect(largest <= bound && largest > 0.9 * bound)
    }
    let he = Linear(6, 400, initialization: .he, random: source(2))
    let largest = he.weight.value.values.map(abs).max() ?? 0
    #expect(largest <= 1 && largest > 0.95)
    #expect(he.bias?.value.values.allSatisfy { $0 == 0 } == true)
  }

  @Test func sameSeedSameValues() {
    let a = Linear(5, 5, random: source(9)).weight.value.values
    #expect(a == Linear(5, 5, random: source(9)).weight.value.values)
    #expect(a != Linear(5, 5, random: source(10)).weight.value.values)
  }
}

@Suite struct BatchNormLayer {
  @Test func runningStatisticsAreUnbiasedAndSlow() {
    let layer = BatchNorm(2)
    let x = Tensor([1, 10, 3, 30], [2, 2])  // channel 0: 1, 3; channel 1: 10, 30
    _ = layer(x, .training(source(1)))
    #expect(distance(layer.runningMean.value, [0.2, 2]) < 1e-6)
    #expect(distance(layer.runningVar.value, [0.9 + 0.2, 0.9 + 20]) < 1e-5)
  }

  @Test func evaluationUsesRunningStatisticsUnchanged() {
    let layer = BatchNorm(1)
    let x = Tensor([2, 4], [2, 1])
    let y = layer(x, .evaluation())
    #expect(distance(y, [2, 4].map { $0 / Float(1.00001).squareRoot() }) < 1e-6)
    #expect(layer.runningMean.value.values == [0])
    #expect(!y.needsGradient)
  }
}

@Suite struct Modes {
  @Test func dropoutIsActiveOnlyInTraining() {
    let x = Tensor(repeating: 1, [1000])
    #expect(Dropout(0.5)(x, .evaluation()).values == x.values)
    #expect(Dropout(0.5)(x, .training(source(1))).values.contains(0))
  }

  @Test func unrecordedModesRecordNothing() {
    let layer = Linear(2, 2, random: source(1))
    let x = Tensor.zeros([1, 2])
    #expect(layer(x, .training(source(1))).needsGradient)
    #expect(!layer(x, Mode.training(source(1)).unrecorded).needsGradient)
    #expect(layer(x, Mode(training: false, random: source(1), records: true)).needsGradient)
  }
}

@Suite struct Predictions {
  @Test func logitsAndProbabilitiesAgree() {
    let logits = Sample.normal([3, 4])
    let (targets, observed) = (Sample.uniform([3, 4], 0...1), Tensor(repeating: 1, [3, 4]))
    let one = Prediction(.logits(logits), embedding: .zeros([3, 1]))
    let two = Prediction(.probabilities(logits.sigmoid()), embedding: .zeros([3, 1]))
    #expect(one.probabilities.values == two.probabilities.values)
    let difference =
      one.binaryCrossEntropy(targets, observed: observed).item
      - two.binaryCrossEntropy(targets, observed: observed).item
    #expect(abs(difference) < 1e-6)
  }
}

@Suite struct SqueezeExcitationTests {
  @Test func scalesChannelsByWhatTheirMeansSay() {
    let layer = SqueezeExcitation(2, hidden: 1, random: source(1))
    layer.fc1.weight.value = Tensor([1, 1], [1, 2])
    layer.fc1.bias?.value = Tensor([-1], [1])
    layer.fc2.weight.value = Tensor([0, 2], [2, 1])
    layer.fc2.bias?.value = Tensor([0, -3], [2])
    // Means 2 and 1: hidden 2, excitation 0 and 1.
    let x = Tensor([1, 0, 3, 2], [1, 1, 2, 2])
    let gate = 1 / (1 + Foundation.exp(Float(-1)))
    expectClose(
      layer(x, .evaluation()).values, [0.5, 0, 1.5, 2 * gate], absolute: 1e-6)
    #expect(
      layer.namedParameters.map(\.name) == [
        "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias",
      ])
  }

  @Test(arguments: [SqueezeExcitation.Gate.sigmoid, .hardSigmoid])
  func gradientsReachTheInput(_ gate: SqueezeExcitation.Gate) {
    let layer = SqueezeExcitation(3, hidden: 2, gate: gate, random: source(4))
    #expect(
      checkGradient("squeezeExcitation", Sample.normal([2, 2, 3, 3])) {
        layer($0[0], .evaluation())
      } == [])
  }
}
