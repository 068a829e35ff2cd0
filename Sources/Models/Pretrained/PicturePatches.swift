// The patches of a picture that a network of fixed input length sees.
import Autograd

/// How a picture [B, M, T] is cut along time.
package enum PicturePatches: Sendable, Equatable {
  /// Patches of `length` frames, `hop` apart; the last one ends with the picture. A shorter
  /// picture is repeated.
  case fixed(length: Int, hop: Int)
  /// Patches of equal length, as few as possible, with at most `longest` frames.
  case equal(longest: Int)

  /// The frames of each patch of a picture of `frames` frames, at least one patch.
  package func ranges(_ frames: Int) -> [Range<Int>] {
    switch self {
    case .fixed(let length, let hop):
      let rest = max(0, frames - length)
      return (0...(rest + hop - 1) / hop).map { index in
        let start = min(index * hop, rest)
        return start..<start + length
      }
    case .equal(let longest):
      let count = max(1, (frames + longest - 1) / longest)
      let length = (frames + count - 1) / count
      return (0..<count).map { index in
        let start = min(index * length, frames - length)
        return start..<start + length
      }
    }
  }

  /// The mean over the patches of `network`, which maps [B, M, L] to [B, D].
  package func mean(_ pictures: Tensor, of network: (Tensor) -> Tensor) -> Tensor {
    let ranges = ranges(pictures.shape[2])
    let whole = repeated(pictures, toFrames: ranges.last?.upperBound ?? 0)
    let parts = ranges.map { network(ranges.count == 1 ? whole : whole.slice(2, $0)) }
    let sum = parts.dropFirst().reduce(parts[0]) { $0 + $1 }
    return ranges.count == 1 ? sum : sum * (1 / Float(ranges.count))
  }

  private func repeated(_ pictures: Tensor, toFrames count: Int) -> Tensor {
    let frames = pictures.shape[2]
    guard count > frames else { return pictures }
    let copies = Array(repeating: pictures, count: (count + frames - 1) / frames)
    return Tensor.concat(copies, axis: 2).slice(2, 0..<count)
  }
}
