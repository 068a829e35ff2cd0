// Fitting instead of training: rows are handed over, order and repetition change nothing.
import Autograd
import Datasets
import Layers
import Methods
import Models
import TestSupport
import Testing

@Suite struct ClassicFitTests {
  @Test(arguments: ["svm-rbf", "svm-linear", "knn", "forest", "gmm"])
  func learnsFromObservedLabels(learner: String) throws {
    let (network, method) = try made(learner)
    for batch in Self.batches(of: 8) { hand(batch, to: method) }
    let all = Self.batch(Array(0..<40))
    let answers = network(all.input, .evaluation()).probabilities.values
    let right = (0..<80).count { (answers[$0] >= 0.5) == (all.targets.values[$0] >= 0.5) }
    #expect(right >= 72, "\(learner): \(right) of 80")
    #expect(answers.allSatisfy { (0...1).contains($0) })
  }

  @Test func orderAndRepetitionDoNotMatter() throws {
    let (once, first) = try made("forest")
    for batch in Self.batches(of: 8) { hand(batch, to: first) }
    let (twice, second) = try made("forest")
    for size in [16, 5] {
      for batch in Self.batches(of: size).reversed() { hand(batch, to: second) }
    }
    #expect(closed(once, twice))
  }

  @Test func modelIsRestoredFromItsState() throws {
    let (network, method) = try made("svm-rbf")
    for batch in Self.batches(of: 8) { hand(batch, to: method) }
    let all = Self.batch(Array(0..<40))
    let before = network(all.input, .evaluation()).probabilities.values
    let (other, _) = try made("svm-rbf")
    try other.restore(network.state)
    expectClose(other(all.input, .evaluation()).probabilities.values, before, absolute: 1e-6)
    #expect(network.trainableCount == 0 && !network.namedParameters.isEmpty)
    #expect(throws: (any Error).self) { try other.restore(["scale.mean": Tensor([1], [1])]) }
  }

  @Test func interruptedEpochLosesNoRow() throws {
    let (whole, method) = try made("knn")
    let (early, first) = try made("knn")
    let batches = Self.batches(of: 8)
    for batch in batches { hand(batch, to: method) }
    for batch in batches.prefix(2) { hand(batch, to: first) }
    let (late, second) = try made("knn")
    try late.restore(early.state)
    for batch in batches.dropFirst(2) { hand(batch, to: second) }
    #expect(closed(whole, late))
  }

  @Test func lossChangesNoParameter() throws {
    let (_, method) = try made("knn")
    let loss = method.loss(Self.batch([0, 1, 2]), .training(RandomSource(Generator(seed: 1))))
    #expect(loss.isEmpty && loss.total.item == 0)
    #expect(gradients(of: loss.total).norm(of: []) == 0)
  }

  @Test func failedFitsAreNamed() throws {
    let (network, method) = try made("svm-rbf")
    hand(Self.batch([0, 1, 2, 3]), to: method)
    _ = network(Self.batch([0]).input, .evaluation())
    #expect(network.fitProblem == nil)
    let damaged = Batch(
      clips: ["damaged"], input: Tensor([1, .nan, 1, 1], [1, 1, 4, 1]),
      targets: Tensor([1, 0], [1, 2]), observed: Tensor([1, 1], [1, 2]))
    hand(damaged, to: method)
    _ = network(Self.batch([0]).input, .evaluation())
    #expect(network.fitProblem?.contains("finite") == true)
  }

  @Test func otherModelsAreRefused() {
    let random = RandomSource(Generator(seed: 1))
    let setup = MethodSetup(
      makeModel: { AttentionPooling(classes: 2, features: 4, random: random) }, classes: 2,
      plannedSteps: 1, random: random)
    #expect(throws: SettingsError.self) { try ClassicFit(setup) }
  }

  private func made(_ learner: String) throws -> (ClassicNetwork, ClassicFit) {
    let random = RandomSource(Generator(seed: 3))
    let network = ClassicNetwork(
      classes: 2,
      settings: try Settings(
        ["learner": .choice(learner), "components": .integer(1)], of: ClassicNetwork.card),
      random: random)
    let setup = MethodSetup(makeModel: { network }, classes: 2, plannedSteps: 5, random: random)
    return (network, try ClassicFit(setup))
  }

  private func hand(_ batch: Batch, to method: ClassicFit) {
    _ = method.loss(batch, .training(RandomSource(Generator(seed: 1))))
  }

  private func closed(_ a: ClassicNetwork, _ b: ClassicNetwork) -> Bool {
    let all = Self.batch(Array(0..<40))
    return a(all.input, .evaluation()).probabilities.values
      == b(all.input, .evaluation()).probabilities.values
  }

  private static func batches(of size: Int) -> [Batch] {
    stride(from: 0, to: 40, by: size).map { batch(Array($0..<min($0 + size, 40))) }
  }

  /// Class 0 is right where feature 0 is positive, class 1 where feature 2 is; every fifth label of
  /// class 1 is missing.
  private static func batch(_ clips: [Int]) -> Batch {
    var generator = Generator(seed: 11)
    let rows = (0..<40).map { _ in (0..<4).map { _ in Float(generator.normal()) } }
    let targets = clips.flatMap { [rows[$0][0] > 0 ? 1 : 0, rows[$0][2] > 0 ? 1 : 0] as [Float] }
    let observed = clips.flatMap { [1, $0 % 5 == 0 ? 0 : 1] as [Float] }
    return Batch(
      clips: clips.map { "clip-\($0)" },
      input: Tensor(clips.flatMap { rows[$0] }, [clips.count, 1, 4, 1]),
      targets: Tensor(targets, [clips.count, 2]), observed: Tensor(observed, [clips.count, 2]))
  }
}
