// The harmonic filter bank with a learned bandwidth. Paper: Won et al. 2020, "Data-driven harmonic
// filters for audio representation learning", ICASSP, doi:10.1109/ICASSP40776.2020.9053669.
import CKernels

/// The settings of a harmonic filter bank: triangular filters around the harmonics of a set of
/// notes, on the linear frequency axis of a power spectrum.
public struct HarmonicBank: Sendable, Equatable {
  /// The fundamental frequencies in Hz.
  public let notes: [Double]
  /// The filters per note: a note f has filters at f, 2·f, …, harmonics·f.
  public let harmonics: Int
  /// The bins of a spectrum; bin j lies at j·spacing.
  public let bins: Int
  /// The distance between two bins in Hz.
  public let spacing: Double

  /// A filter bank for spectra of `bins` bins; frequencies are in Hz.
  public init(notes: [Double], harmonics: Int, bins: Int, spacing: Double) {
    (self.notes, self.harmonics) = (notes, harmonics)
    (self.bins, self.spacing) = (bins, spacing)
  }

  /// The bins closer to `center` than `reach`, both in Hz.
  fileprivate func bins(around center: Double, reach: Double) -> Range<Int> {
    let last = Double(bins)
    let low = Swift.min(Swift.max(((center - reach) / spacing).rounded(.down) + 1, 0), last)
    let high = Swift.min(Swift.max(((center + reach) / spacing).rounded(.up), low), last)
    return Int(low)..<Int(high)
  }
}

extension Tensor {
  /// A harmonic filter bank with a learned bandwidth: power spectra [B, T, bins] →
  /// [B, notes, T, harmonics].
  ///
  /// Each output is a sum over bins, weighted by max(0, 1 − 2·|g − f|·Q / (0.1079·f + 24.7)) for
  /// bin frequency g and centre frequency f in Hz. Paper: Won et al. 2020,
  /// doi:10.1109/ICASSP40776.2020.9053669.
  ///
  /// - Parameters:
  ///   - q: One value, Q; gradients reach it.
  ///   - bank: The notes, the harmonics and the bins.
  public func harmonicBank(_ q: Tensor, _ bank: HarmonicBank) -> Tensor {
    precondition(
      shape.count == 3 && shape[2] == bank.bins && q.count == 1,
      "harmonic bank on \(shape); expected [B, T, \(bank.bins)] and one Q, not \(q.shape)")
    let plan = HarmonicPlan(bank, q: Double(q.item), spectra: detached)
    return plan.forward().recorded("harmonicBank", from: self, q) { gradient in
      [
        self.needsGradient ? plan.inputGradient(gradient) : nil,
        q.needsGradient ? Tensor([plan.gradientInQ(gradient)], q.shape) : nil,
      ]
    }
  }
}

/// The packed weights of all filters, and the split of the frames.
private struct HarmonicPlan: Sendable {
  private let bank: HarmonicBank
  private let spectra: Tensor
  private let table: Storage  // integers: starts, counts and offsets of the filters
  private let weights: Tensor
  private let gradients: Tensor  // d(weight)/dQ

  init(_ bank: HarmonicBank, q: Double, spectra: Tensor) {
    let filters = bank.harmonics * bank.notes.count
    (self.bank, self.spectra, table) = (bank, spectra, Storage(3 * filters))
    var weights: [Float] = []
    var gradients: [Float] = []
    for filter in 0..<filters {
      let (harmonic, note) = filter.quotientAndRemainder(dividingBy: bank.notes.count)
      let center = Double(harmonic + 1) * bank.notes[note]
      let width = (0.1079 * center + 24.7) / 2
      let inside = bank.bins(around: center, reach: q > 0 ? width / q : .infinity)
      table.indices[filter] = Int32(inside.lowerBound)
      table.indices[filters + filter] = Int32(inside.count)
      table.indices[2 * filters + filter] = Int32(weights.count)
      let distances = inside.map { abs(Double($0) * bank.spacing - center) / width }
      weights += distances.map { Float(1 - $0 * q) }
      gradients += distances.map { Float(-$0) }
    }
    self.weights = Tensor(weights, [weights.count])
    self.gradients = Tensor(gradients, [gradients.count])
  }

  /// Valid while this plan lives.
  private var filters: scant_harmonic_bank {
    let count = bank.harmonics * bank.notes.count
    return scant_harmonic_bank(
      bins: bank.bins, notes: bank.notes.count, harmonics: bank.harmonics, starts: table.indices,
      counts: table.indices + count, offsets: table.indices + 2 * count,
      weights: weights.pointer, gradients: gradients.pointer)
  }

  private var frames: Int { spectra.shape[1] }
  private var blocks: Int { (frames + 15) / 16 }
  private var entries: Int { frames * bank.harmonics }

  /// A block of frames: its length and the offsets of its first spectrum and its first output.
  private struct Block {
    let frames, spectrum, output: Int
  }

  /// Calls `body` with each block of each clip and a scratch buffer; several blocks form a part.
  private func eachBlock(
    _ body:
      @Sendable (
        Int, Block, UnsafePointer<scant_harmonic_bank>, UnsafeMutablePointer<Float>
      ) -> Void
  ) {
    parallelParts(spectra.shape[0] * blocks, grain: 4) { start, length in
      Storage.scratch(16 * (bank.bins + bank.harmonics)) { scratch in
        for index in start..<start + length {
          let (clip, block) = index.quotientAndRemainder(dividingBy: blocks)
          let place = Block(
            frames: Swift.min(16, frames - 16 * block),
            spectrum: (clip * frames + 16 * block) * bank.bins,
            output: clip * bank.notes.count * entries + 16 * block * bank.harmonics)
          withUnsafePointer(to: filters) { body(index, place, $0, scratch) }
        }
      }
    }
  }

  func forward() -> Tensor {
    let result = Tensor(
      uninitialized: [spectra.shape[0], bank.notes.count, frames, bank.harmonics])
    eachBlock { _, block, bank, scratch in
      scant_harmonic(
        bank, spectra.pointer + block.spectrum, block.frames, frames, scratch,
        result.pointer + block.output)
    }
    return result
  }

  func inputGradient(_ gradient: Tensor) -> Tensor {
    let result = Tensor(uninitialized: spectra.shape)
    eachBlock { _, block, bank, scratch in
      scant_harmonic_back(
        bank, gradient.pointer + block.output, block.frames, frames, scratch,
        result.pointer + block.spectrum)
    }
    return result
  }

  /// d(loss)/dQ. The blocks are summed in order.
  func gradientInQ(_ gradient: Tensor) -> Float {
    let parts = Tensor(uninitialized: [spectra.shape[0] * blocks])
    eachBlock { index, block, bank, scratch in
      parts.pointer[index] = Float(
        scant_harmonic_back_q(
          bank, spectra.pointer + block.spectrum, gradient.pointer + block.output, block.frames,
          frames, scratch))
    }
    return parts.sum().item
  }
}
