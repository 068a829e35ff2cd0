// The two views of a clip that BYOL-A compares.
import Autograd
import Foundation
import Layers

/// Makes random views of spectrograms [B, 1, M, T]: mixed with a clip heard before, cropped and
/// resized, and brought back to the mean and standard deviation of the batch.
/// Paper: Niizumi et al. 2021, arXiv:2103.06695, with the ranges of the authors' code.
/// Differs: 256 past clips are kept instead of 2,048, since a checkpoint holds them; the crop is
/// resized linearly instead of bicubically.
package struct ViewAugmentation {
  /// The number of past clips that are kept.
  package static let capacity = 256
  /// The largest share of a past clip.
  private static let mixing = 0.4
  /// Height and width of a crop as a share of the clip. A crop is at most as high as the clip and
  /// `canvas` times as wide; what lies outside the clip is 0.
  private static let scale = 0.6...1.5
  private static let canvas = 1.5

  /// Past clips, one after the other; `oldest` is overwritten next.
  private var past: [Float] = []
  private var oldest = 0

  package init() {}

  /// Two views of each clip. In training the clips are remembered afterwards.
  package mutating func views(
    of input: Tensor, _ mode: Mode
  ) -> (first: Tensor, second: Tensor) {
    let values = input.values
    let first = view(of: values, input.shape, &mode.random.generator)
    let second = view(of: values, input.shape, &mode.random.generator)
    if mode.training { remember(values, clips: input.shape[0]) }
    return (first, second)
  }

  private func view(
    of values: [Float], _ shape: [Int], _ generator: inout Generator
  ) -> Tensor {
    let size = values.count / max(shape[0], 1)
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for clip in 0..<shape[0] {
      let mixed = mixed(Array(values[clip * size..<(clip + 1) * size]), &generator)
      let crop = Crop(bands: shape[2], frames: shape[3], Self.scale, Self.canvas, &generator)
      result += crop.resized(mixed)
    }
    Self.normalize(&result, like: values)
    return Tensor(result, shape)
  }

  /// log((1 − λ)·exp(x) + λ·exp(x′)) with a past clip x′ and λ from 0 to 0.4: powers are mixed.
  private func mixed(_ clip: [Float], _ generator: inout Generator) -> [Float] {
    guard past.count >= clip.count, !clip.isEmpty else { return clip }
    let place = generator.index(below: past.count / clip.count) * clip.count
    let share = Float(generator.uniform(0, Self.mixing))
    return clip.indices.map { i in
      clip[i] + log(1 - share + share * exp(min(past[place + i] - clip[i], 80)))
    }
  }

  private mutating func remember(_ values: [Float], clips: Int) {
    let size = values.count / max(clips, 1)
    for clip in 0..<clips {
      let new = values[clip * size..<(clip + 1) * size]
      if past.count < Self.capacity * size {
        past += new
      } else {
        past.replaceSubrange(oldest * size..<(oldest + 1) * size, with: new)
        oldest = (oldest + 1) % Self.capacity
      }
    }
  }

  /// Gives `values` the mean and the standard deviation of `model`.
  private static func normalize(_ values: inout [Float], like model: [Float]) {
    let (mean, deviation) = moments(values)
    let (target, spread) = moments(model)
    let factor = deviation > 0 ? Float(spread / deviation) : 1
    for i in values.indices { values[i] = (values[i] - Float(mean)) * factor + Float(target) }
  }

  private static func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0.0) { $0 + Double($1) } / count
    let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, (squares / count).squareRoot())
  }
}

// MARK: state

extension ViewAugmentation {
  /// The past clips, for a checkpoint.
  package var memory: [String: Tensor] {
    let place = ["oldest": Tensor(Float(oldest))]
    return past.isEmpty ? place : place.merging(["past": Tensor(past, [past.count])]) { $1 }
  }

  /// Restores `memory`.
  ///
  /// - Throws: `StateError` if an entry is missing or does not fit.
  package mutating func restore(_ memory: [String: Tensor]) throws {
    let oldest = try SavedState.steps("oldest", in: memory)
    guard oldest < Self.capacity else { throw StateError.missing("oldest") }
    (past, self.oldest) = (memory["past"]?.values ?? [], oldest)
  }
}

/// A part of a spectrogram [M, T] that is stretched or squeezed to the size of the whole.
private struct Crop {
  let bands, frames: Int
  /// The first band and the first frame, which may lie outside the clip, and the size.
  let top, left, height, width: Int

  /// Draws height and width as a share of the clip, and the place on the canvas, in whose middle
  /// the clip is.
  init(
    bands: Int, frames: Int, _ scale: ClosedRange<Double>, _ canvas: Double,
    _ generator: inout Generator
  ) {
    func share() -> Double {
      generator.uniform(scale.lowerBound, scale.upperBound)
    }
    let wide = max(frames, Int(canvas * Double(frames)))
    (self.bands, self.frames) = (bands, frames)
    height = min(max(Int(share() * Double(bands)), 1), bands)
    width = min(max(Int(share() * Double(frames)), 1), wide)
    top = generator.index(below: bands - height + 1)
    left = generator.index(below: wide - width + 1) - (wide - frames) / 2
  }

  /// [M, T] → [M, T], linear between the values, the corners on those of the crop.
  func resized(_ clip: [Float]) -> [Float] {
    let rows = Self.places(bands, from: top, height)
    let columns = Self.places(frames, from: left, width)
    var result: [Float] = []
    result.reserveCapacity(bands * frames)
    for row in rows {
      let next = min(row.index + 1, bands - 1)
      for column in columns {
        let above = value(clip, row.index, column)
        let below = value(clip, next, column)
        result.append(above + (below - above) * row.share)
      }
    }
    return result
  }

  private func value(_ clip: [Float], _ row: Int, _ column: Place) -> Float {
    let (left, right) = (column.index, column.index + 1)
    let first = left >= 0 && left < frames ? clip[row * frames + left] : 0
    let second = right >= 0 && right < frames ? clip[row * frames + right] : 0
    return first + (second - first) * column.share
  }

  /// A position between two indices.
  private struct Place {
    let index: Int
    let share: Float
  }

  /// `count` positions from `start` to `start` + `length` − 1.
  private static func places(_ count: Int, from start: Int, _ length: Int) -> [Place] {
    (0..<count).map { n in
      let position = Double(n) * Double(length - 1) / Double(max(count - 1, 1))
      return Place(index: start + Int(position), share: Float(position - Double(Int(position))))
    }
  }
}
