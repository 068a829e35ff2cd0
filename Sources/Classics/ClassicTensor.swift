// Fitted models as named arrays of floats, for checkpoints.

/// Values `[shape]`, row-major.
public struct ClassicTensor: Sendable, Equatable {
  public let shape: [Int]
  public let values: [Float]

  public init(_ values: [Float], _ shape: [Int]) {
    self.values = values
    self.shape = shape
  }
}

/// Tensors by name. They may come from an untrusted file, so every access is checked.
struct TensorReader {
  let tensors: [String: ClassicTensor]

  /// The tensors whose names begin with `prefix`, under the rest of their names.
  func removing(prefix: String) -> TensorReader {
    let own = tensors.filter { $0.key.hasPrefix(prefix) }
      .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
    return TensorReader(tensors: Dictionary(uniqueKeysWithValues: own))
  }

  /// The values of a tensor with this number of dimensions; all are finite.
  func tensor(_ name: String, dimensions: Int) throws(ClassicError) -> ClassicTensor {
    guard let found = tensors[name] else {
      throw ClassicError("there is no '\(name)'; expected a saved classic model")
    }
    let count = found.shape.reduce((1, false)) { product, size in
      let (value, overflow) = product.0.multipliedReportingOverflow(by: size)
      return (value, product.1 || overflow || size < 0)
    }
    guard found.shape.count == dimensions, !count.1, count.0 == found.values.count else {
      throw ClassicError("'\(name)' has shape \(found.shape); expected \(dimensions) dimensions")
    }
    guard found.values.allSatisfy({ $0.isFinite }) else {
      throw ClassicError("'\(name)' has a value that is not finite; expected finite numbers")
    }
    return found
  }

  /// A tensor of exactly this shape.
  func values(_ name: String, _ shape: [Int]) throws(ClassicError) -> [Float] {
    let found = try tensor(name, dimensions: shape.count)
    guard found.shape == shape else {
      throw ClassicError("'\(name)' has shape \(found.shape); expected \(shape)")
    }
    return found.values
  }

  /// Whole numbers in 0...2²⁴, which floats represent exactly.
  func wholes(_ name: String) throws(ClassicError) -> [Int] {
    let values = try tensor(name, dimensions: 1).values
    guard values.allSatisfy({ $0 >= 0 && $0 <= 16_777_216 && $0 == $0.rounded() }) else {
      throw ClassicError("'\(name)' has a value that is not a count; expected whole numbers")
    }
    return values.map { Int($0) }
  }

  func whole(_ name: String, _ range: ClosedRange<Int>) throws(ClassicError) -> Int {
    let values = try wholes(name)
    guard values.count == 1, range.contains(values[0]) else {
      throw ClassicError(
        "'\(name)' is \(values.prefix(3)); expected \(range.lowerBound) to \(range.upperBound)")
    }
    return values[0]
  }
}

func scalar(_ value: Float) -> ClassicTensor { ClassicTensor([value], [1]) }
func vector(_ values: [Float]) -> ClassicTensor { ClassicTensor(values, [values.count]) }
