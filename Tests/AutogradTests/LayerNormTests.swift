// Layer normalisation against central differences.
import Autograd
import TestSupport
import Testing

@Suite struct LayerNormTests {
  @Test(arguments: [[5, 7], [2, 3, 33], [130, 4]])
  func layerNorm(_ shape: [Int]) {
    let width = shape.last ?? 1
    let gamma = Sample.uniform([width], 0.5...2)
    let beta = Sample.normal([width], seed: 8)
    #expect(
      checkGradient("layer norm", Sample.normal(shape), gamma, beta, tolerance: 5e-3) {
        $0[0].layerNorm($0[1], $0[2], epsilon: 1e-12)
      } == [])
  }
}
