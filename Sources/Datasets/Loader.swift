// Packs clips into batches: standardised pictures side by side, targets and what is observed.
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
  /// [N, M, T], contiguous.
  private let pictures: [Float]
  /// [N, C].
  private let targets, observed: [Float]
  /// Separates the order's random stream from others of the same seed.
  private static let stream = 0x6F72_64

  public init(clips: [Clip], features: Features, standardizer: Standardizer, classes: [String]) {
    let found = clips.filter { features[$0.id]?.bands == standardizer.mean.count }
    self.clips = found
    self.classes = classes
    bands = standardizer.mean.count
    frames = found.compactMap { features[$0.id]?.frames }.max() ?? 0
    var pictures: [Float] = []
    pictures.reserveCapacity(found.count * bands * frames)
    for clip in found {
      guard let raw = features[clip.id] else { continue }
      Loader.append(standardizer(raw), to: &pictures, frames: frames)
    }
    self.pictures = pictures
    targets = found.flatMap { $0.labels.map { $0 ?? 0 } }
    observed = found.flatMap { $0.labels.map { $0 == nil ? 0 : 1 } }
    precondition(
      targets.count == found.count * classes.count,
      "\(targets.count) labels for \(found.count) clips of \(classes.count) classes")
  }

  private static func append(_ picture: Spectrogram, to pictures: inout [Float], frames: Int) {
    if picture.frames == frames {
      pictures.append(contentsOf: picture.values)
      return
    }
    for b in 0..<picture.bands {
      pictures += picture.values[b * picture.frames..<(b + 1) * picture.frames]
      pictures += repeatElement(0, count: frames - picture.frames)
    }
  }

  public var count: Int { clips.count }

  /// The clips' places in the order of one epoch: a permutation of 0..<count.
  public func order(epoch: Int, seed: Int) -> [Int] {
    var generator = Generator(seed: seed, Loader.stream, epoch)
    var order = Array(0..<count)
    generator.shuffle(&order)
    return order
  }

  /// Input [B, 1, M, T]; targets and observed [B, C], both 0 where a label is hidden or missing.
  public func batch(_ indices: [Int]) -> Batch {
    let size = bands * frames
    let width = classes.count
    var input: [Float] = []
    var wanted: [Float] = []
    var known: [Float] = []
    input.reserveCapacity(indices.count * size)
    for i in indices {
      input += pictures[i * size..<(i + 1) * size]
      wanted += targets[i * width..<(i + 1) * width]
      known += observed[i * width..<(i + 1) * width]
    }
    return Batch(
      clips: indices.map { clips[$0].id },
      input: Tensor(input, [indices.count, 1, bands, frames]),
      targets: Tensor(wanted, [indices.count, width]),
      observed: Tensor(known, [indices.count, width]))
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
