// The share of positives, from which methods take settings that are `auto`.
import Autograd
import Datasets
import Layers
import Methods
import Testing

@Suite struct LabelCountTests {
  private func setup(_ labels: [[Float?]], _ settings: Settings = Settings()) -> MethodSetup {
    let random = RandomSource(Generator(seed: 1))
    return MethodSetup(
      makeModel: { ToyClassifier(inputs: 4, classes: 2, random: random) }, classes: 2,
      settings: settings, plannedSteps: 4,
      clips: labels.enumerated().map {
        Clip(id: "\($0)", audio: nil, split: .train, seconds: 1, labels: $1)
      }, random: random)
  }

  private let onlyPositives: [[Float?]] = [[1, nil], [nil, 1], [nil, nil]]

  @Test func sharesAreOfObservedLabels() throws {
    let setup = setup([[1, 0], [0, nil], [0, 0], [nil, 1]])
    #expect(try setup.positiveShares(for: "prior") == [1 / 3, 1 / 3])
    #expect(setup.labelCounts[1].missing == 1 && setup.labelCounts[1].observedShare == 0.75)
  }

  /// Positives alone would give a share of 1, a network that answers "present" to everything.
  @Test func positivesAloneNeedANumber() throws {
    let error = #expect(throws: SettingsError.self) { try PositiveUnlabelled(setup(onlyPositives)) }
    #expect(error?.key == "method.prior" && error?.expected == "a number")
    #expect(throws: SettingsError.self) { try ExpectedPositives(setup(onlyPositives)) }
    #expect(throws: SettingsError.self) { try LabelEstimation(setup(onlyPositives)) }
    let number = try Settings(["prior": .real(0.1)], of: PositiveUnlabelled.card)
    _ = try PositiveUnlabelled(setup(onlyPositives, number))
    // Without labels there is nothing wrong to conclude.
    #expect(try setup([[nil, nil]]).positiveShares(for: "prior") == [0.5, 0.5])
  }

  /// A class of which only positives are observed does not count as frequent.
  @Test func positivesAloneDoNotMakeAClassFrequent() throws {
    let logits = Tensor([0, 0], [1, 2])
    let missing = [0, 1].map { EntryLabel(target: 0, isObserved: false, classIndex: $0) }
    let all = try Settings(["perClip": .integer(0)], of: PartialAsymmetricLoss.card)
    let rule = PartialAsymmetricLoss(setup(onlyPositives, all))
    #expect(rule.weights(logits, missing) == [1, 1])
  }
}
