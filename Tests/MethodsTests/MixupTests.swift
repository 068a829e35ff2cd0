// Mixup and the labels of mixtures, against the authors' code where it lies beside the checkout.
import Autograd
import Datasets
import Layers
import Methods
import TestSupport
import Testing

extension GoldenCase {
  /// The clips of a mixup case; all labels are known unless the case has a mask.
  fileprivate func mixture(_ rule: MixupLabels, share: String) throws -> Batch {
    let labels = try tensor("in_labels")
    let features = has("in_features") ? try tensor("in_features") : Tensor(repeating: 0, [7, 6])
    let known = has("in_mask") ? try tensor("in_mask") : Tensor(repeating: 1, labels.shape)
    let batch = Batch(
      clips: (0..<7).map(String.init), input: features, targets: labels * known, observed: known)
    let shares = [Float](repeating: try number(share), count: 7)
    return batch.mixed(with: try values("in_permutation").map { Int($0) }, shares: shares, rule)
  }

  fileprivate func expectCrossEntropy(of mixed: Batch) throws {
    let logits = Parameter(try tensor("in_logits_of_mixed"))
    let loss = logits.tensor.binaryCrossEntropy(
      logitsAgainst: mixed.targets, observed: mixed.observed)
    try expect([loss.item], equal: "out_loss")
    try expect(try #require(gradients(of: loss)[logits]).values, equal: "out_grad_logits")
  }
}

@Suite(.enabled(if: SharedData.isPresent, "the golden values lie in ../shared/data/golden/losses"))
struct MixupGoldenTests {
  /// The authors mix the losses of both clips' labels: the same for a cross-entropy.
  @Test func mixedLabels() throws {
    let golden = try #require(try GoldenCase.all("mixup_zhang").first)
    let mixed = try golden.mixture(.both, share: "in_lam")
    try golden.expect(mixed.input.values, equal: "out_features_out")
    try golden.expectCrossEntropy(of: mixed)
    let loss = try golden.tensor("in_logits_of_mixed").binaryCrossEntropy(
      logitsAgainst: mixed.targets, observed: mixed.observed)
    try golden.expect([loss.item], equal: "out_loss_mixed_labels")
  }

  @Test func knownLabels() throws {
    let golden = try #require(try GoldenCase.all("mixup_masked_own").first)
    let mixed = try golden.mixture(.known, share: "in_lam")
    try golden.expect(mixed.observed.values, equal: "out_eff_weight")
    try golden.expectCrossEntropy(of: mixed)
  }

  @Test(arguments: try GoldenCase.all("mixup_filteraugsed"))
  func softAndHard(of golden: GoldenCase) throws {
    let mixed = try golden.mixture(golden.words["type"] == "hard" ? .union : .both, share: "in_c")
    try golden.expect(mixed.input.values, equal: "out_features_out")
    try golden.expect(mixed.targets.values, equal: "out_labels_out")
    #expect(mixed.observed.values.allSatisfy { $0 == 1 })
  }
}

@Suite struct MixupTests {
  private let labels: [(target: Float, observed: Float)] = [(1, 1), (0, 1), (0, 0)]

  private func batch() -> Batch {
    Batch(
      clips: ["a", "b", "c"], input: Tensor([1, 10, 100], [3, 1, 1, 1]),
      targets: Tensor(labels.map(\.target), [3, 1]),
      observed: Tensor(labels.map(\.observed), [3, 1]),
      embeddings: ["e": Tensor([1, 2, 3], [3, 1])])
  }

  /// Present with unknown, absent with unknown, present with absent. The target of an entry that
  /// does not count is of no matter.
  @Test(arguments: [
    (MixupLabels.both, [0.75, 0, 0.75], [0, 0, 1]), (.known, [1, 0, 0.75], [0.75, 0.75, 1]),
    (.union, [1, 0, 1], [1, 0, 1]),
  ])
  func whatIsKnownOfTwoClips(rule: MixupLabels, targets: [Float], observed: [Float]) {
    let unknown = batch().mixed(with: [2, 2, 2], shares: [0.75, 0.75, 1], rule)
    let both = batch().mixed(with: [1, 2, 2], shares: [0.75, 1, 1], rule)
    #expect(Array(unknown.targets.values.prefix(2)) + [both.targets.values[0]] == targets)
    #expect(Array(unknown.observed.values.prefix(2)) + [both.observed.values[0]] == observed)
    #expect(unknown.input.values == [25.75, 32.5, 100])
    #expect(unknown.embeddings["e"]?.values == [1.5, 2.25, 3])
  }

  /// The features of the clips are unit vectors here, so that a mixture shows its shares.
  @Test(arguments: MixupLabels.allCases) func neitherClipOfAUnionIsLost(rule: MixupLabels) throws {
    var smallest: Float = 1
    for seed in 0..<60 {
      var clips = batch()
      clips.embeddings = ["e": Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3])]
      let mode = Mode.training(RandomSource(Generator(seed: seed)))
      let mixed = Augmentation(mixup: 0.2, mixupLabels: rule).mix(clips, mode)
      let shares = try #require(mixed.embeddings["e"]).values
      #expect((0..<3).allSatisfy { shares[4 * $0] >= 0.5 - 1e-6 }, "the clip itself leads")
      smallest = min(smallest, shares.filter { $0 > 0 }.min() ?? 1)
    }
    #expect(rule == .union ? smallest >= 0.3 - 1e-6 : smallest < 0.1)
  }
}
