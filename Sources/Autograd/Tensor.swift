// An array that remembers how it was made.

/// A dense, row-major array of Float, and where it came from if anyone needs its gradient.
/// A value: operations return new tensors, none changes one that exists.
///
/// `@unchecked Sendable`: storage is never written once shared, and nodes are only read.
public struct Tensor: @unchecked Sendable {
  public let shape: [Int]
  /// Written once, by the operation that makes it; `claimed` alone replaces it.
  var storage: Storage
  /// How it was made; nil: a constant, through which no gradient passes.
  let node: Node?

  init(shape: [Int], storage: Storage, node: Node?) {
    self.shape = shape
    self.storage = storage
    self.node = node
  }

  /// Memory that the caller fills before anyone reads it.
  init(uninitialized shape: [Int]) {
    self.init(shape: shape, storage: Storage(shape.reduce(1, *)), node: nil)
  }

  /// `values` in row-major order; as many as `shape` says.
  public init(_ values: [Float], _ shape: [Int]) {
    precondition(
      values.count == shape.reduce(1, *), "\(values.count) values do not fill shape \(shape)")
    self.init(uninitialized: shape)
    values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      pointer.update(from: base, count: buffer.count)
    }
  }

  /// Some rows of `table`, whose rows are `shape[1...]` values long: one a place, in that order.
  public init(rows places: [Int], of table: [Float], _ shape: [Int]) {
    let width = shape.dropFirst().reduce(1, *)
    precondition(places.count == shape.first, "\(places.count) rows do not fill shape \(shape)")
    self.init(uninitialized: shape)
    let result = self
    table.withUnsafeBufferPointer { table in
      // Safe: read alone, and held until the loop is over.
      nonisolated(unsafe) let table = table
      // Rows that nobody read for long come from main memory, to which each core has its own way.
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

  /// A scalar, of shape [].
  public init(_ value: Float) { self.init([value], []) }

  /// `value` everywhere.
  public init(repeating value: Float, _ shape: [Int]) {
    self.init(uninitialized: shape)
    pointer.update(repeating: value, count: count)
  }

  public static func zeros(_ shape: [Int]) -> Tensor { Tensor(repeating: 0, shape) }

  /// How many values it holds.
  public var count: Int { shape.reduce(1, *) }

  /// A copy of the values in row-major order.
  public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// The only value of a tensor of one element.
  public var item: Float {
    precondition(count == 1, "item of a tensor of shape \(shape); expected one element")
    return pointer[0]
  }

  /// The same values as a constant: gradients stop here.
  public var detached: Tensor { Tensor(shape: shape, storage: storage, node: nil) }

  /// Whether a gradient flows back from here to some parameter.
  public var needsGradient: Bool { node != nil }

  /// Valid while this tensor lives; written only by the operation that makes the tensor.
  var pointer: UnsafeMutablePointer<Float> { storage.pointer }
}

extension Tensor: CustomStringConvertible {
  /// Shape and the first values.
  public var description: String {
    let shown = UnsafeBufferPointer(start: pointer, count: min(count, 8)).map { "\($0)" }
    let more = count > 8 ? ", …" : ""
    return "Tensor\(shape) [\(shown.joined(separator: ", "))\(more)]"
  }
}
