/// Trees of classes: which classes share a node, what a node looks at, and who may have one.
import Classics
import Testing

@Suite struct HierarchyTests {
  /// Four classes in two pairs: features 1 and 4 tell the pairs apart, feature 2 those of the first
  /// pair and feature 5 those of the second; the others are noise.
  private static func rows(_ seed: UInt64, _ count: Int = 160) throws -> (Examples, [Int]) {
    let owners = (0..<count).map { $0 % 4 }
    var values = FixedRows.normal(seed, count * 6)
    for (row, owner) in owners.enumerated() {
      let isSecond: Float = owner >= 2 ? 1 : -1
      let isOdd: Float = owner % 2 == 1 ? 1 : -1
      values[row * 6 + 1] += 4 * isSecond
      values[row * 6 + 4] += 4 * isSecond
      values[row * 6 + 2] += owner < 2 ? 1.5 * isOdd : 0
      values[row * 6 + 5] += owner >= 2 ? 1.5 * isOdd : 0
    }
    return (try Examples(values, features: 6), owners)
  }

  private func model(_ learner: ClassicLearner) throws -> ScaledModel {
    let (examples, owners) = try Self.rows(41)
    return try learner.fit(examples, ClassicLabels(classOf: owners, classes: 4))
  }

  @Test func similarClassesShareANode() throws {
    let found = try model(.tree(.nearest(neighbors: 3), selected: 1))
    // Top, its two leaves by one; then the other pair.
    #expect(
      found.tensors["tree.structure"]?.values == [2, 0, 2, 1, 0, 0, 0, 1, 2, 2, 0, 2, 0, 3])
  }

  @Test func eachNodeSelectsItsOwnFeatures() throws {
    let found = try model(.tree(.nearest(neighbors: 3), selected: 1)).tensors
    #expect([1, 4].contains(found["tree.node0.features"]?.values.first))
    #expect(found["tree.node1.features"]?.values == [2])
    #expect(found["tree.node2.features"]?.values == [5])
    let two = try model(.tree(.nearest(neighbors: 3), selected: 2)).tensors
    #expect(Set(two["tree.node0.features"]?.values ?? []) == [1, 4])
  }

  @Test(arguments: [0, 2]) func unseenRowsAreClassified(selected: Int) throws {
    let tree = try model(.tree(.mixture(.init(components: 1), seed: 0), selected: selected))
    let (asked, owners) = try Self.rows(42, 80)
    let right = zip(tree.decisions(asked), owners).count { $0 == $1 }
    #expect(right >= 70, "\(right) of 80")
    let scores = tree.scores(asked)
    #expect((0..<80).allSatisfy { abs(scores[$0 * 4..<$0 * 4 + 4].reduce(0, +) - 1) < 1e-4 })
  }

  @Test func multiLabelRowsAreRefusedByTrees() throws {
    let (examples, _) = try Self.rows(41, 8)
    let labels = try ClassicLabels([Bool?](repeating: true, count: 32), classes: 4)
    #expect(throws: ClassicError.self) {
      try ClassicLearner.tree(.nearest(neighbors: 1), selected: 0).fit(examples, labels)
    }
  }
}
