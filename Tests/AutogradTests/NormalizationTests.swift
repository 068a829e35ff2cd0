// Batch normalisation and what is fused into it, against central differences and against the same
// done one by one.
import Autograd
import TestSupport
import Testing

@Suite struct NormalizationGradients {
  @Test(arguments: [
    [7, 3], [3, 5, 2], [2, 3, 5, 3], [4, 1, 1, 17], [5, 6], [3, 16], [40, 1],
  ])
  func batchNorm(_ shape: [Int]) {
    let x = Sample.normal(shape)
    let channels = shape[shape.count - 1]
    let gamma = Sample.uniform([channels], 0.5...2)
    let beta = Sample.normal([channels], seed: 8)
    #expect(
      checkGradient("batch moments", x, gamma, beta, tolerance: 5e-3) {
        $0[0].batchNorm($0[1], $0[2], epsilon: 1e-5).output
      } == [])
    let (mean, variance) = (Sample.normal([channels]), Sample.uniform([channels], 0.5...2))
    #expect(
      checkGradient("given moments", x, gamma, beta) {
        $0[0].batchNorm($0[1], $0[2], mean: mean, variance: variance, epsilon: 1e-5)
      } == [])
  }

  @Test func batchNormWithReLU() {
    // β far from the outputs' zero crossing on either side, by channel.
    let x = Sample.uniform([3, 4, 2], -1...1)
    let gamma = Tensor([0.1, 0.2], [2])
    let beta = Tensor([2, -2], [2])
    #expect(
      checkGradient("batch norm and ReLU", x, gamma, beta) {
        $0[0].batchNorm($0[1], $0[2], epsilon: 1e-5, Epilogue(relu: true)).output
      } == [])
  }

  @Test func momentsFarFromZero() {
    let shape = [500, 2]
    let x = Sample.normal(shape) * 0.01 + Tensor([3000, -5], [2])
    let result = x.batchNorm(Tensor([1, 1], [2]), .zeros([2]), epsilon: 0)
    for (channel, middle) in [(0, 3000.0), (1, -5.0)] {
      let column = stride(from: channel, to: 1000, by: 2).map { Double(x.values[$0]) }
      let mean = column.reduce(0, +) / 500
      let variance = column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 500
      #expect(abs(Double(result.mean.values[channel]) - mean) < 1e-6 * abs(middle))
      #expect(abs(Double(result.variance.values[channel]) / variance - 1) < 1e-4)
    }
  }
}

/// Everything that may follow, fused and apart, forward and backward.
@Suite struct FusedNormalization {
  static let shapes = [[2, 5, 7, 3], [3, 4, 6, 16], [1, 6, 9, 35], [2, 9, 4, 1]]
  static let windows: [Extent?] = [nil, Extent(2), Extent(2, 3), Extent(1, 4)]

  @Test(arguments: shapes, windows)
  func equalsTheUnfusedOperations(_ shape: [Int], _ pool: Extent?) {
    for adds in [false, true] {
      for relu in [false, true] {
        #expect(problem(shape, pool, adds: adds, relu: relu) == nil)
      }
    }
  }

  /// γ next to nothing: what won says nothing of the input any more.
  @Test func tinyScales() {
    #expect(problem([2, 6, 8, 16], Extent(2), adds: false, relu: true, gamma: 1e-6) == nil)
    #expect(problem([2, 6, 8, 16], Extent(2), adds: false, relu: true, gamma: 0) == nil)
  }

  /// Several parts of rows, of channels that fill no vector.
  @Test(arguments: [[5, 3], [700, 16], [900, 128], [2, 3, 7, 35]])
  func fusedDropoutEqualsTheUnfusedOperations(_ shape: [Int]) {
    let x = Parameter(Sample.normal(shape))
    let channels = shape[shape.count - 1]
    let gamma = Parameter(Sample.uniform([channels], 0.5...2))
    let beta = Parameter(Sample.normal([channels], seed: 3))
    func source() -> RandomSource { RandomSource(Generator(seed: 5)) }
    let fused = x.tensor.batchNorm(
      gamma.tensor, beta.tensor, epsilon: 1e-5,
      Epilogue(relu: true, dropout: DropoutDraw(0.4, source()))
    ).output
    let apart = x.tensor.batchNorm(
      gamma.tensor, beta.tensor, epsilon: 1e-5, Epilogue(relu: true)
    ).output.dropout(0.4, source())
    #expect(fused.values == apart.values)
    let weights = Sample.normal(shape, seed: 9)
    let one = gradients(of: (fused * weights).sum())
    let two = gradients(of: (apart * weights).sum())
    for parameter in [x, gamma, beta] {
      let (found, expected) = (one[parameter] ?? .zeros([0]), two[parameter] ?? .zeros([0]))
      #expect(distance(found, expected.values) < 4e-5)
    }
  }

  private func problem(
    _ shape: [Int], _ pool: Extent?, adds: Bool, relu: Bool, gamma scale: Float? = nil
  ) -> String? {
    let x = Parameter(Sample.normal(shape))
    let residual = Parameter(Sample.normal(shape, seed: 7))
    let gamma = Parameter(
      scale.map { Tensor(repeating: $0, [shape[3]]) } ?? Sample.uniform([shape[3]], 0.5...2))
    let beta = Parameter(Sample.normal([shape[3]], seed: 3))
    let fused = x.tensor.batchNorm(
      gamma.tensor, beta.tensor, epsilon: 1e-5,
      Epilogue(adding: adds ? residual.tensor : nil, relu: relu, pool: pool)
    ).output
    var apart = x.tensor.batchNorm(gamma.tensor, beta.tensor, epsilon: 1e-5).output
    if adds { apart = apart + residual.tensor }
    if relu { apart = apart.relu() }
    if let pool { apart = apart.maxPool2d(pool) }
    guard fused.shape == apart.shape, distance(fused, apart.values) < 1e-6 else { return "output" }
    let weights = Sample.normal(fused.shape, seed: 9)
    let one = gradients(of: (fused * weights).sum())
    let two = gradients(of: (apart * weights).sum())
    for (name, parameter) in [("x", x), ("gamma", gamma), ("beta", beta), ("residual", residual)] {
      guard let expected = two[parameter] else { continue }
      guard distance(one[parameter] ?? .zeros([0]), expected.values) < 2e-5 else { return name }
    }
    return nil
  }
}

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
