/// Agreement with scikit-learn 1.9.1. The literals are printed by script/golden/classics.py.
import Classics
import TestSupport
import Testing

@Suite struct ClassicReferenceTests {
  @Test func rbfMachinesMatchScikitLearn() throws {
    let rest = try machine(.oneVersusRest, nil, cost: 1)
    expectClose(
      rest.decisionValues(try first()),
      [
        -0.9993727, 0.02591104, -1.116972, -1.512574, -0.6335528, -0.181855, -1.235598,
        -1.154935, -0.9434647, -1.181951, 1.097783, -1.199115,
      ], absolute: 2e-5)
    let pairs = try machine(.oneVersusOne, nil, cost: 1)
    expectClose(
      pairs.machineDecisions(try first()),
      [
        -0.4294215, 0.1790665, 0.9824306, 0.4343669, 1.386324, 0.9716654, -0.3099832,
        0.5108744, 0.6027325, 0.8232479, 0.8746659, 0.06639791, -0.5779833, -1.057308,
        -0.3870683, -1.086469, 0.1316244, 1.168016,
      ], absolute: 2e-5)
    expectClose(
      pairs.decisionValues(try first()),
      [
        2.140886, 3.230773, 1.087916, -0.2565358, 2.14852, 3.222514, 0.8136569, -0.2022956,
        -0.2230442, 1.908763, 3.256026, 0.840952,
      ], absolute: 2e-5)
  }

  @Test func linearMachinesMatchScikitLearn() throws {
    let rest = try machine(.oneVersusRest, .linear, cost: 0.5)
    expectClose(
      rest.decisionValues(try first()),
      [
        -1.274698, -0.002687384, -1.266891, -2.755392, -1.037805, -0.242158, -2.427536,
        -1.505582, -2.222745, -2.525072, 1.817888, -2.011531,
      ], absolute: 5e-5)
    let pairs = try machine(.oneVersusOne, .linear, cost: 0.5)
    expectClose(
      pairs.machineDecisions(try first()),
      [
        -0.599062, -0.05816845, 1.173462, 0.6218152, 2.474302, 1.950329, -0.2124803,
        0.3993136, 0.1021628, 1.610823, 1.302211, -0.09929181, -0.6708729, -2.902592,
        -2.028297, -2.53067, 0.8122569, 2.695634,
      ], absolute: 5e-5)
    expectClose(
      pairs.decisionValues(try first()),
      [
        1.11349, 3.262339, 2.193669, -0.2828137, 2.074734, 3.252535, -0.2261325, 0.8112747,
        -0.2828418, 1.829464, 3.296819, 0.8010973,
      ], absolute: 5e-5)
  }

  @Test func neighborsMatchScikitLearn() throws {
    let (examples, labels) = try FixedRows.train()
    let model = try NearestNeighbors(fitting: examples, labels)
    expectClose(
      Array(model.scores(try FixedRows.asked()).prefix(24)),
      [
        0.4, 0.2, 0.4, 0, 0.4, 0.2, 0.4, 0, 0, 0, 1, 0, 0.2, 0, 0, 0.8, 0.2, 0.6, 0.2, 0, 0,
        0.8, 0, 0.2,
      ])
  }

  @Test func decisionTreeMatchesScikitLearn() throws {
    let (examples, labels) = try FixedRows.train()
    let tree = DecisionTree(
      growing: examples, owners: try #require(labels.classOfRows), classes: 4,
      tried: FixedRows.features, depth: 3)
    let asked = try FixedRows.asked()
    expectClose(
      (0..<6).flatMap { tree.shares(of: asked[$0]) },
      [
        0.1, 0.5666667, 0.2333333, 0.1, 0.1, 0.5666667, 0.2333333, 0.1, 0, 0, 1, 0,
        0.8888889, 0.05555556, 0, 0.05555556, 0.1, 0.5666667, 0.2333333, 0.1, 0.1,
        0.5666667, 0.2333333, 0.1,
      ])
  }

  @Test func mixturesMatchScikitLearn() throws {
    let (examples, _) = try FixedRows.train()
    let asked = try FixedRows.asked().choosing(Array(0..<6))
    let diagonal = GaussianMixture(
      fitting: examples, GaussianMixture.Settings(floor: 1e-12), from: start(examples, .diagonal))
    expectClose(
      diagonal.logDensities(asked).map { Float($0) },
      [
        -7.590932, -7.716938, -9.668493, -10.44553, -12.21009, -6.901733,
      ], absolute: 1e-4)
    let full = GaussianMixture(
      fitting: examples, GaussianMixture.Settings(covariance: .full, floor: 0.05),
      from: start(examples, .full))
    expectClose(
      full.logDensities(asked).map { Float($0) },
      [
        -6.680621, -8.941487, -9.783271, -9.622484, -11.07081, -7.545368,
      ], absolute: 1e-4)
  }

  private func machine(
    _ scheme: SupportVectorMachine.Scheme, _ kernel: Kernel?, cost: Double
  ) throws -> SupportVectorMachine {
    let (examples, labels) = try FixedRows.train()
    var settings = SupportVectorMachine.Settings(kernel: kernel, cost: cost, scheme: scheme)
    settings.tolerance = 1e-6
    return try SupportVectorMachine(fitting: examples, labels, settings)
  }

  private func first() throws -> Examples { try FixedRows.asked().choosing([0, 1, 2]) }

  /// Unit covariances around the first three rows.
  private func start(
    _ examples: Examples, _ covariance: GaussianMixture.Covariance
  ) -> [Gaussian] {
    let width = FixedRows.features
    let factor =
      covariance == .diagonal
      ? [Double](repeating: 1, count: width)
      : (0..<width).flatMap { row in (0...row).map { $0 == row ? 1.0 : 0 } }
    return [0.5, 0.3, 0.2].enumerated().map { index, weight in
      Gaussian(weight: weight, mean: examples[index].map { Double($0) }, factor: factor)
    }
  }
}
