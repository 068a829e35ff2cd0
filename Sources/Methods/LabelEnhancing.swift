// Label enhancing: a teacher trained as B0 finds missing labels that are probably positive; they
// are masked for the student.
import Autograd
import Datasets
import Layers

/// Stage 1 trains a teacher with every missing label as a negative. Then, for each class, the
/// fraction θ of these implicit negatives with the highest teacher scores is masked. Stage 2 trains
/// a new student without the masked entries; the other implicit negatives remain negatives. If θ is
/// `auto`, validation labels choose it (`ShareChoice`).
/// Paper: Gururani & Lerch 2021, arXiv:2111.12761; after Fonseca et al. 2020, "Addressing missing
/// labels in large-scale sound event recognition using a teacher-student framework with loss
/// masking", IEEE Signal Processing Letters 27.
/// Differs: labels hidden for an experiment are hidden from teacher and student. The authors' code
/// trains the student with the true value of every hidden label that is not masked;
/// `leakyEnhancing` reproduces this leak. The student starts with the full learning rate.
public final class LabelEnhancing: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "label-enhancing", title: "Label enhancing",
    summary: "a teacher masks the missing labels it doubts most; a fresh student learns the rest",
    paper: "Gururani & Lerch 2021, arXiv:2111.12761; Fonseca et al. 2020",
    hyperparameters: [maskedShare, sweep, leakyEnhancing])

  static let maskedShare = Hyperparameter<Adaptive>(
    "maskedShare", "masked share",
    help: "share of each class's missing labels to mask; auto: chosen on validation",
    range: 0...1)
  static let sweep = Hyperparameter<Bool>(
    "sweep", "sweep", help: "train a student for each of seven shares; validation picks one",
    initial: false)
  static let leakyEnhancing = Hyperparameter<Bool>(
    "leakyEnhancing", "leaky enhancing",
    help: "reproduce the published leak: unmasked hidden labels keep the truth",
    initial: false)

  /// The fractions θ that a sweep tries and that `auto` chooses from.
  public static let sweptShares = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9]

  private let teacherModel: any Classifier
  public private(set) var model: any Classifier
  public var teacher: (any Classifier)? { teacherModel }
  /// Unlabelled clips are candidates for the mask; the teacher learns from labelled clips alone.
  public static let usesUnlabelledClips = true
  /// The student; the teacher is B0 and only selects the mask.
  public static let result = NetworkName.student
  private let makeModel: () throws -> any Classifier
  private let augmentation: Augmentation
  /// θ of each student. If one student's θ is `auto`, it is chosen at the end of stage 0.
  private var shares: [Double]
  private let choosesShare: Bool
  private let isLeaky: Bool
  /// The student's labels of each training clip; empty until the teacher is trained.
  private var enhanced: [Clip.ID: EnhancedLabels] = [:]
  /// The teacher's probabilities for the N training clips, [N, C].
  private var probabilities: [Float] = []
  private var stage = 0
  private var best: (score: Double, weights: [String: Tensor])?

  public static func stages(_ settings: Settings) -> [String] {
    guard settings[sweep] else { return ["teacher", "student"] }
    return ["teacher"] + sweptShares.map { "student \($0)" }
  }

  public init(_ setup: MethodSetup) throws {
    teacherModel = try setup.makeModel()
    model = try setup.makeModel()
    makeModel = setup.makeModel
    augmentation = setup.augmentation
    let share = setup[Self.maskedShare]
    choosesShare = share == .auto && !setup[Self.sweep]
    shares = setup[Self.sweep] ? Self.sweptShares : [ShareChoice.share(share)]
    isLeaky = setup[Self.leakyEnhancing]
  }

  public func trained(in stage: Int) -> any Classifier { stage == 0 ? teacherModel : model }

  public func scored(in stage: Int) -> [ScoredNetwork] {
    (stage == 0 ? [] : [ScoredNetwork("student", model)]) + [ScoredNetwork("teacher", teacherModel)]
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let labelled = stage == 0 ? batch.missingAsNegative : enhance(batch)
    let augmented = augmentation(labelled, mode)
    let counted = augmented.observed.values.count { $0 > 0 }
    let network = trained(in: stage)
    return Loss(
      supervised: network(augmented.input, mode), augmented,
      measures: ["mask/ratio": 1 - Float(counted) / Float(max(augmented.observed.count, 1))])
  }

  public func stageEnded(_ stage: Int, _ context: StageContext) throws -> MaskReport? {
    var choice: ShareChoice?
    if stage == 0 {
      probabilities = context.predict(teacherModel)
      choice = choosesShare ? chooseShare(context) : nil
    } else if shares.count > 1 {
      try choose(context, isLast: stage == shares.count)
    }
    guard stage < shares.count else { return nil }
    self.stage = stage + 1
    var report = mask(shares[stage], context.clips)
    report.choice = choice
    return report
  }

  private func chooseShare(_ context: StageContext) -> ShareChoice {
    let scores = context.predictValidation(teacherModel)
    let choice = ShareChoice(context.validationClips, probabilities: scores)
    shares = [choice.share]
    return choice
  }

  /// The batch with the labels of the student.
  private func enhance(_ batch: Batch) -> Batch {
    var labelled = batch
    let labels = batch.clips.map { enhanced[$0] ?? EnhancedLabels(targets: [], observed: []) }
    labelled.targets = Tensor(labels.flatMap(\.targets), batch.targets.shape)
    labelled.observed = Tensor(labels.flatMap(\.observed), batch.observed.shape)
    return labelled
  }

  private func mask(_ share: Double, _ clips: [Clip]) -> MaskReport {
    let enhancement = Enhancement(
      clips, probabilities: probabilities, share: share, isLeaky: isLeaky)
    enhanced = enhancement.labels
    return enhancement.report
  }

  /// Keeps the weights of the better student and makes a new one, or restores the best after the
  /// last.
  private func choose(_ context: StageContext, isLast: Bool) throws {
    let score = try context.validate(model) ?? -.infinity
    if score > best?.score ?? -.infinity || best == nil { best = (score, model.state) }
    if isLast {
      if let best { try model.restore(best.weights) }
    } else {
      model = try makeModel()
    }
  }

  public var memory: [String: Tensor] {
    guard stage > 0 else { return [:] }
    var memory = ["beliefs": Tensor(probabilities, [probabilities.count])]
    if choosesShare, let place = Self.sweptShares.firstIndex(of: shares[0]) {
      memory["share"] = Tensor(Float(place))
    }
    guard let best else { return memory }
    memory["best.score"] = Tensor(Float(best.score))
    for (name, value) in best.weights { memory["best.weights.\(name)"] = value }
    return memory
  }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    guard stage > 0 else { return }
    let size = context.clips.reduce(0) { $0 + $1.labels.count }
    probabilities = try SavedState.entry("beliefs", [size], in: memory).values
    self.stage = stage
    if choosesShare { shares = [try Self.chosenShare(in: memory)] }
    _ = mask(shares[min(stage, shares.count) - 1], context.clips)
    guard let score = memory["best.score"] else { return }
    let prefix = "best.weights."
    let weights = memory.filter { $0.key.hasPrefix(prefix) }
      .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
    best = (Double(score.item), Dictionary(uniqueKeysWithValues: weights))
  }
}

