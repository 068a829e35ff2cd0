/// Machines: optimality, missing labels, rows computed when asked for, and what cannot be learned.
import Autograd
import Classics
import TestSupport
import Testing

@Suite struct SupportVectorTests {
  @Test func boundaryOfTwoPointsIsInTheMiddle() throws {
    // w = 2 / 4 · (2, 0), so that the decision is x / 1 − 0: ±1 at the two points.
    let machine = try SupportVectorMachine(
      fitting: Examples([1, 0, -1, 0], features: 2),
      ClassicLabels([true, false], classes: 1), .init(kernel: .linear, cost: 10))
    expectClose(
      machine.decisionValues(try Examples([1, 0, -1, 0, 0, 5, 3, 1], features: 2)), [1, -1, 0, 3],
      absolute: 1e-3)
    expectClose(machine.scores(try Examples([0, 1], features: 2)), [0.5], absolute: 1e-3)
  }

  @Test func coefficientsAreBoundedAndBalanced() throws {
    let (examples, labels) = try FixedRows.train()
    let machine = try SupportVectorMachine(fitting: examples, labels, .init(cost: 0.7))
    let width = machine.support.rows
    for own in 0..<4 {
      let row = machine.coefficients[own * width..<(own + 1) * width]
      #expect(row.allSatisfy { abs($0) <= 0.7 })
      #expect(abs(row.reduce(0, +)) < 1e-4)
    }
  }

  @Test func unobservedRowsDoNotMatter() throws {
    let (examples, labels) = try FixedRows.train()
    let known = labels.isPositive.enumerated().map { $0 % 7 < 4 ? $1 : nil }
    let partial = try SupportVectorMachine(
      fitting: examples, ClassicLabels(known, classes: 4), .init(kernel: .rbf(gamma: 0.2)))
    for own in 0..<4 {
      let rows = (0..<90).filter { known[$0 * 4 + own] != nil }
      let alone = try SupportVectorMachine(
        fitting: examples.choosing(rows),
        ClassicLabels(rows.map { known[$0 * 4 + own] }, classes: 1),
        .init(kernel: .rbf(gamma: 0.2)))
      let found = partial.scores(try FixedRows.asked())
      expectClose(
        (0..<12).map { found[$0 * 4 + own] }, alone.scores(try FixedRows.asked()), absolute: 1e-5)
    }
  }

  @Test func cachedKernelRowsGiveTheSameMachine() throws {
    let (examples, labels) = try FixedRows.train()
    let whole = try SupportVectorMachine(fitting: examples, labels)
    var settings = SupportVectorMachine.Settings()
    settings.bytes = 90 * 4 * 5  // five rows among all machines: two each at least
    let asked = try SupportVectorMachine(fitting: examples, labels, settings)
    expectClose(
      asked.decisionValues(examples), whole.decisionValues(examples), absolute: 4e-3)
  }

  @Test func resultDoesNotDependOnThreads() throws {
    let (examples, labels) = try FixedRows.train()
    let before = ThreadPool.shared.threads
    defer { ThreadPool.configure(threads: before) }
    let machines = try [1, 4].map { threads in
      ThreadPool.configure(threads: threads)
      return try SupportVectorMachine(fitting: examples, labels)
    }
    let same = machines[0] == machines[1]
    #expect(same)
  }

  @Test func singleValuedClassesHaveAConstantDecision() throws {
    let machine = try SupportVectorMachine(
      fitting: Examples([0, 1, 2], features: 1),
      ClassicLabels([true, false, nil, true, false, nil, true, nil, nil], classes: 3))
    #expect(machine.decisionValues(try Examples([5], features: 1)) == [1, -1, -1])
    #expect(machine.support.rows == 0)
  }

  @Test func invalidTrainingDataIsAnError() throws {
    let rows = try Examples([0, 1], features: 1)
    #expect(throws: ClassicError.self) {
      try SupportVectorMachine(
        fitting: rows, ClassicLabels([true, true, true, false], classes: 2),
        .init(scheme: .oneVersusOne))
    }
    #expect(throws: ClassicError.self) {
      try SupportVectorMachine(fitting: rows, ClassicLabels([true], classes: 1))
    }
    #expect(throws: ClassicError.self) {
      try SupportVectorMachine(
        fitting: rows, ClassicLabels([true, false], classes: 1), .init(cost: .nan))
    }
    #expect(throws: ClassicError.self) { try Examples([0, .nan], features: 1) }
    #expect(throws: ClassicError.self) { try Examples([0, 1, 2], features: 2) }
    #expect(throws: ClassicError.self) { try ClassicLabels(classOf: [3], classes: 3) }
  }
}
