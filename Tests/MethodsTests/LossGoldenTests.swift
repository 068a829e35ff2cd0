// Losses for missing labels against the authors' code.
import Autograd
import Datasets
import Layers
import Methods
import Models
import TestSupport
import Testing

@Suite(.enabled(if: SharedData.isPresent, "the golden values lie in ../shared/data/golden/losses"))
struct LossGoldenTests {
  @Test(arguments: try GoldenLoss.all("cole_an_", "cole_an_ls", "cole_wan"))
  func assumedNegatives(of golden: GoldenLoss) throws {
    let labels = try golden.labels("in_label_vec_obs")
    let rule: any EntryLoss =
      golden.name.hasPrefix("cole_wan")
      ? WeakAssumeNegative(classes: 5)
      : AssumeNegative(smoothing: try golden.setting("ls_coef", otherwise: 0))
    try golden.expectLoss { rule.losses($0, labels, epoch: 0).mean() }
  }

  @Test(arguments: try GoldenLoss.all("cole_iu"))
  func observedLabels(of golden: GoldenLoss) throws {
    let labels = try golden.labels("in_label_vec_obs", negative: -1)
    try golden.expectLoss { ExpectedPositives.observedLoss($0, labels) }
  }

  @Test(arguments: try GoldenLoss.all("cole_epr"))
  func expectedPositives(of golden: GoldenLoss) throws {
    let labels = try golden.labels("in_label_vec_obs")
    let expected = try golden.setting("expected_num_pos")
    try golden.expectLoss {
      ExpectedPositives.observedLoss($0, labels)
        + ExpectedPositives.penalty($0.sigmoid(), expected)
    }
    let penalty = ExpectedPositives.penalty(try golden.tensor("in_logits").sigmoid(), expected)
    try golden.expect(penalty.values, equal: "out_reg_loss")
  }

