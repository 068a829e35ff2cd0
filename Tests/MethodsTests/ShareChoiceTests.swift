// The masked share that label enhancing chooses on validation.
import Autograd
import Datasets
import Layers
import Methods
import Testing

@Suite struct ShareChoiceTests {
  /// 20 validation clips of one class with descending probabilities; the labels of some are given.
  private func choice(positive: [Int], negative: [Int]) -> ShareChoice {
    let clips = (0..<20).map { n in
      Clip(
        id: "v\(n)", audio: nil, split: .validation, seconds: 1,
        labels: [positive.contains(n) ? 1 : negative.contains(n) ? 0 : nil])
    }
    return ShareChoice(clips, probabilities: (0..<20).map { 1 - Float($0) / 20 })
  }

  @Test func sharesAreScoredByWhatTheyWouldMask() {
    // Of 20 clips, the shares mask the first 1, 2, 4, 6, 10, 14 and 18.
    let choice = choice(positive: [0, 1, 3, 8], negative: [2, 5, 12, 19])
    #expect(choice.candidates.map(\.share) == LabelEnhancing.sweptShares)
    #expect(choice.candidates.map(\.score) == [0.625, 0.75, 0.75, 0.625, 0.75, 0.625, 0.625])
    // Eight labels cannot tell them apart.
    #expect(choice.share == 0.3)
    #expect(
      choice.text == "masked share 0.3, as good as the best on validation: 0.05 0.625, 0.1 0.750, "
        + "0.2 0.750, 0.3 0.625, 0.5 0.750, 0.7 0.625, 0.9 0.625")
  }

  @Test func manyHiddenPositivesTakeALargeShare() {
    #expect(choice(positive: Array(0..<13), negative: [15, 16, 17, 18]).share == 0.7)
    #expect(choice(positive: [0, 1], negative: Array(2..<20)).share == 0.3)
  }

  @Test func withoutLabelsTheUsualShareIsTaken() {
    for choice in [
      choice(positive: [], negative: [1]), choice(positive: [1], negative: []),
      ShareChoice([], probabilities: []),
    ] {
      #expect(choice.share == 0.3 && choice.candidates.isEmpty)
      #expect(choice.text.hasPrefix("masked share 0.3: validation has no positive and negative"))
    }
  }

  /// A resumed student has the share of the checkpoint, whatever validation says now.
  @Test func theShareIsKeptForResuming() throws {
    func method(_ settings: [String: SettingValue] = [:]) throws -> LabelEnhancing {
      let random = RandomSource(Generator(seed: 1))
      return try LabelEnhancing(
        MethodSetup(
          makeModel: { ToyClassifier(inputs: 6, classes: 1, random: random) }, classes: 1,
          settings: Settings(settings, of: LabelEnhancing.card), plannedSteps: 10, random: random))
    }
    let clips = (0..<20).map {
      Clip(id: "t\($0)", audio: nil, split: .train, seconds: 1, labels: [nil])
    }
    var context = StageContext(clips: clips) { _ in (0..<20).map { Float($0) / 20 } }
    context.validationClips = [1, 1, 1, nil, nil, nil, nil, nil, 0, 0].enumerated().map {
      n, label in
      Clip(id: "v\(n)", audio: nil, split: .validation, seconds: 1, labels: [label])
    }
    context.predictValidation = { _ in (0..<10).map { 1 - Float($0) / 10 } }
    let first = try method()
    let report = try #require(try first.stageEnded(0, context))
    #expect(report.choice?.share == 0.3 && report.cells.count == 6)
    var memory = first.memory
    memory["share"] = Tensor(Float(4))
    let second = try method()
    context.predictValidation = { _ in [] }
    try second.restore(memory, stage: 1, context: context)
    #expect(second.memory["share"]?.item == 4)
    memory["share"] = Tensor(Float(7))
    #expect(throws: StateError.self) { try method().restore(memory, stage: 1, context: context) }
    // A given share is not chosen, nor is it kept.
    let fixed = try method(["maskedShare": .real(0.1)])
    #expect(try fixed.stageEnded(0, context)?.choice == nil && fixed.memory["share"] == nil)
  }
}
