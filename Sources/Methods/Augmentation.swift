// Changes to a batch of log-mel spectrograms that leave its labels true.
import Autograd
import Datasets
import Foundation
import Layers

/// What is done to each clip of a training batch, all of it drawn anew at every step. Inputs that
/// are no spectrograms ([B, 1, M, T]) only take noise and mixing.
public struct Augmentation: Sendable, Equatable {
  /// Widest frequency stripe set to 0, in mel bands; one stripe a clip, width uniform from 0.
  /// Paper: Park et al. 2019, arXiv:1904.08779.
  public var bands: Int
  /// Widest time stripe set to 0, in frames.
  public var frames: Int
  /// Circular shift in time by up to this share of the frames, either way.
  public var shift: Double
  /// Level change: up to this much is added to or taken from every value of a clip. In units of
  /// the standardised input.
  public var gain: Double
  /// Deviation of the Gaussian noise added to every value, in units of the standardised input.
  public var noise: Double
  /// α of the Beta(α, α) that mixes each clip with another of the batch; 0: no mixing.
  /// Paper: Zhang et al. 2018, arXiv:1710.09412. Entries count where both clips were answered.
  public var mixup: Double

  public static let none = Augmentation()

  /// What the reference figures of the built-in data set were made with.
  public static let band = Augmentation(bands: 4, frames: 2)

  public init(
    bands: Int = 0, frames: Int = 0, shift: Double = 0, gain: Double = 0, noise: Double = 0,
    mixup: Double = 0
  ) {
    self.bands = bands
    self.frames = frames
    self.shift = shift
    self.gain = gain
    self.noise = noise
    self.mixup = mixup
  }

  /// The batch as the model trains on it; unchanged outside training.
  public func callAsFunction(_ batch: Batch, _ mode: Mode) -> Batch {
    var batch = batch
    batch.input = view(of: batch.input, mode)
    return mix(batch, mode)
  }

  /// One changed look at the clips, without mixing: methods that compare two looks draw two.
  public func view(of input: Tensor, _ mode: Mode) -> Tensor {
    guard mode.training else { return input }
    var input = input
    if input.shape.count == 4, changesSpectrograms {
      input = spectrograms(input, &mode.random.generator)
    }
    return noise > 0 ? noisy(input, &mode.random.generator) : input
  }

  /// Mixing alone.
  public func mix(_ batch: Batch, _ mode: Mode) -> Batch {
    guard mode.training, mixup > 0 else { return batch }
    return mixed(batch, &mode.random.generator)
  }

  private var changesSpectrograms: Bool { bands > 0 || frames > 0 || shift > 0 || gain > 0 }

  private func noisy(_ input: Tensor, _ generator: inout Generator) -> Tensor {
    let values = input.values.map { $0 + Float(generator.normal(std: noise)) }
    return Tensor(values, input.shape)
  }

  /// `input` [B, 1, M, T] with every clip shifted, raised or lowered, and striped.
  private func spectrograms(_ input: Tensor, _ generator: inout Generator) -> Tensor {
    let size = ClipSize(bands: input.shape[2], frames: input.shape[3])
    var values = input.values
    for clip in 0..<input.shape[0] {
      let changes = draw(size, &generator)
      changes.apply(to: &values[clip * size.count..<(clip + 1) * size.count], size)
    }
    return Tensor(values, input.shape)
  }

  private func draw(_ size: ClipSize, _ generator: inout Generator) -> ClipChanges {
    let reach = shift * Double(size.frames)
    return ClipChanges(
      shift: reach > 0 ? Int(generator.uniform(-reach, reach).rounded()) : 0,
      gain: gain > 0 ? Float(generator.uniform(-gain, gain)) : 0,
      bands: stripe(upTo: bands, of: size.bands, &generator),
      frames: stripe(upTo: frames, of: size.frames, &generator))
  }

  /// A stripe of 0…widest lines, width and place uniform.
  private func stripe(upTo widest: Int, of count: Int, _ generator: inout Generator) -> Range<Int> {
    guard widest > 0 else { return 0..<0 }
    let width = min(generator.index(below: widest + 1), count)
    let start = generator.index(below: count - width + 1)
    return start..<start + width
  }

  /// x ← λ·x + (1 − λ)·x′ with λ ~ Beta(α, α), at least ½, and a partner x′ by one permutation.
  private func mixed(_ batch: Batch, _ generator: inout Generator) -> Batch {
    var mixed = batch
    let partners = Array(0..<batch.clips.count).shuffled(using: &generator)
    let shares = partners.map { _ in Float(beta(mixup, &generator)) }
    mixed.input = blend(batch.input, partners, shares) { $0 * $2 + $1 * (1 - $2) }
    mixed.embeddings = batch.embeddings.mapValues { features in
      blend(features, partners, shares) { $0 * $2 + $1 * (1 - $2) }
    }
    mixed.targets = blend(batch.targets, partners, shares) { $0 * $2 + $1 * (1 - $2) }
    mixed.observed = blend(batch.observed, partners, shares) { own, other, _ in min(own, other) }
    return mixed
  }

  private func blend(
    _ tensor: Tensor, _ partners: [Int], _ shares: [Float], _ rule: (Float, Float, Float) -> Float
  ) -> Tensor {
    let values = tensor.values
    let stride = values.count / max(partners.count, 1)
    var result = values
    for (clip, partner) in partners.enumerated() {
      for i in 0..<stride {
        result[clip * stride + i] = rule(
          values[clip * stride + i], values[partner * stride + i], shares[clip])
      }
    }
    return Tensor(result, tensor.shape)
  }

  /// The larger of λ and 1 − λ, λ ~ Beta(α, α). Jöhnk 1964: accept u^(1/α) + v^(1/α) ≤ 1.
  private func beta(_ alpha: Double, _ generator: inout Generator) -> Double {
    while true {
      let x = pow(generator.uniform(), 1 / alpha)
      let y = pow(generator.uniform(), 1 / alpha)
      if x + y > 0 && x + y <= 1 { return max(x, y) / (x + y) }
    }
  }
}
