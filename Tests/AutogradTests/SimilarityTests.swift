// Rows compared with rows: gradients and plain double-precision values.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct SimilarityTests {
  let x = Sample.normal([5, 3])

  @Test func gradientsMatch() {
    #expect(checkGradient("l2Normalized", x) { $0[0].l2Normalized() } == [])
    #expect(
      checkGradient("l2Normalized", Sample.normal([2, 3, 35])) { $0[0].l2Normalized() } == [])
    let short = Tensor([0.1, -0.2, 0.05, 0.3], [2, 2])
    #expect(checkGradient("below ε", short) { $0[0].l2Normalized(epsilon: 2) } == [])
    #expect(checkGradient("gram", x) { $0[0].gram() } == [])
    #expect(checkGradient("cosineSimilarity", x) { $0[0].cosineSimilarity() } == [])
    #expect(checkGradient("distances", x) { $0[0].pairwiseDistances(epsilon: 0.1) } == [])
    #expect(
      checkGradient("distances", Sample.normal([3, 37])) { $0[0].pairwiseDistances() } == [])
  }

  @Test(arguments: [3, 16, 53, 640])
  func values(_ width: Int) {
    let x = Sample.normal([4, width])
    let rows = (0..<4).map { row in x.values[row * width..<(row + 1) * width].map(Double.init) }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let cosines = rows.flatMap { a in
      rows.map { b in Float(dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()) }
    }
    expectClose(x.cosineSimilarity().values, cosines, absolute: 1e-6)
    let distances = rows.flatMap { a in
      rows.map { b in
        let d = zip(a, b).map { $0 - $1 }
        return Float((dot(d, d) + 1e-12).squareRoot())
      }
    }
    expectClose(x.pairwiseDistances().values, distances, relative: 1e-6, absolute: 1e-9)
  }

  /// A thousandth apart at a length of a thousand: the Gram matrix would say 0.
  @Test func nearRowsKeepTheirDistance() {
    let x = Tensor([1000, 1000, 1000, 1000.001], [2, 2])
    let exact = x.values[3] - x.values[2]
    #expect(abs(x.pairwiseDistances().values[1] / exact - 1) < 1e-5)
  }

  @Test func equalRowsAndZerosPassFiniteGradients() {
    let p = Parameter(Tensor([1, 2, 1, 2, 0, 0], [3, 2]))
    let distances = gradients(of: p.tensor.pairwiseDistances().sum())[p]?.values ?? []
    #expect(distances.allSatisfy { $0.isFinite })
    #expect(Array(distances[..<2]) == Array(distances[2..<4]))
    let z = Parameter(.zeros([2, 3]))
    let y = z.tensor.l2Normalized()
    #expect(y.values.allSatisfy { $0 == 0 })
    #expect(gradients(of: y.sum())[z]?.values.allSatisfy(\.isFinite) == true)
  }
}
