/// A dense, row-major array of `Float` that records the operations it was computed with.
///
/// ```swift
/// let x = Tensor([1, 2, 3, 4, 5, 6], [2, 3])
/// let y = (x * 2 + 1).sum([1])  // shape [2]: 15, 33
/// ```
///
/// A tensor is a value: every operation returns a new tensor. Operations on the tensor of a
/// trainable ``Parameter`` are recorded on a tape, which ``gradients(of:forgetting:)`` walks back.
/// Shapes that do not fit are programming errors and stop the program with a message.
public struct Tensor: @unchecked Sendable {  // safe: shared storage and nodes are only read
  /// The length of each axis, outermost first; empty for a scalar.
  public let shape: [Int]
  /// Written once, by the operation that makes it; only `claimed` replaces it.
  var storage: Storage
  /// The operation that made this tensor; nil for a constant, through which no gradient flows.
  let node: Node?

  init(shape: [Int], storage: Storage, node: Node?) {
    self.shape = shape
    self.storage = storage
    self.node = node
  }

  /// Uninitialised memory, which the caller fills before anyone reads it.
  init(uninitialized shape: [Int]) {
    self.init(shape: shape, storage: Storage(shape.reduce(1, *)), node: nil)
  }

  /// A constant with `values` in row-major order.
  ///
  /// - Precondition: `values` fills `shape` exactly.
  public init(_ values: [Float], _ shape: [Int]) {
    precondition(
      values.count == shape.reduce(1, *), "\(values.count) values do not fill shape \(shape)")
    self.init(uninitialized: shape)
    values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      pointer.update(from: base, count: buffer.count)
    }
  }

  /// Gathers rows of a table into a constant.
  ///
  /// - Parameters:
  ///   - places: The row of `table` for each row of the result.
  ///   - table: Rows of `shape[1...]` values each, row-major.
  ///   - shape: The shape of the result; its first axis is as long as `places`.
  public init(rows places: [Int], of table: [Float], _ shape: [Int]) {
    let width = shape.dropFirst().reduce(1, *)
    precondition(places.count == shape.first, "\(places.count) rows do not fill shape \(shape)")
    self.init(uninitialized: shape)
    let result = self
    table.withUnsafeBufferPointer { table in
      // Safe: read alone, and held until the loop is over.
      nonisolated(unsafe) let table = table
      // Rows that are not in a cache are read from main memory, which several cores do faster.
      let grain = Swift.max(1, 16_384 / Swift.max(width, 1))
      parallelParts(places.count, grain: grain) { start, length in
        for row in start..<start + length where width > 0 {
          // The slice traps on a row that the table does not have.
          let source = UnsafeBufferPointer(
            rebasing: table[places[row] * width..<(places[row] + 1) * width])
          guard let base = source.baseAddress else { continue }
          (result.pointer + row * width).update(from: base, count: width)
        }
      }
    }
  }

  /// A constant scalar, of shape [].
  public init(_ value: Float) { self.init([value], []) }

  /// A constant of `shape` filled with `value`.
  public init(repeating value: Float, _ shape: [Int]) {
    self.init(uninitialized: shape)
    pointer.update(repeating: value, count: count)
  }

  /// A constant of `shape` filled with zeros.
  public static func zeros(_ shape: [Int]) -> Tensor { Tensor(repeating: 0, shape) }

  /// The number of values.
  public var count: Int { shape.reduce(1, *) }

  /// A copy of the values in row-major order.
  public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// The value of a tensor with one element.
  ///
  /// - Precondition: `count` is 1.
  public var item: Float {
    precondition(count == 1, "item of a tensor of shape \(shape); expected one element")
    return pointer[0]
  }

  /// The same values as a constant, through which no gradient flows.
  public var detached: Tensor { Tensor(shape: shape, storage: storage, node: nil) }

  /// Whether the tensor depends on a trainable parameter.
  public var needsGradient: Bool { node != nil }

  /// Valid while this tensor lives. Only the operation that makes the tensor writes to it.
  var pointer: UnsafeMutablePointer<Float> { storage.pointer }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first eight values.
  public var description: String {
    let shown = UnsafeBufferPointer(start: pointer, count: min(count, 8)).map { "\($0)" }
    let more = count > 8 ? ", …" : ""
    return "Tensor\(shape) [\(shown.joined(separator: ", "))\(more)]"
  }
}

package enum Shape {
  /// Row-major strides.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// The shape that both broadcast to, aligned at the last axis.
  static func broadcast(_ a: [Int], _ b: [Int]) -> [Int] {
    let rank = max(a.count, b.count)
    return (0..<rank).map { axis in
      let i = axis - (rank - a.count)
      let j = axis - (rank - b.count)
      let m = i < 0 ? 1 : a[i]
      let n = j < 0 ? 1 : b[j]
      precondition(m == n || m == 1 || n == 1, "shapes \(a) and \(b) do not broadcast")
      return m == 1 ? n : m
    }
  }

  /// The strides with which a tensor of `shape` is read as `larger`: 0 for a repeated axis.
  static func strides(of shape: [Int], in larger: [Int]) -> [Int] {
    let own = strides(shape)
    let missing = larger.count - shape.count
    return larger.indices.map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }
}

/// A tensor with an identity: a trainable weight, or a buffer such as a running mean.
///
/// ```swift
/// let weight = Parameter(Tensor([0.5], [1]))
/// let loss = (weight.tensor * 3).sum()
/// let gradient = gradients(of: loss)[weight]
/// ```
///
/// A parameter is not `Sendable`: it belongs to the queue that trains or evaluates its model.
public final class Parameter {
  /// The current value, which the optimizer replaces. The shape never changes.
  public var value: Tensor {
    didSet {
      precondition(
        value.shape == oldValue.shape, "a parameter keeps its shape \(oldValue.shape)")
    }
  }
  /// False for buffers and frozen weights.
  public private(set) var isTrainable: Bool
  /// True for a mark that identifies weights kept elsewhere, such as a digest. Restoring a
  /// checkpoint with another value fails.
  public let isFixed: Bool
  let leaf = Node(leaf: "parameter")

  /// A weight that starts from `value`, or a buffer if `isTrainable` is false. Gradients do not
  /// flow into the operations that computed `value`.
  public init(_ value: Tensor, isTrainable: Bool = true) {
    self.value = value.detached
    self.isTrainable = isTrainable
    isFixed = false
  }

  /// A mark, which is neither trained nor restored, only compared.
  public init(fixed value: Tensor) {
    self.value = value.detached
    isTrainable = false
    isFixed = true
  }

  /// Makes the parameter a constant: it gets no gradient, and no optimizer changes it.
  public func freeze() { isTrainable = false }

  /// The value as a leaf of the tape, so that gradients reach the parameter; a constant if the
  /// parameter is not trainable.
  public var tensor: Tensor {
    isTrainable ? Tensor(shape: value.shape, storage: value.storage, node: leaf) : value
  }
}
