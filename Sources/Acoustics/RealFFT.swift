// The power spectrum of real frames, computed by FFTW in single precision.
import CFFTW
import CKernels
import Foundation
import Synchronization

/// A Fourier transform of size `n`: n real values → the power of n/2 + 1 bins, not scaled. Even
/// sizes run as complex transforms of half the length, which FFTW vectorises better.
/// `@unchecked Sendable`: the plan never changes after `init`, and FFTW's new-array execution is
/// thread-safe. Making and destroying plans is not, so it happens under the lock `planner`.
final class RealFFT: @unchecked Sendable {
  let n: Int
  /// The number of frequency bins.
  var bins: Int { n / 2 + 1 }
  /// The number of floats that `power` needs as `spectrum`.
  var spectrumCount: Int { 2 * bins }

  /// Never nil: sizes are checked beforehand, and FFTW plans every positive size.
  private let plan: fftwf_plan?
  /// cos and sin of 2πk/n, as `scant_real_power` reads them.
  private let turns: [Float]

  private static let planner = Mutex<Void>(())
  private static let cache = Shared<Int, RealFFT> { RealFFT($0) }

  static func shared(_ n: Int) -> RealFFT { cache[n] }

  /// Plans are estimated, not measured, so that a size always has the same plan and equal bits.
  private init(_ n: Int) {
    self.n = n
    let made = Self.planner.withLock { _ -> fftwf_plan? in
      let input = fftwf_alloc_complex(n / 2 + 1)
      let output = fftwf_alloc_complex(n / 2 + 1)
      defer {
        fftwf_free(input)
        fftwf_free(output)
      }
      let flags = FFTW_ESTIMATE | FFTW_PRESERVE_INPUT
      guard n.isMultiple(of: 2) else {
        return input?.withMemoryRebound(to: Float.self, capacity: n) {
          fftwf_plan_dft_r2c_1d(Int32(n), $0, output, flags)
        }
      }
      return fftwf_plan_dft_1d(Int32(n / 2), input, output, FFTW_FORWARD, flags)
    }
    precondition(made != nil, "FFTW has no plan for \(n) values")
    plan = made
    let angles = (0...max(0, n / 2 - 1) / 2).map { 2 * Double.pi * Double($0) / Double(n) }
    turns = angles.map { Float(cos($0)) } + angles.map { Float(sin($0)) }
  }

  deinit { Self.planner.withLock { _ in fftwf_destroy_plan(plan) } }

  /// Writes |X|² of `frame` [n] to `power` [bins]; `spectrum` [spectrumCount] is scratch. Frame and
  /// spectrum are aligned to cache lines, as the plan requires.
  func power(
    of frame: UnsafeMutablePointer<Float>, spectrum: UnsafeMutablePointer<Float>,
    into power: UnsafeMutablePointer<Float>
  ) {
    // In bounds: n floats are n/2 complex values, and the spectrum holds n/2 + 1 of them.
    spectrum.withMemoryRebound(to: fftwf_complex.self, capacity: bins) { output in
      guard n.isMultiple(of: 2) else {
        fftwf_execute_dft_r2c(plan, frame, output)
        return
      }
      frame.withMemoryRebound(to: fftwf_complex.self, capacity: n / 2) {
        fftwf_execute_dft(plan, $0, output)
      }
    }
    if n.isMultiple(of: 2) {
      scant_real_power(spectrum, turns, n, power)
    } else {
      scant_complex_power(spectrum, bins, power)
    }
  }
}

/// Calls `body` with an uninitialised array for each of `counts`. Each array is aligned to a cache
/// line, as FFTW's plans and the vector loops require, and is freed after the call.
func withScratch<Result>(
  _ counts: Int..., body: ([UnsafeMutablePointer<Float>]) throws -> Result
) rethrows -> Result {
  let line = 16  // floats in 64 bytes
  let lengths = counts.map { ($0 + line - 1) / line * line }
  return try withUnsafeTemporaryAllocation(
    byteCount: max(lengths.reduce(0, +), line) * MemoryLayout<Float>.stride, alignment: 64
  ) { raw in
    let floats = raw.bindMemory(to: Float.self)
    var parts: [UnsafeMutablePointer<Float>] = []
    var start = 0
    for length in lengths {
      // In bounds: the parts cover the allocation, which is never empty.
      if let base = floats.baseAddress { parts.append(base + start) }
      start += length
    }
    return try body(parts)
  }
}

/// A process-wide cache of values that depend only on settings, such as filter tables and FFT
/// plans.
final class Shared<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let table = Mutex<[Key: Value]>([:])
  private let make: @Sendable (Key) -> Value
  /// A process uses few settings. When the table is full, it is emptied.
  private let capacity = 32

  init(_ make: @escaping @Sendable (Key) -> Value) { self.make = make }

  subscript(key: Key) -> Value {
    table.withLock { table in
      if let value = table[key] { return value }
      if table.count >= capacity { table.removeAll() }
      let value = make(key)
      table[key] = value
      return value
    }
  }
}
