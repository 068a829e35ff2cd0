// Sum, difference, product and quotient, with broadcasting.
import CKernels

extension Tensor {
  /// The element-wise sum. The shapes broadcast, aligned at the last axis.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    combine(SCANT_ADD, a, b).recorded("add", from: a, b) { gradient in
      [a.part { gradient }, b.part { gradient }]
    }
  }

  /// The element-wise difference. The shapes broadcast, aligned at the last axis.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    combine(SCANT_SUBTRACT, a, b).recorded("subtract", from: a, b) { gradient in
      [a.part { gradient }, b.part { gradient }.map { -$0 }]
    }
  }

  /// The element-wise product. The shapes broadcast, aligned at the last axis.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    combine(SCANT_MULTIPLY, a, b).recorded("multiply", from: a, b) { gradient in
      [a.part { gradient * b.detached }, b.part { gradient * a.detached }]
    }
  }

  /// The element-wise quotient. The shapes broadcast, aligned at the last axis.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let quotient = combine(SCANT_DIVIDE, a, b)
    return quotient.recorded("divide", from: a, b) { gradient in
      let overB = gradient / b.detached
      return [a.part { overB }, b.part { overB * quotient }.map { -$0 }]
    }
  }

  /// The negated values.
  public static prefix func - (x: Tensor) -> Tensor { x.affine(scale: -1, shift: 0) }
  /// Adds `y` to every value.
  public static func + (x: Tensor, y: Float) -> Tensor { x.affine(scale: 1, shift: y) }
  /// Subtracts `y` from every value.
  public static func - (x: Tensor, y: Float) -> Tensor { x.affine(scale: 1, shift: -y) }
  /// Multiplies every value by `y`.
  public static func * (x: Tensor, y: Float) -> Tensor { x.affine(scale: y, shift: 0) }
  /// Divides every value by `y`.
  public static func / (x: Tensor, y: Float) -> Tensor { x.affine(scale: 1 / y, shift: 0) }

  /// scale · x + shift for every value x.
  public func affine(scale: Float, shift: Float) -> Tensor {
    map { scant_affine($0, scale, shift, $1, $2) }
      .recorded("affine", from: self) { [$0.affine(scale: scale, shift: 0)] }
  }
}

private func combine<Code: BinaryInteger>(_ code: Code, _ a: Tensor, _ b: Tensor) -> Tensor {
  // Swift imports the C enumeration as an unsigned integer type; the kernel takes a signed one.
  let operation = Int32(code)
  if a.shape == b.shape { return a.pulled(b) { scant_binary(operation, $0, $1, $2, $3) } }
  let result = Tensor(uninitialized: Shape.broadcast(a.shape, b.shape))
  guard result.count > 0 else { return result }
  scant_binary_strided(
    operation, Int32(result.shape.count), result.shape, a.pointer,
    Shape.strides(of: a.shape, in: result.shape), b.pointer,
    Shape.strides(of: b.shape, in: result.shape), result.pointer)
  return result
}

extension Tensor {
  /// The part of a gradient that belongs to this operand, which may have been broadcast; nil if it
  /// needs none.
  private func part(_ gradient: () -> Tensor) -> Tensor? {
    needsGradient ? gradient().summed(to: shape) : nil
  }

  /// The adjoint of broadcasting: sums over the axes along which `smaller` was repeated.
  func summed(to smaller: [Int]) -> Tensor {
    guard shape != smaller else { return self }
    let missing = shape.count - smaller.count
    let repeated = shape.indices.filter {
      $0 < missing || (smaller[$0 - missing] == 1 && shape[$0] != 1)
    }
    return sum(repeated, keepingDimensions: true).reshape(smaller)
  }

  /// The absolute value |x|. The gradient at 0 is 0.
  public func abs() -> Tensor {
    let x = detached
    return map(scant_abs).recorded("abs", from: self) { [x.pulled($0, scant_abs_back)] }
  }

  /// The square x².
  public func squared() -> Tensor {
    let x = detached
    return (x * x).recorded("squared", from: self) { [$0 * x * 2] }
  }

  /// The square root √x for x ≥ 0. The gradient at 0 is infinite.
  public func squareRoot() -> Tensor {
    let y = map(scant_sqrt)
    return y.recorded("squareRoot", from: self) { [$0 / (y * 2)] }
  }

  /// Power in dB re 1: 10·log₁₀(max(x, floor)). The gradient below `floor` is 0.
  public func decibels(floor: Float = 1e-10) -> Tensor {
    precondition(floor >= .leastNormalMagnitude, "floor \(floor); expected a power above 0")
    let x = detached
    return map { scant_decibels($0, floor, $1, $2) }.recorded("decibels", from: self) {
      [x.pulled($0) { scant_decibels_back($0, floor, $1, $2, $3) }]
    }
  }
}
