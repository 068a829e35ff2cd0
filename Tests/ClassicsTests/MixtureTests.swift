/// Mixtures and neighbors: floors, missing labels, few rows, trees of classes.
import Autograd
import Classics
import TestSupport
import Testing

@Suite struct MixtureTests {
  @Test(arguments: GaussianMixture.Covariance.allCases)
  func varianceHasAMinimum(_ covariance: GaussianMixture.Covariance) throws {
    // Three equal rows: deviation √0.001 in each direction.
    let mixture = try GaussianMixture(
      fitting: Examples([2, 5, 2, 5, 2, 5], features: 2),
      .init(components: 2, covariance: covariance), random: Generator(seed: 1))
    let density = try #require(mixture.logDensities(try Examples([2, 5], features: 2)).first)
    // −ln 2π − ln 0.001
    #expect(abs(density - 5.0698782) < 1e-3)
  }

  @Test func componentsAreLimitedToTheRows() throws {
    let mixture = try GaussianMixture(
      fitting: Examples([0, 4], features: 1), .init(components: 3), random: Generator(seed: 1))
    #expect(mixture.components.count == 2)
    #expect(mixture.components.allSatisfy { $0.weight.isFinite && $0.mean[0].isFinite })
  }

  @Test func mostLikelyClassHasTheHighestScore() throws {
    let (examples, labels) = try FixedRows.train()
    let model = try MixtureClassifier(fitting: examples, labels, .init(components: 1), seed: 3)
    let owners = try #require(labels.classOfRows)
    let right = zip(model.decisions(examples), owners).count { $0 == $1 }
    #expect(right >= 63, "\(right) of 90")
    let scores = model.scores(examples)
    let sums = (0..<90).map { row in scores[row * 4..<row * 4 + 4].reduce(0, +) }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-4 })
    let again = try MixtureClassifier(fitting: examples, labels, .init(components: 1), seed: 3)
    #expect(again.scores(examples) == scores)
  }

  @Test func independentClassesAreScoredAgainstTheirNegatives() throws {
    let (examples, labels) = try FixedRows.train()
    let known = labels.isPositive.enumerated().map { index, label in
      index % 4 == 3 ? nil : index / 4 % 3 == 0 ? nil : label
    }
    let model = try MixtureClassifier(
      fitting: examples, ClassicLabels(known, classes: 4), .init(components: 1))
    #expect(!model.isSingleLabel && model.own[3] == nil && model.others[3] == nil)
    let scores = model.scores(examples)
    #expect((0..<90).allSatisfy { scores[$0 * 4 + 3] == 0 })
    let ofClass = (0..<90).filter { $0 % 4 == 2 && scores[$0 * 4 + 2] > 0.5 }.count
    #expect(ofClass >= 15)
  }

  @Test func neighborsAreSearchedAmongObservedRows() throws {
    let model = try NearestNeighbors(
      fitting: Examples([0, 1, 2, 3], features: 1),
      ClassicLabels([nil, true, false, nil, true, nil, true, nil], classes: 2), neighbors: 2)
    // Class 0 was told by rows 1, 2, 3; class 1 by row 0 alone.
    #expect(model.scores(try Examples([0.2], features: 1)) == [0.5, 1])
  }

  @Test func hierarchicalDecisionsAreTopDown() throws {
    let (examples, labels) = try FixedRows.train()
    let tree = ClassTree.node([.node([.leaf(2), .leaf(0)]), .node([.leaf(1), .leaf(3)])])
    let model = try HierarchicalModel(fitting: examples, labels, tree) {
      (rows, labels) throws(ClassicError) in
      try ClassicLearner.mixture(.init(components: 1), seed: 0).fit(rows, labels)
    }
    let owners = try #require(labels.classOfRows)
    let right = zip(model.decisions(examples), owners).count { $0 == $1 }
    #expect(right >= 54, "\(right) of 90")
    let scores = model.scores(examples)
    let sums = (0..<90).map { row in scores[row * 4..<row * 4 + 4].reduce(0, +) }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-4 })
    for wrong in [ClassTree.node([.leaf(0), .leaf(1)]), .node([.node([.leaf(0)]), .leaf(1)])] {
      #expect(throws: ClassicError.self) {
        try HierarchicalModel(fitting: examples, labels, wrong) {
          (rows, labels) throws(ClassicError) in
          try ClassicLearner.nearest(neighbors: 1).fit(rows, labels)
        }
      }
    }
  }

  @Test func zScoresHaveZeroMeanAndUnitStd() throws {
    let rows = try Examples([1, 7, 3, 7, 5, 7], features: 2)
    let scaled = ZScore(fitting: rows)(rows)
    let high = Float(1.5).squareRoot()
    expectClose(scaled.values, [-high, 0, 0, 0, high, 0])
  }
}
