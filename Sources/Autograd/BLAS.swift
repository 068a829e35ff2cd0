// Single-threaded matrix products by OpenBLAS; callers parallelize over blocks.
import COpenBLAS

package enum BLAS {
  /// Disables OpenBLAS's own threads, which would compete with `ThreadPool` for the cores.
  private static let isPrepared: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  /// c = op(a)·op(b) + beta·c with op(a) [m, k], op(b) [k, n], c [m, n], all row-major with the
  /// given row strides. op transposes a matrix if its flag is true.
  package static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
    transposeA: Bool = false, _ b: UnsafePointer<Float>, _ bStride: Int,
    transposeB: Bool = false, into c: UnsafeMutablePointer<Float>, _ cStride: Int,
    beta: Float = 0
  ) {
    guard isPrepared, m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
      transposeB ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a,
      Int32(aStride), b, Int32(bStride), beta, c, Int32(cStride))
  }
}
