/// Forests: the same on any number of threads, better than a tree, honest about missing labels.
import Autograd
import Classics
import TestSupport
import Testing

@Suite struct ForestTests {
  @Test func resultDoesNotDependOnThreads() throws {
    let (examples, labels) = try FixedRows.train()
    let before = ThreadPool.shared.threads
    defer { ThreadPool.configure(threads: before) }
    let forests = try [1, 3].map { threads in
      ThreadPool.configure(threads: threads)
      return try RandomForest(fitting: examples, labels, .init(trees: 12, seed: 4))
    }
    let same = forests[0] == forests[1]
    #expect(same)
    let other = try RandomForest(fitting: examples, labels, .init(trees: 12, seed: 5))
    let differs = other != forests[0]
    #expect(differs)
  }

  @Test func depthIsLimited() throws {
    let (examples, labels) = try FixedRows.train()
    let stumps = try RandomForest(fitting: examples, labels, .init(trees: 5, depth: 1))
    #expect(stumps.forests[0].allSatisfy { $0.nodes == 3 })
  }

  @Test func forestIsBetterThanOneTree() throws {
    let owners = (0..<400).map { $0 % 4 }
    let train = try FixedRows.around(owners, seed: 41, height: 1.2)
    let test = try FixedRows.around(owners, seed: 42, height: 1.2)
    let labels = try ClassicLabels(classOf: owners, classes: 4)
    func accuracy(_ trees: Int) throws -> Double {
      let forest = try RandomForest(fitting: train, labels, .init(trees: trees))
      return Double(zip(forest.decisions(test), owners).count { $0 == $1 }) / 400
    }
    let (one, many) = (try accuracy(1), try accuracy(100))
    #expect(many > one + 0.1 && many > 0.75, "one \(one), a hundred \(many)")
  }

  @Test func eachClassIsFittedToItsObservedRows() throws {
    let (examples, labels) = try FixedRows.train()
    // Class 1 is told in the first 40 rows, class 2 nowhere; the others everywhere.
    let known = labels.isPositive.enumerated().map { index, label in
      index % 4 == 2 || index % 4 == 1 && index / 4 >= 40 ? nil : label
    }
    let forest = try RandomForest(
      fitting: examples, ClassicLabels(known, classes: 4), .init(trees: 7))
    #expect(forest.forests.map(\.count) == [7, 7, 0, 7])
    let scores = forest.scores(examples)
    #expect((0..<90).allSatisfy { scores[$0 * 4 + 2] == 0 })
    #expect(scores.allSatisfy { (0...1).contains($0) })
  }

  @Test func splitsAreOptimal() throws {
    let (examples, labels) = try FixedRows.train()
    let owners = try #require(labels.classOfRows)
    let tree = DecisionTree(growing: examples, owners: owners, classes: 4, tried: 6, depth: 1)
    func purity(_ rows: [Int]) -> Double {
      let counts = (0..<4).map { own in Double(rows.count { owners[$0] == own }) }
      return rows.isEmpty ? 0 : counts.reduce(0) { $0 + $1 * $1 } / Double(rows.count)
    }
    var best = 0.0
    for feature in 0..<6 {
      for row in 0..<90 {
        let border = examples[row].dropFirst(feature).first ?? 0
        let low = (0..<90).filter { (examples[$0].dropFirst(feature).first ?? 0) <= border }
        best = max(best, purity(low) + purity(Array(Set(0..<90).subtracting(low))))
      }
    }
    let chosen = Int(tree.feature[0])
    let low = (0..<90).filter { (examples[$0].dropFirst(chosen).first ?? 0) <= tree.threshold[0] }
    let found = purity(low) + purity(Array(Set(0..<90).subtracting(low)))
    #expect(abs(found - best) < 1e-9)
  }

  @Test func constantRowsBecomeALeaf() throws {
    let forest = try RandomForest(
      fitting: Examples([1, 1, 1, 1], features: 1),
      ClassicLabels([true, false, true, true], classes: 1), .init(trees: 200))
    #expect(forest.forests[0].allSatisfy { $0.nodes == 1 })
    #expect(abs(forest.scores(try Examples([9], features: 1))[0] - 0.75) < 0.05)
  }
}
