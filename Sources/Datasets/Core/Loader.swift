// Batches of clips: standardized spectrograms or sequences, targets and observed flags.
import Acoustics
import Autograd

/// The clips of one split, for training or scoring.
public struct Loader: Sendable {
  /// The given clips that have features. Indices of batches refer to them.
  public let clips: [Clip]
  /// The names of the C classes.
  public let classes: [String]
  private let inputs: ClipInputs
  /// [N, E], standardized, joined to the input of each clip for scoring; E may be 0.
  private let companions: [Float]
  private let companionSize: Int
  /// Extractor id to [N, D].
  private let embeddings: [String: Embeddings]
  /// [N, C].
  private let targets, observed: [Float]
  /// The indices of clips that were never labelled.
  private let unlabelled: Set<Int>
  /// Separates the random stream of the order from others with the same seed.
  private static let stream = 0x6F72_64

  /// `frames`: T of all batches; nil is that of the longest clip. Longer clips are truncated or,
  /// with a `segmentation`, cut into segments.
  /// `companions`: [E, 1] of each clip, joined to its input for scoring; the last E values of the
  /// standardizer belong to them.
  /// `embeddings`: pre-trained features for training, by extractor. Clips without are left out.
  public init(
    clips: [Clip], features: Features, standardizer: Standardizer, classes: [String],
    isSequence: Bool = false, frames: Int? = nil, segmentation: Segmentation? = nil,
    companions: Features? = nil, companionSize: Int = 0, embeddings: [String: Embeddings] = [:]
  ) {
    let bands = standardizer.mean.count - companionSize
    let found = clips.filter { clip in
      features.size(of: clip.id)?.bands == bands
        && companions.map { $0.size(of: clip.id)?.bands == companionSize } ?? true
        && embeddings.values.allSatisfy { $0[clip.id] != nil }
    }
    inputs = ClipInputs(
      found.map(\.id), features, standardizer.part(0..<bands), isSequence: isSequence,
      frames: frames, segmentation: segmentation)
    let scale = standardizer.part(bands..<standardizer.mean.count)
    self.companions = found.flatMap { companions?[$0.id].map { scale($0).values } ?? [] }
    self.companionSize = companionSize
    (self.clips, self.classes, self.embeddings) = (found, classes, embeddings)
    targets = found.flatMap { $0.labels.map { $0 ?? 0 } }
    observed = found.flatMap { $0.labels.map { $0 == nil ? 0 : 1 } }
    unlabelled = Set(found.indices.filter { found[$0].isUnlabelled })
    precondition(
      targets.count == found.count * classes.count,
      "\(targets.count) labels for \(found.count) clips of \(classes.count) classes")
  }

  public var count: Int { clips.count }
  /// M and T of every spectrogram. Shorter clips are padded with zeros, the mean.
  public var bands: Int { inputs.size.bands }
  public var frames: Int { inputs.size.frames }
  /// Whether the input is a sequence of T embeddings instead of a spectrogram.
  public var isSequence: Bool { inputs.isSequence }
  /// The number S of segments of a clip that are scored.
  public var segments: Int { inputs.segments }

  /// The order of the clips in an epoch: a permutation of 0..<count.
  public func order(epoch: Int, seed: Int) -> [Int] {
    var generator = Generator(seed: seed, Loader.stream, epoch)
    var order = Array(0..<count)
    generator.shuffle(&order)
    return order
  }
}

// MARK: batches

extension Loader {
  /// A batch: input [B, 1, M, T] or [B, T, M]; targets and observed [B, C], both 0 for hidden and
  /// missing labels. Of longer clips it has the first segment.
  public func batch(_ indices: [Int]) -> Batch {
    batch(indices) { inputs.append($0, segment: 0, to: &$1) }
  }

  /// A training batch: of longer clips it has a segment drawn for the epoch, and features of that
  /// segment if they have parts.
  public func batch(_ indices: [Int], epoch: Int, seed: Int) -> Batch {
    var batch = batch(indices) { inputs.append($0, epoch: epoch, seed: seed, to: &$1) }
    for (id, own) in embeddings where own.hasParts {
      let values = indices.flatMap { clip -> [Float] in
        let name = clips[clip].id
        let part = inputs.part(of: clip, epoch: epoch, seed: seed)
        return part.flatMap { own[name, $0] } ?? own[name] ?? []
      }
      batch.embeddings[id] = Tensor(values, [indices.count, own.dimension])
    }
    return batch
  }

  /// The input for scoring segment `segment`, 0..<S, of these clips: [B, 1, M, T], [B, T, M], or
  /// [B, M·T + E] with companions.
  public func view(_ indices: [Int], segment: Int) -> Tensor {
    guard companionSize > 0 else {
      return input(indices) { inputs.append($0, segment: segment, to: &$1) }
    }
    var values: [Float] = []
    for i in indices {
      inputs.append(i, segment: segment, to: &values)
      values += companions[i * companionSize..<(i + 1) * companionSize]
    }
    return Tensor(values, [indices.count, bands * frames + companionSize])
  }

  private func input(_ indices: [Int], _ append: (Int, inout [Float]) -> Void) -> Tensor {
    let shape = [indices.count] + inputs.size.shape(isSequence: isSequence)
    if let table = inputs.table { return Tensor(rows: indices, of: table, shape) }
    var values: [Float] = []
    values.reserveCapacity(indices.count * bands * frames)
    for i in indices { append(i, &values) }
    return Tensor(values, shape)
  }

  private func batch(_ indices: [Int], _ append: (Int, inout [Float]) -> Void) -> Batch {
    func labels(_ table: [Float]) -> Tensor {
      Tensor(rows: indices, of: table, [indices.count, classes.count])
    }
    var batch = Batch(
      clips: indices.map { clips[$0].id }, input: input(indices, append), targets: labels(targets),
      observed: labels(observed), embeddings: embeddings.mapValues { rows(of: $0, indices) })
    batch.fault = inputs.fault
    if !unlabelled.isEmpty {
      batch.unlabelled = Set(indices.indices.filter { unlabelled.contains(indices[$0]) })
    }
    return batch
  }

  /// [B, D].
  private func rows(of embeddings: Embeddings, _ indices: [Int]) -> Tensor {
    let values = indices.flatMap { embeddings[clips[$0].id] ?? [] }
    return Tensor(values, [indices.count, embeddings.dimension])
  }
}

/// The input of a model for B clips, and their labels for C classes.
public struct Batch {
  public var clips: [Clip.ID]
  /// Spectrograms [B, 1, M, T] or embeddings [B, T, D].
  public var input: Tensor
  /// [B, C], 0…1; 0 for missing labels, so that hidden labels cannot leak.
  public var targets: Tensor
  /// [B, C]; 1 for observed labels, 0 for missing ones.
  public var observed: Tensor
  /// Pre-trained features [B, D] by extractor, for methods that use them in training.
  public var embeddings: [String: Tensor]
  /// The rows of clips that were never labelled, where a missing label is not evidence.
  public var unlabelled: Set<Int> = []
  /// The input [K, …] of unlabelled clips, to be added to these; nil if none were asked for.
  public var background: Tensor?
  /// Why features could not be read, so that the input has NaNs; nil if all could be read.
  public var fault: String?

  public init(
    clips: [Clip.ID], input: Tensor, targets: Tensor, observed: Tensor,
    embeddings: [String: Tensor] = [:]
  ) {
    self.clips = clips
    self.input = input
    self.targets = targets
    self.observed = observed
    self.embeddings = embeddings
  }
}
