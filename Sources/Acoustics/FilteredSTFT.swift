// The pipeline of most front ends: frames → power → bands → logarithm.
import CKernels

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
