// Label enhancing: a teacher trained as B0 finds the negatives that are probably missing labels;
// the student is trained without them.
import Autograd
import Datasets
import Layers

/// Stage 1 trains a teacher with every missing label read as negative. Then, per class, the share
/// θ of those implicit negatives that the teacher scores highest is masked. Stage 2 trains a fresh
/// student: masked entries are left out, the other implicit negatives stay negatives.
/// Paper: Gururani & Lerch 2021, arXiv:2111.12761; after Fonseca et al. 2020, "Addressing missing
/// labels in large-scale sound event recognition using a teacher-student framework with loss
/// masking", IEEE Signal Processing Letters 27.
/// Differs: labels hidden for an experiment are taken away before anything is trained. The authors'
/// code shows the student the true value of every hidden label that is not masked; that leak is
/// possible only with `leakyEnhancing`. The student starts at the full learning rate.
public final class LabelEnhancing: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "label-enhancing", title: "Label enhancing",
    summary: "a teacher masks the missing labels it doubts most; a fresh student learns the rest",
    paper: "Gururani & Lerch 2021, arXiv:2111.12761; Fonseca et al. 2020",
    hyperparameters: [maskedShare, sweep, leakyEnhancing])

  static let maskedShare = Hyperparameter<Double>(
    "maskedShare", "masked share", help: "share of each class's missing labels that is masked",
    initial: 0.05, range: 0...1)
  static let sweep = Hyperparameter<Bool>(
    "sweep", "sweep", help: "train a student for each of seven shares; validation picks one",
    initial: false)
  static let leakyEnhancing = Hyperparameter<Bool>(
    "leakyEnhancing", "leaky", help: "the authors' leak: unmasked hidden labels keep the truth",
    initial: false)

  /// Shares tried by a sweep.
  public static let sweptShares = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9]

  private let guide: any Classifier
  public private(set) var model: any Classifier
  public var teacher: (any Classifier)? { guide }
  /// They are candidates for the mask; the teacher learns from labelled clips alone.
  public static let usesUnlabelledClips = true
  /// The student: the teacher is B0 and serves the mask alone.
  public static let result = NetworkName.student
  private let makeModel: () throws -> any Classifier
  private let augmentation: Augmentation
  private let shares: [Double]
  private let isLeaky: Bool
  /// What the student is told of each training clip; empty until the teacher is trained.
  private var enhanced: [Clip.ID: EnhancedLabels] = [:]
  private var beliefs: [Float] = []
  private var stage = 0
  private var best: (score: Double, weights: [String: Tensor])?

  public static func stages(_ settings: Settings) -> [String] {
    guard settings[sweep] else { return ["teacher", "student"] }
    return ["teacher"] + sweptShares.map { "student \($0)" }
  }

  public init(_ setup: MethodSetup) throws {
    guide = try setup.makeModel()
    model = try setup.makeModel()
    makeModel = setup.makeModel
    augmentation = setup.augmentation
    shares = setup[Self.sweep] ? Self.sweptShares : [setup[Self.maskedShare]]
    isLeaky = setup[Self.leakyEnhancing]
  }

  public func trained(in stage: Int) -> any Classifier { stage == 0 ? guide : model }

  public func scored(in stage: Int) -> [ScoredNetwork] {
    stage == 0
      ? [ScoredNetwork("teacher", guide)]
      : [ScoredNetwork("student", model), ScoredNetwork("teacher", guide)]
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let told = stage == 0 ? batch.missingAsNegative : enhance(batch)
    let seen = augmentation(told, mode)
    let counted = seen.observed.values.count { $0 > 0 }
    let network = trained(in: stage)
    let prediction = network(seen.input, mode)
    return Loss(
      supervised: prediction, seen,
      measures: ["mask/ratio": 1 - Float(counted) / Float(max(seen.observed.count, 1))])
  }

  public func stageEnded(_ stage: Int, _ context: StageContext) throws -> MaskReport? {
    if stage == 0 {
      beliefs = context.predict(guide)
    } else if shares.count > 1 {
      try choose(context, isLast: stage == shares.count)
    }
    guard stage < shares.count else { return nil }
    self.stage = stage + 1
    return mask(shares[stage], context.clips)
  }

  /// The targets and entries the student may learn from.
  private func enhance(_ batch: Batch) -> Batch {
    var told = batch
    let labels = batch.clips.map { enhanced[$0] ?? EnhancedLabels(targets: [], observed: []) }
    told.targets = Tensor(labels.flatMap(\.targets), batch.targets.shape)
    told.observed = Tensor(labels.flatMap(\.observed), batch.observed.shape)
    return told
  }

  private func mask(_ share: Double, _ clips: [Clip]) -> MaskReport {
    let enhancement = Enhancement(clips, beliefs: beliefs, share: share, isLeaky: isLeaky)
    enhanced = enhancement.labels
    return enhancement.report
  }

  /// Keeps the better student of two and makes room for the next.
  private func choose(_ context: StageContext, isLast: Bool) throws {
    let score = try context.validate(model) ?? -.infinity
    if score > best?.score ?? -.infinity || best == nil { best = (score, model.state) }
    if isLast {
      if let best { try model.restore(best.weights) }
    } else {
      model = try makeModel()
    }
  }

  // MARK: resuming

  public var memory: [String: Tensor] {
    guard stage > 0 else { return [:] }
    var memory = ["beliefs": Tensor(beliefs, [beliefs.count])]
    guard let best else { return memory }
    memory["best.score"] = Tensor(Float(best.score))
    for (name, value) in best.weights { memory["best.weights.\(name)"] = value }
    return memory
  }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    guard stage > 0 else { return }
    let size = context.clips.reduce(0) { $0 + $1.labels.count }
    beliefs = try SavedState.entry("beliefs", [size], in: memory).values
    self.stage = stage
    _ = mask(shares[min(stage, shares.count) - 1], context.clips)
    guard let score = memory["best.score"] else { return }
    let prefix = "best.weights."
    let weights = memory.filter { $0.key.hasPrefix(prefix) }
      .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
    best = (Double(score.item), Dictionary(uniqueKeysWithValues: weights))
  }
}

