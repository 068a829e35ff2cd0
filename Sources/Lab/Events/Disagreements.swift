// Where teacher and student differed on a clip, evaluation after evaluation.

/// The largest difference between the two models on one clip in one epoch.
public struct Disagreement: Sendable, Equatable {
  public var epoch: Int
  /// Teacher minus student in the class where that is largest.
  public var difference: Float
  public var classIndex: Int
  /// Whether the two decide differently at 0.5 in some class.
  public var isSplit: Bool
}

/// What is known of every clip that was asked about: from the predictions in the log, one entry an
/// epoch, so its size is bounded by what was asked.
public struct Disagreements: Sendable, Equatable {
  /// Epochs kept of a clip, the newest beside the first split.
  public static let capacity = 256
  public private(set) var byClip: [String: [Disagreement]] = [:]
  private var firstSplit: [String: Disagreement] = [:]
  /// When each model was asked about each clip last.
  private var steps: [String: Int] = [:]

  public init() {}

  /// The first epoch in which the two decided differently.
  public func firstSplit(_ clip: String) -> Disagreement? { firstSplit[clip] }

  /// The step after which `model` was asked about the clip last.
  public func step(_ model: String, _ clip: String) -> Int? { steps["\(model)/\(clip)"] }

  /// Pairs a prediction with the other model's of the same step. `other`: the newest of that.
  mutating func add(_ new: ClipPrediction, other: ClipPrediction?, step: Int, epoch: Int) {
    steps["\(new.model)/\(new.clip)"] = step
    let isTeacher = new.model == "teacher"
    guard let other, steps["\(other.model)/\(other.clip)"] == step,
      other.probs.count == new.probs.count
    else { return }
    let (teacher, student) = isTeacher ? (new.probs, other.probs) : (other.probs, new.probs)
    let differences = zip(teacher, student).map { $0 - $1 }
    guard let c = differences.indices.max(by: { abs(differences[$0]) < abs(differences[$1]) })
    else { return }
    let isSplit = zip(teacher, student).contains { ($0 >= 0.5) != ($1 >= 0.5) }
    keep(
      Disagreement(
        epoch: epoch, difference: differences[c], classIndex: c, isSplit: isSplit),
      of: new.clip)
  }

  private mutating func keep(_ found: Disagreement, of clip: String) {
    var known = byClip[clip] ?? []
    if known.last?.epoch == found.epoch { known.removeLast() }
    known.append(found)
    byClip[clip] = known.suffix(Self.capacity)
    if found.isSplit, firstSplit[clip] == nil { firstSplit[clip] = found }
  }
}

/// A mask and when it was made.
public struct MaskMoment: Sendable, Equatable {
  public var step: Int
  public var epoch: Int
  public var mask: MaskDelta

  public init(step: Int, epoch: Int, mask: MaskDelta) {
    self.step = step
    self.epoch = epoch
    self.mask = mask
  }
}
