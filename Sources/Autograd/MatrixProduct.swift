// Multi-threaded matrix products.
import CKernels
import COpenBLAS

/// A strided view of a matrix: element (i, p) lies at `pointer[i·row + p·step]`.
struct MatrixView: @unchecked Sendable {  // safe: read only, while its tensor is held by the caller
  let pointer: UnsafePointer<Float>
  let row: Int
  let step: Int

  /// The columns from `column` on of a row-major matrix with `width` columns.
  init(_ tensor: Tensor, width: Int, column: Int = 0) {
    self.init(pointer: UnsafePointer(tensor.pointer) + column, row: width, step: 1)
  }

  init(pointer: UnsafePointer<Float>, row: Int, step: Int = 1) {
    self.pointer = pointer
    self.row = row
    self.step = step
  }

  var transposed: MatrixView { MatrixView(pointer: pointer, row: step, step: row) }
}

/// A matrix product C [m, n] = A·B, or C + A·B if `adds`; then + bias, + residual, then GELU.
struct MatrixProduct: @unchecked Sendable {  // safe: blocks of C do not overlap
  private var terms: scant_product
  private let precision: Precision

  /// Multiplies `a` [m, k] and `b` [k, n] into memory that the caller owns and whose rows are
  /// `width` values apart.
  init(
    _ m: Int, _ n: Int, _ k: Int, _ a: MatrixView, _ b: MatrixView,
    into result: UnsafeMutablePointer<Float>, width: Int, adds: Bool = false, precision: Precision
  ) {
    terms = scant_product(
      m: m, n: n, k: k, a: a.pointer, a_row: a.row, a_step: a.step, b: b.pointer,
      b_column: b.step, b_step: b.row, c: result, c_row: width, adds: adds ? 1 : 0, bias: nil,
      residual: nil, residual_row: 0, activated: nil)
    self.precision = precision
  }

  /// Adds `bias` [n] and `residual`, which has the layout of the result, and writes the GELU of the
  /// result to `activated`.
  mutating func finish(bias: Tensor?, residual: Tensor?, activated: Tensor?, column: Int) {
    terms.bias = bias.map { UnsafePointer($0.pointer) }
    terms.residual = residual.map { UnsafePointer($0.pointer) + column }
    terms.residual_row = terms.c_row
    terms.activated = activated.map { $0.pointer + column }
  }

  /// Computes the result on the shared thread pool. Elements are summed in the same order however
  /// the result is split, so the number of threads does not change any bit.
  func run() {
    let (rows, columns) = blocks()
    let across = (terms.n + columns - 1) / columns
    let count = (terms.m + rows - 1) / rows * across
    ThreadPool.shared.parallel(count) { index in
      let row = index / across * rows
      let column = index % across * columns
      var terms = terms
      let block = precision == .bf16 ? scant_product_block_bf16 : scant_product_block
      Storage.scratch(scant_product_scratch(min(rows, terms.m - row))) {
        block(
          &terms, row, min(terms.m, row + rows), column, min(terms.n, column + columns), $0)
      }
    }
  }

  /// The block size: rows that fit into the cache, and enough blocks to keep all threads busy to
  /// the end. Products below about 50 µs of one core stay on one thread.
  private func blocks() -> (rows: Int, columns: Int) {
    let threads = ThreadPool.shared.threads
    guard terms.m * terms.n * terms.k > 2_000_000, threads > 1 else {
      return (min(terms.m, scant_product_rows()), max(terms.n, 1))
    }
    let least = (terms.m + scant_product_rows() - 1) / scant_product_rows()
    // Each block packs its own rows and columns, so the longer side is split. If both are equal,
    // the columns are split: their panels are wider than those of rows but divide the usual sizes.
    let isTall = least >= threads || terms.m > terms.n
    let down =
      isTall ? min((least + threads - 1) / threads * threads, (terms.m + 47) / 48) : least
    let rows = ((terms.m + down - 1) / down + 11) / 12 * 12
    let across = down >= threads ? 1 : min((threads + down - 1) / down, (terms.n + 31) / 32)
    return (min(rows, terms.m), ((terms.n + across - 1) / across + 31) / 32 * 32)
  }
}

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

/// The type that the factors of a matrix product are rounded to. Values, sums and weights stay
/// float32 in both cases.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floating point: nothing is rounded.
  case fp32
  /// bfloat16, with 8 bits of mantissa: about twice as fast on processors with bfloat16
  /// instructions.
  case bf16

  /// Whether this processor has the instructions. If not, products are computed in float32.
  public var isSupported: Bool { self == .fp32 || scant_has_bf16() != 0 }
}
