// The discrete Fourier transform of real frames, by FFTW in single precision.
import CFFTW
import Synchronization

/// A transform of fixed size `n`: n real values to n/2 + 1 complex ones, not scaled.
/// `@unchecked Sendable`: the plan is never changed after `init`, and FFTW's new-array execution
/// is thread-safe; making and destroying plans, which is not, happens under `planner`.
final class RealFFT: @unchecked Sendable {
  let n: Int
  /// Never nil: sizes are checked before, and FFTW plans every positive one.
  private let plan: fftwf_plan?

  private static let planner = Mutex<Void>(())
  private static let cache = Shared<Int, RealFFT> { RealFFT($0) }

  static func shared(_ n: Int) -> RealFFT { cache[n] }

  /// Estimated, not measured, so that the same size always gets the same plan and equal bits.
  private init(_ n: Int) {
    self.n = n
    let made = Self.planner.withLock { _ -> fftwf_plan? in
      let input = fftwf_alloc_real(n)
      let output = fftwf_alloc_complex(n / 2 + 1)
      defer {
        fftwf_free(input)
        fftwf_free(output)
      }
      return fftwf_plan_dft_r2c_1d(Int32(n), input, output, FFTW_ESTIMATE)
    }
    precondition(made != nil, "FFTW has no plan for \(n) values")
    plan = made
  }

  deinit { Self.planner.withLock { _ in fftwf_destroy_plan(plan) } }

  /// The power |X|² of the frame that `fill` leaves in the real buffer; called once a frame of
  /// `count`. Both buffers belong to this call alone, stay within their bounds (n reals, n/2 + 1
  /// pairs) and are aligned beyond what any FFTW plan expects.
  func forEachPower(
    _ count: Int, fill: (Int, UnsafeMutableBufferPointer<Float>) -> Void,
    use: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let bins = n / 2 + 1
    withUnsafeTemporaryAllocation(byteCount: n * 4, alignment: 64) { rawReal in
      withUnsafeTemporaryAllocation(byteCount: bins * 8, alignment: 64) { rawComplex in
        let real = rawReal.bindMemory(to: Float.self)
        let complex = rawComplex.bindMemory(to: fftwf_complex.self)
        for index in 0..<count {
          fill(index, real)
          fftwf_execute_dft_r2c(plan, real.baseAddress, complex.baseAddress)
          for bin in 0..<bins {
            let (re, im) = complex[bin]
            real[bin] = re * re + im * im
          }
          use(index, UnsafeMutableBufferPointer(rebasing: real[0..<bins]))
        }
      }
    }
  }
}
