import CKernels

/// A spectrogram or another time–frequency representation: values `[M, T]`, row-major, low band
/// first.
public struct Spectrogram: Sendable, Equatable {
  /// M, the number of frequency bands.
  public let bands: Int
  /// T, the number of frames.
  public let frames: Int
  /// `[M, T]`: band b, frame t is at `b * frames + t`.
  public var values: [Float]

  /// A spectrogram of `values` in row-major order.
  ///
  /// - Precondition: There are `bands · frames` values.
  public init(bands: Int, frames: Int, values: [Float]) {
    precondition(
      values.count == bands * frames,
      "a spectrogram [\(bands), \(frames)] has \(bands * frames) values, not \(values.count)")
    self.bands = bands
    self.frames = frames
    self.values = values
  }

  /// The value of a band in a frame.
  public subscript(band: Int, frame: Int) -> Float {
    get { values[band * frames + frame] }
    set { values[band * frames + frame] = newValue }
  }
}

extension Spectrogram {
  /// The frames `range` of every band, `[M, range.count]`.
  public func frames(_ range: Range<Int>) -> Spectrogram {
    precondition(range.lowerBound >= 0 && range.upperBound <= frames, "\(range) of \(frames)")
    let values = (0..<bands).flatMap { band in
      self.values[band * frames + range.lowerBound..<band * frames + range.upperBound]
    }
    return Spectrogram(bands: bands, frames: range.count, values: values)
  }

  /// Cuts or zero-pads the end, so that there are `count` frames.
  public func fitted(toFrames count: Int) -> Spectrogram {
    guard count > frames else { return frames(0..<count) }
    let silence = repeatElement(Float(0), count: count - frames)
    let values = (0..<bands).flatMap { band in
      self.values[band * frames..<(band + 1) * frames] + silence
    }
    return Spectrogram(bands: bands, frames: count, values: values)
  }
}

/// The precomputed tables of a front end. It computes `[M, T]` in blocks of frames.
struct FilteredSTFT: Sendable {
  /// The place of the square root: none, or of each bin, or of each band.
  enum Root: Sendable { case none, ofBins, ofBands }

  let stft: STFT
  let bank: MelFilterbank
  var root = Root.none
  /// nil for no compression.
  var logarithm: Compression.Logarithm?

  /// Compressed energies `[M, T]`. Throws `AudioError` if the sound is shorter than one frame.
  func callAsFunction(_ samples: [Float]) throws -> Spectrogram {
    let frames = stft.frames(of: samples.count)
    guard frames > 0, !samples.isEmpty else {
      throw AudioError(
        file: "", reason: "\(samples.count) samples; expected at least \(stft.leastCount)")
    }
    let total = bank.bands * frames
    let values = [Float](unsafeUninitializedCapacity: total) { buffer, count in
      // In bounds: each block fills its own columns of all bands, and the blocks cover all frames.
      if let base = buffer.baseAddress { fill(base, of: samples, frames: frames) }
      count = total
    }
    return Spectrogram(bands: bank.bands, frames: frames, values: values)
  }

  private func fill(_ target: UnsafeMutablePointer<Float>, of samples: [Float], frames: Int) {
    withScratch(bank.scratchCount) { parts in
      stft.forEachBlock(of: samples) { first, used, power in
        if root == .ofBins { scant_root(power, used * bank.bins) }
        bank.apply(
          power, frames: used, scratch: parts[0], into: target + first, stride: frames)
        if root == .ofBands {
          for band in 0..<bank.bands { scant_root(target + first + band * frames, used) }
        }
        if let log = logarithm {
          scant_log_rows(
            target + first, bank.bands, frames, used, log.factor, log.offset, log.floor, log.scale)
        }
      }
    }
  }
}

extension Spectrogram {
  /// Cuts out `count` frames from `start` on, `[M, count]`. Frames before the first (`start` < 0)
  /// and after the last are zeros.
  public func cut(from start: Int, frames count: Int) -> Spectrogram {
    let first = max(0, start)
    let end = min(frames, start + count)
    guard first < end else {
      return Spectrogram(
        bands: bands, frames: count, values: [Float](repeating: 0, count: bands * count))
    }
    let before = repeatElement(Float(0), count: first - start)
    let after = repeatElement(Float(0), count: start + count - end)
    var cut: [Float] = []
    cut.reserveCapacity(bands * count)
    for band in 0..<bands {
      cut += before
      cut += values[band * frames + first..<band * frames + end]
      cut += after
    }
    return Spectrogram(bands: bands, frames: count, values: cut)
  }
}

/// The dot product Σ `a[i] * b[i]` of `count` values. The order of the sum depends on `count`
/// alone, so equal input gives equal bits. Each pointer must have `count` values.
@inline(__always)
func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
  // In bounds: the vectors of 8 end at count - count % 8, and the loads are unaligned ones.
  let x = UnsafeRawPointer(a)
  let y = UnsafeRawPointer(b)
  var even = SIMD8<Float>.zero
  var odd = SIMD8<Float>.zero
  var index = 0
  while index + 16 <= count {
    let next = (index + 8) * 4
    even +=
      x.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
      * y.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
    odd +=
      x.loadUnaligned(fromByteOffset: next, as: SIMD8<Float>.self)
      * y.loadUnaligned(fromByteOffset: next, as: SIMD8<Float>.self)
    index += 16
  }
  var sum = (even + odd).sum()
  while index < count {
    sum += a[index] * b[index]
    index += 1
  }
  return sum
}
