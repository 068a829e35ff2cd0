// Softmax along the last axis.
import CKernels

extension Tensor {
  /// The softmax e^x / Σ e^x over the last axis.
  public func softmax() -> Tensor {
    let width = shape.last ?? 1
    let result = Tensor(uninitialized: shape)
    eachRows(of: width) { start, rows in
      scant_softmax(pointer + start * width, rows, width, result.pointer + start * width)
    }
    return result.recorded("softmax", from: self) { gradient in
      let down = Tensor(uninitialized: gradient.shape)
      gradient.eachRows(of: width) { start, rows in
        let at = start * width
        scant_softmax_back(
          result.pointer + at, gradient.pointer + at, rows, width, down.pointer + at)
      }
      return [down]
    }
  }

  /// Calls `body` with groups of rows of `width` values.
  func eachRows(of width: Int, _ body: @Sendable (_ start: Int, _ rows: Int) -> Void) {
    guard count > 0 else { return }
    parallelParts(count / width, grain: Swift.max(1, 16_384 / width), body)
  }
}
