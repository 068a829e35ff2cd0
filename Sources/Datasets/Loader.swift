// Packs clips into batches: standardised pictures or sequences side by side, targets and what is
// observed.
import Acoustics
import Autograd

/// The clips of one split, ready to train on or to be scored.
public struct Loader: Sendable {
  /// Those of the clips given that have features; batches count in this order.
  public let clips: [Clip]
  /// Names of the C classes.
  public let classes: [String]
  /// M and T of every picture. Clips shorter than the longest end in zeros, the mean.
  public let bands, frames: Int
  /// Whether a clip is a sequence of T embeddings instead of a picture.
  public let isSequence: Bool
  /// [N, M, T], or [N, T, M] for sequences.
  private let inputs: [Float]
  /// Extractor id to [N, D].
  private let embeddings: [String: Embeddings]
  /// [N, C].
  private let targets, observed: [Float]
  /// Separates the order's random stream from others of the same seed.
  private static let stream = 0x6F72_64

  /// `frames`: T of all batches; nil is that of the longest clip here. Longer clips are cut.
  /// `embeddings`: pre-trained features for training, by extractor; clips without are left out.
  public init(
    clips: [Clip], features: Features, standardizer: Standardizer, classes: [String],
    isSequence: Bool = false, frames: Int? = nil, embeddings: [String: Embeddings] = [:]
  ) {
    let found = clips.filter { clip in
      features[clip.id]?.bands == standardizer.mean.count
        && embeddings.values.allSatisfy { $0[clip.id] != nil }
    }
    self.clips = found
    self.classes = classes
    self.isSequence = isSequence
    self.embeddings = embeddings
    let frames = frames ?? found.compactMap { features[$0.id]?.frames }.max() ?? 0
    self.frames = frames
    bands = standardizer.mean.count
    var inputs: [Float] = []
    inputs.reserveCapacity(found.count * bands * frames)
    for clip in found {
      guard let raw = features[clip.id] else { continue }
      let picture = standardizer(raw).fitted(toFrames: frames)
      inputs += isSequence ? picture.transposed : picture.values
    }
    self.inputs = inputs
    targets = found.flatMap { $0.labels.map { $0 ?? 0 } }
    observed = found.flatMap { $0.labels.map { $0 == nil ? 0 : 1 } }
    precondition(
      targets.count == found.count * classes.count,
      "\(targets.count) labels for \(found.count) clips of \(classes.count) classes")
  }

  public var count: Int { clips.count }

  /// The clips' places in the order of one epoch: a permutation of 0..<count.
  public func order(epoch: Int, seed: Int) -> [Int] {
    var generator = Generator(seed: seed, Loader.stream, epoch)
    var order = Array(0..<count)
    generator.shuffle(&order)
    return order
  }

  /// Input [B, 1, M, T] or [B, T, M]; targets and observed [B, C], both 0 where a label is hidden
  /// or missing.
  public func batch(_ indices: [Int]) -> Batch {
    let size = bands * frames
    let width = classes.count
    var input: [Float] = []
    var wanted: [Float] = []
    var known: [Float] = []
    input.reserveCapacity(indices.count * size)
    for i in indices {
      input += inputs[i * size..<(i + 1) * size]
      wanted += targets[i * width..<(i + 1) * width]
      known += observed[i * width..<(i + 1) * width]
    }
    let shape =
      isSequence ? [indices.count, frames, bands] : [indices.count, 1, bands, frames]
    return Batch(
      clips: indices.map { clips[$0].id }, input: Tensor(input, shape),
      targets: Tensor(wanted, [indices.count, width]),
      observed: Tensor(known, [indices.count, width]),
      embeddings: embeddings.mapValues { rows(of: $0, indices) })
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
