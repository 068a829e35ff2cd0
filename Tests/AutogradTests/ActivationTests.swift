// Activations against central differences, away from their kinks.
import Autograd
import TestSupport
import Testing

@Suite struct ActivationTests {
  let kinked = Sample.distinct([3, 7])

  @Test func activations() {
    #expect(checkGradient("relu", kinked) { $0[0].relu() } == [])
    #expect(checkGradient("sigmoid", Sample.normal([3, 7])) { $0[0].sigmoid() } == [])
    #expect(checkGradient("exp", Sample.normal([3, 7])) { $0[0].exp() } == [])
    #expect(checkGradient("log", Sample.uniform([3, 7], 0.5...3)) { $0[0].log() } == [])
    #expect(checkGradient("clamp", kinked) { $0[0].clamp(-1, 0.8) } == [])
  }
}