/// One clip's labels after enhancing, C entries each.
package struct EnhancedLabels {
  package var targets, observed: [Float]
}

/// The masking step of label enhancing.
package struct Enhancement {
  package let labels: [Clip.ID: EnhancedLabels]
  package let report: MaskReport

  /// `beliefs`: the teacher's probabilities [N, C] of the N clips; per class, ⌊share · n⌋ of its n
  /// missing labels are masked, those with the highest scores, and among equals the earlier clips.
  package init(_ clips: [Clip], beliefs: [Float], share: Double, isLeaky: Bool = false) {
    let classes = clips.first?.labels.count ?? 0
    let missing = (0..<classes).map { k in clips.indices.filter { clips[$0].labels[k] == nil } }
    let masked = missing.enumerated().map { k, rows in
      let count = Int(share * Double(rows.count))
      let ranked = rows.sorted { a, b in
        let (x, y) = (beliefs[a * classes + k], beliefs[b * classes + k])
        return x == y ? a < b : x > y
      }
      return Array(ranked.prefix(count))
    }
    var told = clips.map { Enhancement.implicit($0, isLeaky: isLeaky) }
    for (k, rows) in masked.enumerated() {
      for row in rows { (told[row].observed[k], told[row].targets[k]) = (0, 0) }
    }
    labels = Dictionary(zip(clips.map(\.id), told), uniquingKeysWith: { first, _ in first })
    report = MaskReport(
      masked: masked, candidates: missing.map(\.count), probabilities: beliefs, clips: clips)
  }

  /// Every entry answered: missing labels as negatives or, leaking, as what they were.
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
    var answered = self
    answered.targets = targets * observed
    answered.observed = Tensor(repeating: 1, observed.shape)
    guard !unlabelled.isEmpty else { return answered }
    let (rows, columns) = (observed.shape[0], observed.shape[1])
    let known = (0..<rows).flatMap { row in
      [Float](repeating: unlabelled.contains(row) ? 0 : 1, count: columns)
    }
    answered.observed = Tensor(known, observed.shape)
    return answered
  }
}
