// Five steps of every optimizer against PyTorch 2.15's numbers, float32.
import Autograd
import Layers
import TestSupport
import Testing

@Suite struct OptimizersAsPyTorch {
  typealias Named = [(name: String, parameter: Parameter)]

  /// From sin(1.7·i) with slopes sin(1.7·i + t + 0.3) + p/2 at step t.
  private func after(
    rates: [Double] = [Double](repeating: 0.01, count: 5), clip: Double? = nil,
    _ make: (Named) -> any Optimizer
  ) -> (values: [Float], norms: [Double]) {
    let p = Parameter(Sample.wave([4]))
    let optimizer = make([("p", p)])
    var norms: [Double] = []
    for (t, rate) in rates.enumerated() {
      let pull = (p.tensor * Sample.wave([4], phase: Double(t) + 0.3)).sum()
      var slopes = gradients(of: pull + p.tensor.squared().sum() * 0.25)
      if let clip { norms.append(slopes.clip(norm: clip, of: [p])) }
      optimizer.step(slopes, learningRate: rate)
    }
    return (p.value.values, norms)
  }

  private let tenths = [Double](repeating: 0.1, count: 5)

  @Test func adam() {
    let coupled = after { Adam($0, betas: (0.95, 0.999), weightDecay: 0.1) }
    expectClose(
      coupled.values, [-0.0373062529, 0.956503987, -0.216041163, -0.894235551], absolute: 1e-6)
    let decoupled = after { Adam($0, decay: .decoupled(0.1)) }
    expectClose(
      decoupled.values, [-0.0366937369, 0.955777228, -0.216221258, -0.894442618], absolute: 1e-6)
  }

  @Test func sgd() {
    let plain = after(rates: tenths) { SGD($0) }
    expectClose(
      plain.values, [-0.0673808455, 0.868510008, -0.156424627, -0.828201115], absolute: 1e-6)
    let momentum = after(rates: tenths) { SGD($0, momentum: 0.9, weightDecay: 0.1) }
    expectClose(
      momentum.values, [-0.438361496, 0.381503433, 0.340052307, -0.469130993], absolute: 1e-6)
  }

  @Test func nesterov() {
    let steady = after(rates: tenths) {
      SGD($0, momentum: 0.9, nesterov: true, weightDecay: 1e-2)
    }
    expectClose(
      steady.values, [-0.398881167, 0.490385681, 0.272514194, -0.560609519], absolute: 1e-6)
    let falling = after(rates: [0.1, 0.1, 0.05, 0.05, 0.01]) {
      SGD($0, momentum: 0.9, nesterov: true, weightDecay: 1e-2)
    }
    expectClose(
      falling.values, [-0.388989478, 0.506913483, 0.258363426, -0.573490918], absolute: 1e-6)
  }

  @Test func clippedByNorm() {
    let result = after(rates: tenths, clip: 1) { SGD($0) }
    expectClose(
      result.values, [-0.0470297411, 0.948876739, -0.197485358, -0.897986948], absolute: 1e-6)
    let norms = [2.00525641, 1.61590600, 1.10554314, 0.774308443, 1.42552626]
    for (got, expected) in zip(result.norms, norms) { #expect(abs(got - expected) < 1e-6) }
  }

  @Test func groups() {
    let (a, b) = (Parameter(Sample.wave([3])), Parameter(Sample.wave([2], phase: 1)))
    let frozen = Parameter(Tensor([5], [1]), isTrainable: false)
    let optimizer = SGD(
      groups: [
        ParameterGroup([("a", a), ("frozen", frozen)], rateFactor: 0.2, weightDecay: 0),
        ParameterGroup([("b", b)]),
      ], momentum: 0.5, weightDecay: 0.2)
    for t in 0..<3 {
      let first = (a.tensor * Sample.wave([3], phase: Double(t))).sum()
      let second = (b.tensor * Sample.wave([2], phase: Double(t) + 0.5)).sum()
      optimizer.step(gradients(of: first + second), learningRate: 0.1)
    }
    expectClose(a.value.values, [-0.0434300750, 0.954731882, -0.202593818], absolute: 1e-6)
    expectClose(b.value.values, [0.482767045, 0.350861669], absolute: 1e-6)
    #expect(frozen.value.values == [5])
    #expect(optimizer.state.keys.sorted() == ["a.velocity", "b.velocity", "step"])
  }
}

@Suite struct SGDState {
  @Test func resumingContinuesExactly() throws {
    func step(_ sgd: SGD, _ p: Parameter) {
      sgd.step(gradients(of: p.tensor.squared().sum()), learningRate: 0.01)
    }
    let p = Parameter(Sample.normal([5]))
    let sgd = SGD([("p", p)], momentum: 0.9, nesterov: true, weightDecay: 1e-4)
    for _ in 0..<7 { step(sgd, p) }
    let (saved, half) = (sgd.state, p.value)
    let velocity = saved["p.velocity"]?.values
    for _ in 0..<5 { step(sgd, p) }
    #expect(saved["p.velocity"]?.values == velocity, "what was saved stays as it was")

    let q = Parameter(half)
    let second = SGD([("p", q)], momentum: 0.9, nesterov: true, weightDecay: 1e-4)
    try second.restore(saved)
    #expect(second.steps == 7)
    for _ in 0..<5 { step(second, q) }
    #expect(q.value.values == p.value.values)
    #expect(throws: StateError.missing("p.velocity")) {
      try second.restore(["step": Tensor(1)])
    }
    #expect(second.steps == 12)
  }
}

@Suite struct Clipping {
  @Test func normOfAll() {
    let (p, q) = (Parameter(Tensor([1], [1])), Parameter(.zeros([2])))
    let other = Parameter(.zeros([1]))
    var slopes = gradients(of: (p.tensor * 3).sum() + (q.tensor * Tensor([0, 4], [2])).sum())
    #expect(slopes.norm(of: [p, q, other]) == 5)
    #expect(slopes.clip(norm: 10, of: [p, q]) == 5)
    #expect(slopes[p]?.values == [3])
    #expect(slopes.clip(norm: 1, of: [p, q]) == 5)
    #expect(abs(slopes.norm(of: [p, q]) - 1) < 1e-6)
    slopes.clip(values: 0.7)
    expectClose(slopes[q]?.values ?? [], [0, 0.7])
    expectClose(slopes[p]?.values ?? [], [0.6])
  }

  @Test func aNonFiniteNormChangesNothing() {
    let (p, q) = (Parameter(Tensor([1], [1])), Parameter(Tensor([1], [1])))
    var slopes = gradients(of: (p.tensor * .infinity).sum() + (q.tensor * 30).sum())
    #expect(slopes.clip(norm: 1, of: [p, q]) == .infinity)
    #expect(slopes[q]?.values == [30])
  }
}