  @Test(arguments: try GoldenLoss.all("cole_role__"))
  func labelEstimation(of golden: GoldenLoss) throws {
    let labels = try golden.labels("in_label_vec_obs")
    let expected = try golden.setting("expected_num_pos")
    let theta = Parameter(try golden.tensor("in_theta"))
    func loss(_ logits: Tensor) -> Tensor {
      LabelEstimation.mutualLoss(logits, theta.tensor, labels)
        + LabelEstimation.penalty(logits, theta.tensor, expected)
    }
    try golden.expectLoss(loss)
    let slopes = gradients(of: loss(try golden.tensor("in_logits")))
    try golden.expect(try #require(slopes[theta]).values, equal: "out_grad_theta")
  }

  @Test(arguments: try GoldenLoss.all("splc"))
  func selfPacedCorrection(of golden: GoldenLoss) throws {
    let labels = try golden.labels("in_targets")
    let rule = SelfPacedCorrection(threshold: try golden.setting("tau"))
    let epoch = Int(try golden.setting("epoch"))
    try golden.expectLoss { rule.losses($0, labels, epoch: epoch).sum() }
    let entries = rule.losses(try golden.tensor("in_logits"), labels, epoch: epoch)
    try golden.expect(entries.values, equal: "out_elem")
  }

  @Test(arguments: try GoldenLoss.all("hill"))
  func hill(of golden: GoldenLoss) throws {
    let labels = try golden.labels("in_targets")
    let isMean = golden.words["reduction"] == "mean"
    try golden.expectLoss {
      let losses = HillLoss().losses($0, labels, epoch: 0)
      return isMean ? losses.mean() : losses.sum()
    }
  }

  @Test(arguments: try GoldenLoss.all("asl"))
  func asymmetric(of golden: GoldenLoss) throws {
    let labels = try golden.labels("in_targets")
    let isConstant = try golden.setting("weight_is_constant_in_gradient") == 1
    let rule = AsymmetricLoss(
      negativeFocus: try golden.setting("gamma_neg"),
      positiveFocus: try golden.setting("gamma_pos"), margin: try golden.setting("clip"),
      weightGradient: !isConstant)
    try golden.expectLoss { rule.losses($0, labels, epoch: 0).sum() }
  }

  @Test(arguments: try GoldenLoss.all("csl"))
  func partialAsymmetric(of golden: GoldenLoss) throws {
    let labels = try golden.labels("in_targets", negative: 0)
    let mode: PartialAsymmetricLoss.Mode =
      switch golden.words["partial_loss_mode"] {
      case "ignore": .ignore
      case "ignore_normalize_classes": .normalized
      case "selective": .selective
      default: .negative
      }
    let limit = Float(try golden.setting("prior_threshold"))
    let usesPrior = try golden.setting("prior_used") == 1
    let rule = PartialAsymmetricLoss(
      mode: mode, perClip: Int(try golden.setting("likelihood_topk")),
      isFrequent: try golden.values("in_prior").map { usesPrior && $0 > limit },
      focus: (
        try golden.setting("gamma_pos"), try golden.setting("gamma_neg"),
        try golden.setting("gamma_unann")
      ), margin: try golden.setting("clip"))
    try golden.expectLoss { rule.losses($0, labels, epoch: 0).sum() }
    let weights = rule.weights(try golden.tensor("in_logits"), labels).map { Float($0) }
    try golden.expect(weights, equal: "out_keep_weight")
  }

  @Test(arguments: try GoldenLoss.all("nnpu"))
  func positiveUnlabelled(of golden: GoldenLoss) throws {
    let labels = try golden.labels("in_tri", negative: -1)
    let set: PositiveUnlabelled.Unlabelled =
      switch golden.words["unlabelled_set"] {
      case "missing_only": .missing
      case "all_non_positive": .nonPositive
      default: .all
      }
    let risk = PositiveUnlabelledRisk(
      priors: try golden.values("in_prior").map { Double($0) }, unlabelled: set,
      surrogate: golden.words["surrogate"] == "sigmoid" ? .sigmoid : .logistic,
      tolerance: try golden.setting("beta"), strength: try golden.setting("gamma"),
      isCorrected: try golden.setting("nnpu") == 1)
    let logits = Parameter(try golden.tensor("in_logits"))
    let (perClass, violated) = risk(logits.tensor, labels)
    try golden.expect(perClass.values, equal: "out_loss_per_class")
    try golden.expect([perClass.mean().item], equal: "out_loss_mean")
    try golden.expect([perClass.sum().item], equal: "out_loss_sum")
    try golden.expect(violated.map { $0 ? 1 : 0 }, equal: "out_violated")
    let slopes = gradients(of: perClass.sum())
    try golden.expect(try #require(slopes[logits]).values, equal: "out_grad_logits")
  }

  // MARK: large loss

  @Test(arguments: try GoldenLoss.all("ll_", "bg_"))
  func largeLoss(of golden: GoldenLoss) throws {
    let epochs = try golden.values("out_loss").count
    var codes = try golden.values("in_labels")
    let counts = try golden.values("out_k").map { Int($0) }
    let isOfTheYear2022 = golden.name.hasPrefix("ll_")
    let isWrittenBack = golden.has("out_labels_after")
    for epoch in 0..<epochs {
      let isMissing = codes.map { $0 == 0 }
      let targets = Tensor(codes.map { max($0, 0) }, try golden.tensor("in_logits").shape)
      let row = isWrittenBack ? epoch : nil
      func rule(_ logits: Tensor) -> LargeLossRule {
        LargeLossRule(logits, targets, isMissing: isMissing, count: counts[epoch])
      }
      let isLarge = rule(try golden.tensor("in_logits")).isLarge
      try expectMarked(isLarge, golden, row: row)
      try golden.expectLoss(row: row) {
        rule($0).losses(try variant(of: golden), of: isLarge).mean()
      }
      guard isWrittenBack else { continue }
      if try variant(of: golden) == .permanent, !isOfTheYear2022 {
        for entry in isLarge.indices where isLarge[entry] { codes[entry] = 1 }
        try golden.expect(codes, equal: "out_labels_after", row: epoch)
      } else {
        codes = Array(try golden.values("out_labels_after").dropFirst(epoch * 35).prefix(35))
      }
    }
  }

  /// The code of 2022 marks the losses above the limit, and corrects those at the limit too.
  private func expectMarked(_ isLarge: [Bool], _ golden: GoldenLoss, row: Int?) throws {
    guard golden.name.hasPrefix("ll_") else {
      return try golden.expect(
        isLarge.map { $0 ? 1 : 0 }, equal: "out_correction_mask", row: row)
    }
    let marked = try golden.values("out_correction_mask").dropFirst((row ?? 0) * 35).prefix(35)
    #expect(zip(marked, isLarge).allSatisfy { $0 == 0 || $1 }, "\(golden.name)")
  }

  @Test(arguments: try GoldenLoss.all("ll_", "bg_").filter { $0.has("out_labels_after") })
  func countsOfLargeLosses(of golden: GoldenLoss) throws {
    let (variant, share) = (try variant(of: golden), try golden.setting("delta_rel"))
    for (place, expected) in try golden.values("out_k").enumerated() {
      let count = LargeLoss.count(entries: 35, epoch: place + 1, share: share, variant)
      #expect(count == Int(expected), "\(golden.name): epoch \(place + 1)")
    }
  }

  /// A case that ran from the authors' command line corrects for one step whatever it says.
  private func variant(of golden: GoldenLoss) throws -> LargeLoss.Variant {
    switch golden.words["scheme"] {
    case "LL-R": .rejection
    case "LL-Cp" where !golden.name.contains("as_run_from_cli"): .permanent
    default: .temporary
    }
  }

  @Test(arguments: try GoldenLoss.all("boostlu"))
  func boostedScores(of golden: GoldenLoss) throws {
    let alpha = Float(try golden.setting("alpha"))
    let scores = Parameter(try golden.tensor("in_cam"))
    func logits() -> Tensor { scores.tensor.boosted(by: alpha).mean([2, 3]) }
    try golden.expect(logits().values, equal: "out_logits")
    let codes = try golden.values("in_labels")
    let targets = Tensor(codes.map { max($0, 0) }, [7, 5])
    let negative = logits().binaryCrossEntropy(
      logitsAgainst: targets, observed: Tensor(repeating: 1, [7, 5]))
    try golden.expect([negative.item], equal: "out_loss_an")
    try golden.expect(
      try #require(gradients(of: negative)[scores]).values, equal: "out_grad_cam_an")
    let rule = LargeLossRule(logits(), targets, isMissing: codes.map { $0 == 0 }, count: 6)
    try golden.expect(rule.isLarge.map { $0 ? 1 : 0 }, equal: "out_correction_mask_llr")
    let rejected = rule.losses(.rejection, of: rule.isLarge).mean()
    try golden.expect([rejected.item], equal: "out_loss_llr")
    try golden.expect(
      try #require(gradients(of: rejected)[scores]).values, equal: "out_grad_cam_llr")
  }

  // MARK: label estimation, trained

  @Test func labelEstimationStepByStep() throws {
    let golden = try #require(try GoldenLoss.all("cole_role_multistep").first)
    let (features, codes) = (try golden.tensor("in_features"), try golden.values("in_tri"))
    let clips = (0..<7).map { row in
      let labels: [Float?] = codes[row * 5..<row * 5 + 5].map { $0 == 0 ? nil : max($0, 0) }
      return Clip(id: "\(row)", audio: nil, split: .train, seconds: 1, labels: labels)
    }
    let unsure = try golden.number("out_q")
    let draws = try golden.values("in_uniform_draws").map { (2 * $0 - 1) * unsure }
    let estimates = LabelEstimates(of: clips, classes: 5, draws: draws)
    let (weight, bias) = (
      Parameter(try golden.tensor("in_W0")), Parameter(try golden.tensor("in_b0"))
    )
    let adam = Adam([("weight", weight), ("bias", bias)] + estimates.namedParameters)
    let mode = Mode.training(RandomSource(Generator(seed: 1)))
    let everyone = clips.map(\.id)
    try golden.expect(estimates.theta(of: everyone, mode).values, equal: "out_theta0")
    let batches = try golden.values("in_batch_rows")
    let labels = try golden.labels("in_label_vec_obs")
    for step in 0..<4 {
      let rows = batches[step * 4..<step * 4 + 4].filter { $0 >= 0 }.map { Int($0) }
      let input = Tensor(
        rows.flatMap { Array(features.values[$0 * 3..<$0 * 3 + 3]) }, [rows.count, 3])
      let logits = input.linear(weight.tensor) + bias.tensor
      let theta = estimates.theta(of: rows.map(String.init), mode)
      let own = rows.flatMap { Array(labels[$0 * 5..<$0 * 5 + 5]) }
      let loss =
        LabelEstimation.mutualLoss(logits, theta, own)
        + LabelEstimation.penalty(logits, theta, 1.5)
      try golden.expect(loss.values, equal: "out_loss", row: step)
      adam.step(gradients(of: loss), learningRate: 0.01)
      try golden.expect(weight.value.values, equal: "out_W", row: step)
      try golden.expect(bias.value.values, equal: "out_b", row: step)
      try golden.expect(estimates.theta(of: everyone, mode).values, equal: "out_theta", row: step)
    }
  }
}
