import Acoustics
import Autograd
import Datasets
import Layers

/// Data augmentation of training batches, with new random draws in each step: SpecAugment, time
/// shift, gain, FilterAugment, noise and mixup. Inputs that are not spectrograms [B, 1, M, T] only
/// get noise and mixup.
public struct Augmentation: Sendable, Equatable {
  /// SpecAugment: the maximum width of the frequency mask in mel bands. Each clip has one mask with
  /// a uniform width from 0. Paper: Park et al. 2019, arXiv:1904.08779.
  public var bands: Int
  /// SpecAugment: the maximum width of the time mask in frames.
  public var frames: Int
  /// The maximum circular time shift in both directions, as a fraction of the frames.
  public var shift: Double
  /// The maximum gain in both directions: a constant added to all values of a clip, in units of the
  /// standardized input.
  public var gain: Double
  /// The standard deviation of Gaussian noise, in units of the standardized input.
  public var noise: Double
  /// FilterAugment: the largest change of level of a mel band in both directions, in units of the
  /// standardized input; 0 disables it. Each batch has its own ranges of bands, and each clip its
  /// own levels.
  public var filter: Double
  /// How the level changes over the bands.
  public var filterShape: FilterCurve.Shape
  /// Mixup: α of the Beta(α, α) distribution; 0 disables it.
  /// Paper: Zhang et al. 2018, arXiv:1710.09412.
  public var mixup: Double
  /// What mixup makes of the labels of two clips.
  public var mixupLabels: MixupLabels
  /// Clip mixing: the share of the clips of a batch to which another clip of the batch is added,
  /// in power. A class is present if it is known to be present in one of the two, absent if it is
  /// known to be absent in both, else unknown. 0 disables it.
  public var mixClips: Double
  /// Background: the share of the clips of a batch to which an unlabelled clip is added, 0 to 20
  /// dB softer than it was recorded. What it contains is unknown, so positives stay known and
  /// negatives become unknown. 0 disables it.
  public var background: Double
  /// The way from values of spectrograms to powers; without one, clips are not mixed.
  public var scale: PowerScale?

  /// No augmentation.
  public static let none = Augmentation()

  /// The augmentation of the reference figures of the built-in data set.
  public static let band = Augmentation(bands: 4, frames: 2)

  /// An augmentation with these settings; by default none.
  public init(
    bands: Int = 0, frames: Int = 0, shift: Double = 0, gain: Double = 0, noise: Double = 0,
    mixup: Double = 0, mixupLabels: MixupLabels = .both, filter: Double = 0,
    filterShape: FilterCurve.Shape = .linear, mixClips: Double = 0, background: Double = 0,
    scale: PowerScale? = nil
  ) {
    self.bands = bands
    self.frames = frames
    self.shift = shift
    self.gain = gain
    self.noise = noise
    self.mixup = mixup
    self.mixupLabels = mixupLabels
    self.filter = filter
    self.filterShape = filterShape
    self.mixClips = mixClips
    self.background = background
    self.scale = scale
  }

  /// Augments and mixes a batch. In evaluation mode nothing happens.
  public func callAsFunction(_ batch: Batch, _ mode: Mode) -> Batch {
    var batch = mixingPowers(batch, mode)
    batch.input = view(of: batch.input, mode)
    return mixingUp(batch, mode)
  }

  /// An augmented view of the input, without mixup. Methods that compare views call this
  /// repeatedly.
  public func view(of input: Tensor, _ mode: Mode) -> Tensor {
    guard mode.training else { return input }
    var input = input
    if input.shape.count == 4, changesSpectrograms {
      input = spectrograms(input, &mode.random.generator)
    }
    if input.shape.count == 4, filter > 0 { input = filtered(input, &mode.random.generator) }
    return noise > 0 ? noisy(input, &mode.random.generator) : input
  }

  /// Applies clip mixing, background and mixup only.
  public func mix(_ batch: Batch, _ mode: Mode) -> Batch {
    mixingUp(mixingPowers(batch, mode), mode)
  }

  private func mixingUp(_ batch: Batch, _ mode: Mode) -> Batch {
    guard mode.training, mixup > 0 else { return batch }
    return mixed(batch, mixupLabels, &mode.random.generator)
  }

  private var changesSpectrograms: Bool { bands > 0 || frames > 0 || shift > 0 || gain > 0 }

  private func noisy(_ input: Tensor, _ generator: inout Generator) -> Tensor {
    let values = input.values.map { $0 + Float(generator.normal(std: noise)) }
    return Tensor(values, input.shape)
  }

  /// Adds a filter curve to every frame of `input` [B, 1, M, T].
  private func filtered(_ input: Tensor, _ generator: inout Generator) -> Tensor {
    let (bandCount, frameCount) = (input.shape[2], input.shape[3])
    guard let curve = FilterCurve(filterShape, bands: bandCount, &generator) else { return input }
    var values = input.values
    for clip in stride(from: 0, to: values.count, by: max(1, bandCount * frameCount)) {
      let levels = (0..<curve.levelCount).map { _ in generator.uniform(-filter, filter) }
      for (band, change) in curve.values(levels).enumerated() {
        let row = clip + band * frameCount
        for i in row..<row + frameCount { values[i] += Float(change) }
      }
    }
    return Tensor(values, input.shape)
  }

  /// Shifts, amplifies and masks every clip of `input` [B, 1, M, T]. Masked values are 0, the mean
  /// of a band after standardization.
  private func spectrograms(_ input: Tensor, _ generator: inout Generator) -> Tensor {
    let (bandCount, frameCount) = (input.shape[2], input.shape[3])
    var values = input.values
    for clip in stride(from: 0, to: values.count, by: max(1, bandCount * frameCount)) {
      let reach = shift * Double(frameCount)
      let later = reach > 0 ? Int(generator.uniform(-reach, reach).rounded()) : 0
      let offset = gain > 0 ? Float(generator.uniform(-gain, gain)) : 0
      let maskedBands = mask(upTo: bands, of: bandCount, &generator)
      let maskedFrames = mask(upTo: frames, of: frameCount, &generator)
      for band in 0..<bandCount {
        let row = clip + band * frameCount..<clip + (band + 1) * frameCount
        if later != 0 { rotate(&values, row, by: later) }
        if offset != 0 { for i in row { values[i] += offset } }
        for i in maskedBands.contains(band) ? 0..<frameCount : maskedFrames {
          values[row.lowerBound + i] = 0
        }
      }
    }
    return Tensor(values, input.shape)
  }

  /// Shifts a row to later frames; the last ones come first.
  private func rotate(_ values: inout [Float], _ row: Range<Int>, by later: Int) {
    let start = ((-later % row.count) + row.count) % row.count
    let line = values[row]
    let middle = line.startIndex + start
    values.replaceSubrange(row, with: line[middle...] + line[..<middle])
  }

  /// A mask of 0…widest of `count` bands or frames, with uniform width and position.
  private func mask(upTo widest: Int, of count: Int, _ generator: inout Generator) -> Range<Int> {
    guard widest > 0 else { return 0..<0 }
    let width = min(generator.index(below: widest + 1), count)
    let start = generator.index(below: count - width + 1)
    return start..<start + width
  }
}
