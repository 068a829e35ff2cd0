// The gradient check itself: it must notice a wrong gradient.
import Autograd
import TestSupport
import Testing

@Suite struct TheCheckItself {
  /// Values of x² with the gradient of x·c, c constant: half of the true one.
  @Test func detectsAWrongGradient() {
    let x = Sample.normal([4])
    let problems = checkGradient("wrong", x) { $0[0] * $0[0].detached }
    #expect(problems.count >= 3 && problems[0].hasPrefix("wrong: input 0[0] has gradient"))
  }

  @Test func detectsAMissingGradient() {
    let x = Sample.normal([2])
    let problems = checkGradient("missing", x, x) { $0[0] + $0[1].detached }
    #expect(problems == ["missing: input 1 has no gradient"])
  }
}

@Suite struct GradientsFromAbove {
  /// A known gradient of an output takes the place of a loss.
  @Test func upstreamGradientIsPropagated() {
    let p = Parameter(Tensor([1, 2, 3], [3]))
    let weights = Tensor([0.5, -1, 2], [3])
    let given = gradients(of: p.tensor.squared(), upstream: weights)[p]?.values
    let summed = gradients(of: (p.tensor.squared() * weights).sum())[p]?.values
    #expect(given == [1, -4, 12] && given == summed)
  }
}
