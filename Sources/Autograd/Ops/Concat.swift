// Concatenation and zero padding.
import CKernels

extension Tensor {
  /// Concatenates tensors along an axis.
  ///
  /// - Precondition: There is at least one part, and the parts agree in all other axes.
  public static func concat(_ parts: [Tensor], axis: Int) -> Tensor {
    precondition(!parts.isEmpty, "nothing to concatenate; expected at least one tensor")
    let lengths = parts.map { $0.shape[axis] }
    var whole = parts[0].shape
    whole[axis] = lengths.reduce(0, +)
    let result = Tensor(uninitialized: whole)
    let starts = lengths.indices.map { lengths[..<$0].reduce(0, +) }
    for (part, start) in zip(parts, starts) {
      var expected = whole
      expected[axis] = part.shape[axis]
      precondition(part.shape == expected, "a part \(part.shape) of \(whole) along axis \(axis)")
      result.take(part, axis, at: start)
    }
    let nodes = parts.map(\.node)
    guard nodes.contains(where: { $0 != nil }) else { return result }
    let node = Node("concat", nodes) { gradient in
      zip(nodes, zip(starts, lengths)).map { node, range in
        node == nil ? nil : gradient.slice(axis, range.0..<range.0 + range.1)
      }
    }
    return Tensor(shape: whole, storage: result.storage, node: node)
  }

  /// Concatenates tensors along an axis. All other axes agree.
  public static func concat(_ parts: Tensor..., axis: Int) -> Tensor {
    concat(parts, axis: axis)
  }

  /// Pads an axis with `before` zeros in front and `after` zeros behind.
  public func pad(_ axis: Int, before: Int = 0, after: Int = 0) -> Tensor {
    precondition(before >= 0 && after >= 0, "padding by \(before) and \(after)")
    let length = shape[axis]
    var whole = shape
    whole[axis] += before + after
    let result = Tensor.zeros(whole)
    result.take(self, axis, at: before)
    return result.recorded("pad", from: self) { [$0.slice(axis, before..<before + length)] }
  }

  /// Copies `part` to the positions from `start` on along `axis`. This tensor is not shared yet.
  private func take(_ part: Tensor, _ axis: Int, at start: Int) {
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    let run = part.shape[axis] * inner
    guard run > 0 else { return }
    scant_copy_rows(
      part.pointer, run, pointer + start * inner, shape[axis] * inner, outer, run)
  }
}
