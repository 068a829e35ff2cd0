// Binary cross-entropy at its edges: soft targets, nothing observed, certain and wrong.
import Autograd
import TestSupport
import Testing

@Suite struct CrossEntropyEdges {
  /// `binary_cross_entropy_with_logits` and its gradient, PyTorch 2.15.
  @Test func extremeLogits() {
    let z = Parameter(Tensor([100, -100, 0, 30, -0.5], [1, 5]))
    let targets = Tensor([0, 1, 0.3, 0.9, 0.25], [1, 5])
    let loss = z.tensor.binaryCrossEntropy(
      logitsAgainst: targets, observed: Tensor(repeating: 1, [1, 5]))
    #expect(abs(loss.item - 40.8584442) < 1e-5)
    expectClose(
      gradients(of: loss)[z]?.values ?? [], [0.2, -0.2, 0.04, 0.0200000051, 0.0255081356],
      absolute: 1e-7)
  }

  /// `binary_cross_entropy` and its gradient, PyTorch 2.15.
  @Test func extremeProbabilities() {
    let p = Parameter(Tensor([0, 1, 0.3, 0.999, 1e-7], [1, 5]))
    let targets = Tensor([0.2, 0.7, 0.3, 0.9, 0.25], [1, 5])
    let loss = p.tensor.binaryCrossEntropy(
      probabilitiesAgainst: targets, observed: Tensor(repeating: 1, [1, 5]))
    #expect(abs(loss.item - 11.0664129) < 2e-6)
    expectClose(
      gradients(of: loss)[p]?.values ?? [],
      [-40_000_000_000, 60_000_002_048, 0, 19.8200817, -499_999.844], relative: 1e-5)
  }

  @Test func withoutObservedLabelsLossAndGradientAreZero() {
    let z = Parameter(Tensor([1, -2, .infinity], [1, 3]))
    let none = Tensor.zeros([1, 3])
    for loss in [
      z.tensor.binaryCrossEntropy(logitsAgainst: none, observed: none),
      z.tensor.binaryCrossEntropy(probabilitiesAgainst: none, observed: none),
    ] {
      #expect(loss.item == 0)
      #expect(gradients(of: loss)[z]?.values == [0, 0, 0])
    }
  }
}

@Suite struct LossGradients {
  let targets = Tensor([0, 1, 0.3, 1, 0, 0.7, 1, 0, 1, 0], [2, 5])
  let observed = Tensor([1, 1, 1, 0, 1, 0, 1, 1, 0, 1], [2, 5])

  @Test func crossEntropies() {
    #expect(
      checkGradient("logits", Sample.normal([2, 5])) {
        $0[0].binaryCrossEntropy(logitsAgainst: targets, observed: observed)
      } == [])
    #expect(
      checkGradient("probabilities", Sample.uniform([2, 5], 0.2...0.8)) {
        $0[0].binaryCrossEntropy(probabilitiesAgainst: targets, observed: observed)
      } == [])
  }
}