extension LabelEnhancing {
  public static func automatic(_ settings: Settings, plannedSteps: Int) -> [AutomaticSetting] {
    guard settings[maskedShare] == .auto, !settings[sweep] else { return [] }
    return [
      AutomaticSetting(
        key: maskedShare.key,
        text:
          "chosen on validation once the teacher is trained; \(ShareChoice.usual) without labels")
    ]
  }

  /// The share that a checkpoint's memory holds as its place among the candidates.
  private static func chosenShare(in memory: [String: Tensor]) throws -> Double {
    let place = try SavedState.steps("share", in: memory)
    guard sweptShares.indices.contains(place) else { throw StateError.missing("share") }
    return sweptShares[place]
  }
}

/// The labels of a clip after enhancing, C values each.
package struct EnhancedLabels {
  package var targets, observed: [Float]
}

/// The masking step of label enhancing.
package struct Enhancement {
  package let labels: [Clip.ID: EnhancedLabels]
  package let report: MaskReport

  /// Masks, for each class, the ⌊share · n⌋ of its n missing labels with the highest
  /// `probabilities` [N, C] of the teacher for the N clips; of equal ones, those of earlier clips.
  package init(_ clips: [Clip], probabilities: [Float], share: Double, isLeaky: Bool = false) {
    let classes = clips.first?.labels.count ?? 0
    let missing = (0..<classes).map { k in clips.indices.filter { clips[$0].labels[k] == nil } }
    let masked = missing.enumerated().map { k, rows in
      let count = Int(share * Double(rows.count))
      let ranked = rows.sorted { a, b in
        let (x, y) = (probabilities[a * classes + k], probabilities[b * classes + k])
        return x == y ? a < b : x > y
      }
      return Array(ranked.prefix(count))
    }
    var enhanced = clips.map { Enhancement.implicit($0, isLeaky: isLeaky) }
    for (k, rows) in masked.enumerated() {
      for row in rows { (enhanced[row].observed[k], enhanced[row].targets[k]) = (0, 0) }
    }
    labels = Dictionary(zip(clips.map(\.id), enhanced), uniquingKeysWith: { first, _ in first })
    report = MaskReport(
      masked: masked, candidates: missing.map(\.count), probabilities: probabilities,
      clips: clips)
  }

  /// The labels of a clip with every entry observed: missing labels are negatives or, if the leak
  /// is reproduced, have their true values.
  private static func implicit(_ clip: Clip, isLeaky: Bool) -> EnhancedLabels {
    let targets = clip.labels.enumerated().map { k, label in
      label ?? (isLeaky ? clip.hiddenLabel(k) : nil) ?? 0
    }
    return EnhancedLabels(targets: targets, observed: targets.map { _ in 1 })
  }
}

extension Batch {
  /// The batch with every missing label as a negative: all entries of labelled clips are observed.
  var missingAsNegative: Batch {
    var batch = self
    batch.targets = targets * observed
    batch.observed = Tensor(repeating: 1, observed.shape)
    guard !unlabelled.isEmpty else { return batch }
    let (rows, columns) = (observed.shape[0], observed.shape[1])
    let known = (0..<rows).flatMap { row in
      [Float](repeating: unlabelled.contains(row) ? 0 : 1, count: columns)
    }
    batch.observed = Tensor(known, observed.shape)
    return batch
  }
}
