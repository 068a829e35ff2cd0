// Distances between some training clips, once an epoch: by the model's embedding and by the
// features it learns from.
import Datasets
import Foundation
import Methods

/// Cosine distances between all pairs of N ≤ 32 clips, to three decimals.
public struct Distances: EventBody {
  public static let kind = "distances"

  public var extractor: String
  /// N ids, the same ones in every epoch.
  public var clips: [String]
  /// [N, N] each, row-major: by the model's embedding and by the extractor's features.
  public var ours, theirs: [Float]

  /// The maximum number of clips that are compared.
  public static let most = 32
}

extension Distances {
  init(_ report: DistanceReport, _ clips: [String]) {
    func short(_ values: [Float]) -> [Float] { values.map { ($0 * 1000).rounded() / 1000 } }
    self.init(
      extractor: report.extractor, clips: clips, ours: short(report.ours),
      theirs: short(report.theirs))
  }

  /// Indices of the clips that are compared: equally spaced in a split of `count`.
  static func probe(of count: Int) -> [Int] {
    let wanted = min(count, most)
    return (0..<wanted).map { $0 * count / wanted }
  }
}

// MARK: similarity

extension Distances {
  /// N; nil if the number of distances does not fit the number of clips.
  public var size: Int? {
    let n = clips.count
    return n > 0 && ours.count == n * n && theirs.count == n * n ? n : nil
  }

  /// Mean over all pairs of |ours − theirs|, 0…2: what Dis-Reg makes small. NaN without a `size`.
  public var difference: Double {
    guard size != nil else { return .nan }
    let gaps = zip(ours, theirs).map { Double(abs($0 - $1)) }
    return gaps.reduce(0, +) / Double(gaps.count)
  }

  /// Distance correlation of the embeddings and the features, all brought to length one; near 0 for
  /// unrelated arrangements, 1 for similar ones. NaN without a `size`, and if
  /// all clips coincide.
  ///
  /// mean(A∘B) / √(mean(A²)·mean(B²)) for the double-centred Euclidean distances A and B, which are
  /// √(2·d) where the cosine distance is d. As `Tensor.distanceCorrelation` computes it.
  /// Paper: Székely et al. 2007, doi:10.1214/009053607000000505.
  public var correlation: Double {
    guard let size else { return .nan }
    let (a, b) = (Self.centered(ours, size), Self.centered(theirs, size))
    func product(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
  }

  /// Euclidean distances [N, N] less the means of rows and of columns, plus the mean of all.
  private static func centered(_ cosine: [Float], _ n: Int) -> [Double] {
    let distances = cosine.map { (2 * max(0, Double($0))).squareRoot() }
    // The matrix is symmetric: means of rows are those of columns.
    let means = (0..<n).map { row in
      distances[row * n..<(row + 1) * n].reduce(0, +) / Double(n)
    }
    let mean = means.reduce(0, +) / Double(n)
    return distances.indices.map { distances[$0] - means[$0 / n] - means[$0 % n] + mean }
  }
}

/// The largest difference between the two models on one clip in one epoch.
public struct Disagreement: Sendable, Equatable {
  public var epoch: Int
  /// Teacher minus student in the class where that is largest.
  public var difference: Float
  public var classIndex: Int
  /// Whether the two decide differently at 0.5 in some class.
  public var isSplit: Bool
}

/// The disagreements of every clip with predictions of both models in the log, one an epoch.
public struct Disagreements: Sendable, Equatable {
  /// Epochs kept of a clip: the newest ones, and the first split.
  public static let capacity = 256
  public private(set) var byClip: [String: [Disagreement]] = [:]
  private var firstSplit: [String: Disagreement] = [:]
  /// The step of the newest prediction, by model and clip.
  private var steps: [String: Int] = [:]

  public init() {}

  /// The first epoch in which the two decided differently.
  public func firstSplit(_ clip: String) -> Disagreement? { firstSplit[clip] }

  /// The step after which `model` last predicted the clip.
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

/// A mask with the step and epoch of its making.
public struct MaskMoment: Sendable, Equatable {
  public var step: Int
  public var epoch: Int
  public var mask: MaskDelta
}
