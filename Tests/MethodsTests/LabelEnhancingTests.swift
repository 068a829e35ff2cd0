import Autograd
import Datasets
import Layers
import Methods
import Testing

/// 40 clips of 2 classes: class 0 is missing on 25 of them, class 1 on 3.
private let clips = (0..<40).map { n in
  Clip(
    id: "clip-\(n)", audio: nil, split: .train, seconds: 1,
    labels: [n < 25 ? nil : 1, n % 15 == 7 ? nil : 0], truth: [n % 5 == 0 ? 1 : 0, 0])
}

/// The later the clip the higher the score of class 0; ties in class 1.
private let probabilities: [Float] = (0..<40).flatMap { n -> [Float] in [Float(n) / 40, 0.5] }

@Suite struct LabelEnhancingTests {
  @Test(arguments: [(0.0, 0, 0), (0.05, 1, 0), (0.3, 7, 0), (0.35, 8, 1), (1, 25, 3)])
  func masksTheRoundedDownFractionOfEachClass(share: Double, first: Int, second: Int) {
    let report = Enhancement(clips, probabilities: probabilities, share: share).report
    #expect(report.candidates == [25, 3])
    #expect(report.cells.count { $0 % 2 == 0 } == first)
    #expect(report.cells.count { $0 % 2 == 1 } == second)
    #expect(report.cells == report.cells.sorted())
    #expect((report.thresholds[0] == nil) == (first == 0))
  }

  @Test func masksTheHighestScoresOfMissingEntries() {
    let enhancement = Enhancement(clips, probabilities: probabilities, share: 0.2)
    #expect(enhancement.report.cells == [40, 42, 44, 46, 48])
    #expect(enhancement.report.thresholds[0] == 0.5)
    #expect(enhancement.report.scores == [0.5, 0.525, 0.55, 0.575, 0.6])
    for clip in clips {
      let told = enhancement.labels[clip.id]
      for (k, label) in clip.labels.enumerated() {
        if let label { #expect(told?.observed[k] == 1 && told?.targets[k] == label) }
      }
    }
    // Implicit negatives that stay are negatives that count.
    #expect(enhancement.labels["clip-3"]?.observed == [1, 1])
    #expect(enhancement.labels["clip-3"]?.targets == [0, 0])
    #expect(enhancement.labels["clip-22"]?.observed == [0, 1])
  }

  @Test func earlierClipIsMaskedOnTies() {
    let cells = Enhancement(clips, probabilities: probabilities, share: 0.34).report.cells
    #expect(cells.filter { $0 % 2 == 1 } == [7 * 2 + 1])
  }

  @Test func maskQualityIsMeasuredAgainstTheTruth() {
    let report = Enhancement(clips, probabilities: probabilities, share: 0.2).report
    // Masked: clips 20 to 24 of class 0, of which clip 20 is positive; hidden positives: 0, 5, 10,
    // 15, 20.
    #expect(report.precision == 0.2 && report.recall == 0.2)
    var unknown = clips
    unknown[3].truth = nil
    let blind = Enhancement(unknown, probabilities: probabilities, share: 0.2).report
    #expect(blind.precision == nil && blind.recall == nil)
  }

  @Test func leakShowsHiddenPositivesOnlyIfEnabled() {
    let honest = Enhancement(clips, probabilities: probabilities, share: 0.2)
    let leaky = Enhancement(clips, probabilities: probabilities, share: 0.2, isLeaky: true)
    #expect(honest.labels["clip-10"]?.targets == [0, 0])
    #expect(leaky.labels["clip-10"]?.targets == [1, 0])
    #expect(leaky.labels["clip-20"]?.targets == [0, 0], "masked entries stay without target")
  }

  /// A clip with a label that nobody gave: the leak shows the others that were hidden.
  @Test func leakAppliesToEntries() {
    let given = Clip(
      id: "a", audio: nil, split: .train, seconds: 1, labels: [1, nil, 1, 0])
    let clip = LabelMask.remove(0.999, from: [given], seed: 1)[0]
    #expect(clip.labels == [nil, nil, nil, nil] && clip.truth == nil)
    #expect(clip.hidden == [1, nil, 1, 0])
    let probabilities: [Float] = [0.1, 0.1, 0.1, 0.1]
    let leaky = Enhancement([clip], probabilities: probabilities, share: 0, isLeaky: true)
    #expect(leaky.labels["a"]?.targets == [1, 0, 1, 0])
    let honest = Enhancement([clip], probabilities: probabilities, share: 0)
    #expect(honest.labels["a"]?.targets == [0, 0, 0, 0])
  }

  @Test func theStudentLearnsFromTheEnhancedLabels() throws {
    let random = RandomSource(Generator(seed: 1))
    let method = try LabelEnhancing(
      MethodSetup(
        makeModel: { ToyClassifier(inputs: 6, classes: 2, random: random) }, classes: 2,
        settings: Settings(["maskedShare": .real(0.2)], of: LabelEnhancing.card),
        plannedSteps: 10, random: random))
    var batch = Batch(
      clips: ["clip-3", "clip-22", "clip-30"], input: Tensor(repeating: 0.1, [3, 6]),
      targets: Tensor([0, 0, 0, 0, 1, 0], [3, 2]), observed: Tensor([0, 1, 0, 0, 1, 1], [3, 2]))
    let mode = Mode.training(RandomSource(Generator(seed: 2)))
    #expect(method.loss(batch, mode).terms[0].denominator == 6)
    // The teacher leaves out a clip that nobody ever labelled.
    batch.unlabelled = [1]
    #expect(method.loss(batch, mode).terms[0].denominator == 4)
    let report = try method.stageEnded(0, StageContext(clips: clips) { _ in probabilities })
    #expect(report?.cells.count == 5)
    #expect(method.loss(batch, mode).terms[0].denominator == 5)
  }

  @Test func sweepKeepsTheBestStudent() throws {
    let random = RandomSource(Generator(seed: 1))
    let settings = try Settings(["sweep": .flag(true)], of: LabelEnhancing.card)
    let method = try LabelEnhancing(
      MethodSetup(
        makeModel: { ToyClassifier(inputs: 6, classes: 2, random: random) }, classes: 2,
        settings: settings, plannedSteps: 10, random: random))
    let stages = LabelEnhancing.stages(settings)
    #expect(stages.count == 1 + LabelEnhancing.sweptShares.count)
    #expect(LabelEnhancing.sweptShares.last == 0.9)
    var scores = [0.1, 0.7, 0.4, 0.2, 0.3, 0.6, 0.5]
    var students: [[Float]] = []
    let context = StageContext(clips: clips, predict: { _ in probabilities }) { _ in
      scores.removeFirst()
    }
    for stage in stages.indices {
      if stage > 0 { students.append(method.model.state.values.flatMap(\.values).sorted()) }
      _ = try method.stageEnded(stage, context)
    }
    #expect(Set(students).count == students.count)
    #expect(method.model.state.values.flatMap(\.values).sorted() == students[1])
  }
}
