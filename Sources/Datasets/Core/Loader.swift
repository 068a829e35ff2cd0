// Packs clips into batches: standardised spectrograms or sequences side by side, targets and
// what is observed.
import Acoustics
import Autograd

/// The clips of one split, ready to train on or to be scored.
public struct Loader: Sendable {
  /// Those of the clips given that have features; batches count in this order.
  public let clips: [Clip]
  /// Names of the C classes.
  public let classes: [String]
  private let inputs: ClipInputs
  /// [N, E], standardised: joined to every clip's input when it is scored; E may be 0.
  private let companions: [Float]
  private let companionSize: Int
  /// Extractor id to [N, D].
  private let embeddings: [String: Embeddings]
  /// [N, C].
  private let targets, observed: [Float]
  /// Of the clips, those that nobody ever labelled.
  private let unlabelled: Set<Int>
  /// Separates the order's random stream from others of the same seed.
  private static let stream = 0x6F72_64

  /// `frames`: T of all batches; nil is that of the longest clip here. Longer clips are cut at the
  /// end or, with a `segmentation`, into pieces.
  /// `companions`: [E, 1] a clip, joined to its input when it is scored; the last E values of the
  /// standardizer are theirs.
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
  /// M and T of every spectrogram. Clips shorter than the longest end in zeros, the mean.
  public var bands: Int { inputs.size.bands }
  public var frames: Int { inputs.size.frames }
  /// Whether a clip is a sequence of T embeddings instead of a spectrogram.
  public var isSequence: Bool { inputs.isSequence }
  /// S: how many pieces of a clip are scored.
  public var segments: Int { inputs.segments }

  /// The clips' places in the order of one epoch: a permutation of 0..<count.
  public func order(epoch: Int, seed: Int) -> [Int] {
    var generator = Generator(seed: seed, Loader.stream, epoch)
    var order = Array(0..<count)
    generator.shuffle(&order)
    return order
  }
}

// MARK: batches

extension Loader {
  /// Input [B, 1, M, T] or [B, T, M]; targets and observed [B, C], both 0 where a label is hidden
  /// or missing. Of longer clips the first piece.
  public func batch(_ indices: [Int]) -> Batch {
    batch(indices) { inputs.append($0, segment: 0, to: &$1) }
  }

  /// The same to train on: of longer clips a piece drawn for this epoch.
  public func batch(_ indices: [Int], epoch: Int, seed: Int) -> Batch {
    batch(indices) { inputs.append($0, epoch: epoch, seed: seed, to: &$1) }
  }

  /// What a model scores of these clips' pieces number `segment`, 0..<S: [B, 1, M, T], [B, T, M],
  /// or [B, M·T + E] where vectors are joined.
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

extension Generator {
  /// Fisher and Yates's shuffle; the standard library's may change between versions.
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for i in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(i, index(below: i + 1))
    }
  }
}

/// What a model sees of B clips, and what is known of their C classes.
public struct Batch {
  public var clips: [Clip.ID]
  /// What the model's front end yields, [B, 1, M, T]; [B, T, D] of an extractor.
  public var input: Tensor
  /// [B, C], 0…1; 0 wherever the label is missing, so that nothing can leak.
  public var targets: Tensor
  /// [B, C], 1: somebody answered; 0: missing.
  public var observed: Tensor
  /// Extractor id to [B, D], for methods that use pre-trained features in training.
  public var embeddings: [String: Tensor]
  /// Rows of clips that nobody ever labelled: a missing label says nothing there.
  public var unlabelled: Set<Int> = []
  /// Why spectrograms among the input could not be read, in which every value is NaN; nil where all
  /// could.
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
