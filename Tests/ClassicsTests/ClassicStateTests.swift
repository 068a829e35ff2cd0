/// Fitted models through tensors: the same scores afterwards; anything else is one clear error.
import Classics
import TestSupport
import Testing

@Suite struct ClassicStateTests {
  static let learners: [ClassicLearner] = [
    .supportVectors(.init()), .supportVectors(.init(kernel: .linear, scheme: .oneVersusOne)),
    .nearest(neighbors: 3), .forest(.init(trees: 6)), .mixture(.init(components: 2), seed: 1),
    .mixture(.init(components: 1, covariance: .full, floor: 0.1), seed: 1),
    .tree(.mixture(.init(components: 1), seed: 1), selected: 3),
    .tree(.supportVectors(.init()), selected: 0),
  ]

  @Test(arguments: learners.indices) func modelsAreRestoredFromTheirTensors(index: Int) throws {
    let (examples, labels) = try FixedRows.train()
    let model = try Self.learners[index].fit(examples, labels)
    let again = try ScaledModel(tensors: model.tensors)
    expectClose(
      again.scores(try FixedRows.asked()), model.scores(try FixedRows.asked()), absolute: 2e-4)
    #expect(again.tensors == model.tensors)
  }

  @Test func missingLabelsAreRestored() throws {
    let (examples, labels) = try FixedRows.train()
    let known = labels.isPositive.enumerated().map { $0 % 5 < 2 || $0 % 4 == 3 ? nil : $1 }
    for index in [0, 2, 3, 4] {
      let model = try Self.learners[index].fit(examples, ClassicLabels(known, classes: 4))
      let again = try ScaledModel(tensors: model.tensors)
      expectClose(again.scores(examples), model.scores(examples), absolute: 2e-4)
    }
  }

  /// Every tensor dropped, cut, reshaped, made negative, huge or not a number: an error or a
  /// model, never a trap.
  @Test(arguments: learners.indices) func damagedTensorsAreErrors(index: Int) throws {
    let (examples, labels) = try FixedRows.train()
    let model = try Self.learners[index].fit(examples, labels)
    let whole = model.tensors
    var refused = 0
    for (name, tensor) in whole {
      var damaged: [ClassicTensor?] = [
        nil, ClassicTensor(tensor.values.dropLast(), tensor.shape),
        ClassicTensor(tensor.values, [tensor.values.count, 1, 1]),
        ClassicTensor(tensor.values, tensor.shape.map { _ in .max }),
      ]
      for odd: Float in [-1, 1e9, 3.5, .nan, .infinity] {
        damaged.append(ClassicTensor(tensor.values.map { _ in odd }, tensor.shape))
      }
      for change in damaged {
        var tensors = whole
        tensors[name] = change
        do {
          let read = try ScaledModel(tensors: tensors)
          _ = read.scores(examples)
        } catch { refused += 1 }
      }
    }
    #expect(refused >= whole.count * 6, "\(refused) of \(whole.count * 9)")
    #expect(throws: ClassicError.self) { try ScaledModel(tensors: [:]) }
  }
}
