// Adam, its state, the schedules, and settings checked against a card.
import Autograd
import Layers
import TestSupport
import Testing

@Suite struct AdamTests {
  /// Two steps of a slope 2 at p = 1 by hand: the first moves by the rate, whatever the slope.
  @Test func stepsMatchHandComputedValues() {
    let p = Parameter(Tensor([1], [1]))
    let adam = Adam([("p", p)])
    adam.step(gradients(of: (p.tensor * 2).sum()), learningRate: 0.1)
    #expect(abs(p.value.item - 0.9) < 1e-6)
    adam.step(gradients(of: (p.tensor * -1).sum()), learningRate: 0.1)
    // m = 0.9·0.2 − 0.1 = 0.08, v = 0.999·0.004 + 0.001 = 0.004996; corrected by 0.19, 0.001999.
    let expected = 0.9 - 0.1 * (0.08 / 0.19) / (0.004996 / 0.001999).squareRoot()
    #expect(abs(Double(p.value.item) - expected) < 1e-6)
  }

  @Test func coupledDecayIsAddedToTheGradient() {
    let p = Parameter(Tensor([4], [1]))
    Adam([("p", p)], weightDecay: 0.5).step(
      gradients(of: (p.tensor * 0).sum()), learningRate: 0.1)
    #expect(abs(p.value.item - 3.9) < 1e-6)
    let q = Parameter(Tensor([4], [1]))
    Adam([("q", q)], decay: .decoupled(0.5)).step(
      gradients(of: (q.tensor * 0).sum()), learningRate: 0.1)
    #expect(abs(q.value.item - 4 * 0.95) < 1e-6)
  }

  @Test func parametersWithoutAGradientDoNotChange() {
    let (p, q) = (Parameter(Tensor([1], [1])), Parameter(Tensor([1], [1])))
    Adam([("p", p), ("q", q)], weightDecay: 1).step(
      gradients(of: p.tensor.sum()), learningRate: 0.1)
    #expect(p.value.item != 1 && q.value.item == 1)
  }

  /// PyTorch counts the steps of each parameter. With a slope of one sign the moments, corrected for
  /// that count, move a parameter by the rate from its first slope on.
  @Test func lateParameterTakesFullSteps() throws {
    let (p, q) = (Parameter(Tensor([1], [1])), Parameter(Tensor([1], [1])))
    let parameters = [(name: "p", parameter: p), (name: "q", parameter: q)]
    var adam = Adam(parameters)
    for _ in 0..<10 { adam.step(gradients(of: q.tensor.sum()), learningRate: 0.1) }
    #expect(p.value.item == 1)
    let both = { gradients(of: (p.tensor * 0.5 + q.tensor).sum()) }
    adam.step(both(), learningRate: 0.1)
    #expect(abs(p.value.item - 0.9) < 1e-6)
    // Put away and taken up again, the counts stay apart.
    let state = adam.state
    #expect(state["step"]?.item == 11 && state["p.step"]?.item == 1 && state["q.step"] == nil)
    adam = Adam(parameters)
    try adam.restore(state)
    for expected: Float in [0.8, 0.7, 0.6] {
      adam.step(both(), learningRate: 0.1)
      #expect(abs(p.value.item - expected) < 1e-5)
    }
    #expect(adam.steps == 14)
  }

  /// What was saved before parameters had counts of their own: that of all steps is everybody's.
  @Test func statesWithASingleCountAreRead() throws {
    let p = Parameter(Tensor([1], [1]))
    let adam = Adam([("p", p)])
    for _ in 0..<3 { adam.step(gradients(of: p.tensor.sum()), learningRate: 0.1) }
    #expect(Set(adam.state.keys) == ["step", "p.mean", "p.square"])
    let value = p.value
    let other = Adam([("p", p)])
    try other.restore(adam.state)
    adam.step(gradients(of: (p.tensor * 0.3).sum()), learningRate: 0.1)
    let next = p.value.item
    p.value = value
    other.step(gradients(of: (p.tensor * 0.3).sum()), learningRate: 0.1)
    #expect(p.value.item == next)
  }

  @Test func resumingContinuesExactly() throws {
    func parameters() -> [(name: String, parameter: Parameter)] {
      [("a", Parameter(Sample.normal([5]))), ("b", Parameter(Sample.normal([2, 3])))]
    }
    func step(_ adam: Adam, _ p: [(name: String, parameter: Parameter)]) {
      let loss = p.map { ($0.parameter.tensor * $0.parameter.tensor).sum() }
      adam.step(gradients(of: loss[0] + loss[1]), learningRate: 0.01)
    }
    let whole = parameters()
    let adam = Adam(whole, weightDecay: 1e-5)
    for _ in 0..<7 { step(adam, whole) }
    let halfState = adam.state
    let half = whole.map { $0.parameter.value }
    for _ in 0..<5 { step(adam, whole) }

    let resumed = parameters()
    for (p, value) in zip(resumed, half) { p.parameter.value = value }
    let second = Adam(resumed, weightDecay: 1e-5)
    try second.restore(halfState)
    #expect(second.steps == 7)
    for _ in 0..<5 { step(second, resumed) }
    for (a, b) in zip(whole, resumed) {
      #expect(a.parameter.value.values == b.parameter.value.values)
    }
  }

  @Test func stateOfOtherParametersIsRefused() {
    let adam = Adam([("p", Parameter(Tensor([1], [1])))])
    #expect(throws: StateError.missing("step")) { try adam.restore([:]) }
    let wrong = ["step": Tensor(3), "p.mean": Tensor.zeros([2]), "p.square": Tensor.zeros([1])]
    #expect(throws: StateError.shape("p.mean", found: [2], expected: [1])) {
      try adam.restore(wrong)
    }
    #expect(adam.steps == 0)
  }
}

@Suite struct InfiniteSlopes {
  /// As in PyTorch: 0 times an infinite gradient, which is NaN, is not part of the sum.
  @Test func infiniteGradientsGiveInfinityInsteadOfNaN() {
    for momentum in [0, 0.9] {
      let p = Parameter(Tensor([1, 1], [2]))
      let slopes = gradients(of: (p.tensor * Tensor([.infinity, 2], [2])).sum())
      SGD([("p", p)], momentum: momentum).step(slopes, learningRate: 0.5)
      #expect(p.value.values == [-.infinity, 0])
    }
  }
}

@Suite struct Schedules {
  @Test func scheduleFactors() {
    #expect(Schedule.constant.factor(step: 90, of: 100) == 1)
    #expect(Schedule.cosine.factor(step: 0, of: 100) == 1)
    #expect(abs(Schedule.cosine.factor(step: 50, of: 100) - 0.5) < 1e-12)
    #expect(Schedule.cosine.factor(step: 100, of: 100) < 1e-12)
    #expect(
      [0, 29, 30, 60, 90].map { Schedule.halving.factor(step: $0, of: 100) }
        == [1, 1, 0.5, 0.25, 0.125])
  }
}
