// Binary cross-entropy at its edges: soft targets, nothing observed, certain and wrong.
import Autograd
import Foundation
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

@Suite struct AgreementTests {
  let z = Sample.normal([5, 3])
  let u = Sample.normal([5, 3], seed: 8)

  @Test func cosineSimilarities() {
    #expect(checkGradient("mse", z, u) { $0[0].meanSquaredError($0[1]) } == [])
    for symmetric in [true, false] {
      #expect(
        checkGradient("infoNCE", z, u) {
          $0[0].infoNCE($0[1], temperature: 0.5, symmetric: symmetric)
        } == [])
    }
    let v = Sample.normal([5, 4], seed: 9)
    #expect(checkGradient("distanceCorrelation", z, v) { $0[0].distanceCorrelation($0[1]) } == [])
  }

  @Test func squaredError() {
    let loss = Tensor([1, 2, 3], [3]).meanSquaredError(Tensor([0, 2, 5], [3]))
    #expect(abs(loss.item - 5 / 3) < 1e-6)
  }

  /// τ 0.1; `cross_entropy` of the scores and of their transpose, PyTorch 2.15 in double.
  @Test func infoNCEMatchesPyTorch() {
    let z = Parameter(Sample.wave([4, 3]))
    let u = Parameter(Sample.wave([4, 3], phase: 0.5))
    let loss = z.tensor.infoNCE(u.tensor, temperature: 0.1)
    #expect(abs(loss.item - 0.239437849) < 1e-6)
    let found = gradients(of: loss)
    expectClose(
      found[z]?.values ?? [],
      [
        -0.208543809, 0.0503931559, 0.195558042, -0.0934210728, -0.558643992, 0.237377473,
        0.245148541, -0.455247414, -0.1278363, 0.173021736, 0.102301843, -0.199383781,
      ], absolute: 3e-6)
    expectClose(
      found[u]?.values ?? [],
      [
        0.049031051, -0.0580573315, -0.0340703107, 0.200128102, 0.280569694, -0.27242783,
        -0.114180895, 0.527826704, -0.0218342148, -0.501981555, 0.205313812, 0.44907442,
      ], absolute: 3e-6)
    let oneWay = z.tensor.infoNCE(u.tensor, temperature: 0.1, symmetric: false)
    #expect(abs(oneWay.item - 0.222439646) < 1e-6)
  }

  @Test func infoNCEOfHugeScoresIsFinite() {
    let loss = z.infoNCE(-z, temperature: 1e-4)
    #expect(loss.item.isFinite && loss.item > 1000)
    #expect(z.infoNCE(z, temperature: 1e-4).item < 1e-6)
  }

  /// PyTorch 2.15 in double, from the formula.
  @Test func distanceCorrelationMatchesPyTorch() {
    let z = Parameter(Sample.wave([4, 3]))
    let correlation = z.tensor.distanceCorrelation(Sample.wave([4, 2], phase: 1.1))
    #expect(abs(correlation.item - 0.476909154) < 1e-6)
    expectClose(
      gradients(of: correlation)[z]?.values ?? [],
      [
        0.0039102115, -9.85457462e-05, -0.00388482282, -0.00021086125, -0.0242284516,
        0.00645427507, -0.013288545, 0.0267313603, 0.00640015877, 0.00958919474,
        -0.00240436295, -0.00896961102,
      ], absolute: 1e-6)
    #expect(abs(z.value.distanceCorrelation(z.value * 3 + 1).item - 1) < 1e-5)
  }
}

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
  @Test func distancesOfCloseRowsAreAccurate() {
    let x = Tensor([1000, 1000, 1000, 1000.001], [2, 2])
    let exact = x.values[3] - x.values[2]
    #expect(abs(x.pairwiseDistances().values[1] / exact - 1) < 1e-5)
  }

  @Test func equalRowsAndZerosHaveFiniteGradients() {
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
