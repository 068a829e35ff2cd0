// Dense layers against central differences, on odd shapes, and the product at its edges.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct LinearTests {
  @Test func linear() {
    let weight = Sample.normal([4, 3], seed: 5)
    let bias = Sample.normal([4], seed: 6)
    for shape in [[5, 3], [2, 5, 3], [3]] {
      let x = Sample.normal(shape)
      #expect(checkGradient("linear", x, weight, bias) { $0[0].linear($0[1], $0[2]) } == [])
    }
  }

  @Test func residualAndGELU() {
    let x = Sample.normal([2, 5, 3])
    let weight = Sample.normal([7, 3], seed: 5)
    let bias = Sample.normal([7], seed: 6)
    let residual = Sample.normal([2, 5, 7], seed: 8)
    #expect(
      checkGradient("linear, residual", x, weight, bias, residual) {
        $0[0].linear($0[1], $0[2], adding: $0[3])
      } == [])
    #expect(
      checkGradient("linear, GELU", x, weight, bias) {
        $0[0].linear($0[1], $0[2], gelu: true)
      } == [])
    #expect(
      checkGradient("linear, residual, GELU, no bias", x, weight, residual) {
        $0[0].linear($0[1], adding: $0[2], gelu: true)
      } == [])
  }

  @Test func concatenatedLayersEqualSeparateLayers() {
    let weights = [Sample.normal([4, 5], seed: 5), Sample.normal([3, 5], seed: 6)]
    let bias = Sample.normal([3], seed: 7)
    for rows in [2, 9] {  // one by one, and as one
      #expect(
        checkGradient("two layers", Sample.normal([rows, 2, 5]), weights[0], weights[1], bias) {
          $0[0].linear([($0[1], nil), ($0[2], $0[3])])
        } == [])
    }
    let frozen = Parameter(weights[0], isTrainable: false)
    let free = Parameter(weights[1])
    let x = Sample.normal([9, 2, 5])
    let found = gradients(
      of: x.linear([(frozen.tensor, nil), (free.tensor, bias)]).slice(2, 4..<7).sum())
    let alone = gradients(of: x.linear(free.tensor, bias).sum())
    #expect(found[frozen] == nil)
    #expect(
      relativeDistance(
        found[free]?.values ?? [], alone[free]?.values.map(Double.init) ?? []) < 1e-6)
  }

  @Test func frozenWeightsGetNoGradient() {
    let x = Parameter(Sample.normal([4, 3]))
    let weight = Parameter(Sample.normal([2, 3], seed: 5), isTrainable: false)
    let bias = Parameter(Sample.normal([2], seed: 6))
    let found = gradients(of: x.tensor.linear(weight.tensor, bias.tensor, gelu: true).sum())
    #expect(found[weight] == nil)
    #expect(found[x]?.shape == [4, 3])
    #expect(found[bias]?.shape == [2])
  }

  /// m, n, k around the sizes of tiles, panels and blocks.
  static let sizes = [
    [1, 1, 1], [12, 32, 384], [13, 33, 385], [11, 31, 383], [700, 5, 3], [5, 700, 9],
    [37, 65, 770], [640, 40, 400],
  ]

  @Test(arguments: sizes)
  func productsAgreeWithDoublePrecision(_ sizes: [Int]) {
    let (m, n, k) = (sizes[0], sizes[1], sizes[2])
    let a = Sample.normal([m, k])
    let b = Sample.normal([k, n], seed: 4)
    let expected = reference(a.values, b.values, m, n, k)
    for precision in Precision.allCases {
      let limit = precision == .fp32 || !precision.isSupported ? 1e-6 : 1e-2
      let c = a.matmul(b, precision: precision)
      #expect(relativeDistance(c.values, expected) < limit)
      let turned = a.linear(b.transpose([1, 0]), precision: precision)
      #expect(relativeDistance(turned.values, expected) < limit)
    }
  }

  @Test func resultIsIdenticalForAnyNumberOfThreads() {
    let x = Sample.normal([700, 96])
    let weight = Sample.normal([100, 96], seed: 2)
    let before = ThreadPool.shared.threads
    defer { ThreadPool.configure(threads: before) }
    let results = [1, 2, 5].map { threads in
      ThreadPool.configure(threads: threads)
      return x.linear(weight).values
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  private func reference(_ a: [Float], _ b: [Float], _ m: Int, _ n: Int, _ k: Int) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for p in 0..<k {
        let x = Double(a[i * k + p])
        for j in 0..<n { c[i * n + j] += x * Double(b[p * n + j]) }
      }
    }
    return c
  }
}

@Suite struct MatMulTests {
  @Test(arguments: [[1, 1, 1], [3, 5, 2], [7, 1, 4], [20, 3, 5]])
  func matrixProducts(_ sizes: [Int]) {
    let a = Sample.normal([sizes[0], sizes[1]])
    let b = Sample.normal([sizes[1], sizes[2]], seed: 4)
    #expect(checkGradient("matmul", a, b) { $0[0].matmul($0[1]) } == [])
  }
}
