// Squared error, InfoNCE and distance correlation: gradients and PyTorch's numbers.
import Autograd
import TestSupport
import Testing

@Suite struct AgreementTests {
  let z = Sample.normal([5, 3])
  let u = Sample.normal([5, 3], seed: 8)

  @Test func found() {
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
  @Test func infoNCEAsPyTorch() {
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
  @Test func distanceCorrelationAsPyTorch() {
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
