// Reshape, transpose, slice and broadcast.
import CKernels

extension Tensor {
  /// The same values in row-major order with another shape, without a copy.
  ///
  /// - Parameter shape: The new shape; one axis may be -1 and is then inferred.
  /// - Precondition: Both shapes have the same number of values.
  public func reshape(_ shape: [Int]) -> Tensor {
    let known = shape.filter { $0 >= 0 }.reduce(1, *)
    let full = shape.map { $0 < 0 ? count / Swift.max(known, 1) : $0 }
    precondition(full.reduce(1, *) == count, "shape \(self.shape) does not become \(shape)")
    let old = self.shape
    return Tensor(shape: full, storage: storage, node: nil)
      .recorded("reshape", from: self) { [$0.reshape(old)] }
  }

  /// Permutes the axes: axis i of the result is axis `order[i]` of this tensor.
  public func transpose(_ order: [Int]) -> Tensor {
    precondition(
      order.sorted() == Array(shape.indices), "\(order) does not permute the axes of \(shape)")
    let strides = Shape.strides(shape)
    let result = gathered(order.map { shape[$0] }, strides: order.map { strides[$0] }, from: 0)
    let inverse = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
    return result.recorded("transpose", from: self) { [$0.transpose(inverse)] }
  }

  /// The entries `range` along an axis, which stays.
  public func slice(_ axis: Int, _ range: Range<Int>) -> Tensor {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "slice \(range) of axis \(axis) of \(shape)")
    let strides = Shape.strides(shape)
    var smaller = shape
    smaller[axis] = range.count
    let result = gathered(smaller, strides: strides, from: range.lowerBound * strides[axis])
    let whole = shape
    return result.recorded("slice", from: self) {
      [$0.embedded(in: whole, axis, at: range.lowerBound)]
    }
  }

  /// The entries `places` along axis 1 of [B, T, D], in this order: [B, n, D].
  public func choosing(_ places: [Int]) -> Tensor {
    precondition(
      shape.count == 3 && places.allSatisfy { (0..<shape[1]).contains($0) },
      "entries \(places) of axis 1 of \(shape)")
    let (rows, length, width, whole) = (shape[0], shape[1], shape[2], shape)
    let result = Tensor(uninitialized: [rows, places.count, width])
    for row in 0..<rows {
      for (n, place) in places.enumerated() {
        (result.pointer + (row * places.count + n) * width)
          .update(from: pointer + (row * length + place) * width, count: width)
      }
    }
    return result.recorded("choosing", from: self) { gradient in
      let down = Tensor.zeros(whole)
      for row in 0..<rows {
        for (n, place) in places.enumerated() {
          let (from, to) = ((row * places.count + n) * width, (row * length + place) * width)
          for i in 0..<width { down.pointer[to + i] += gradient.pointer[from + i] }
        }
      }
      return [down]
    }
  }

  /// Repeats the tensor to `shape`, aligned at the last axis. Arithmetic does so implicitly.
  public func broadcast(to shape: [Int]) -> Tensor {
    precondition(
      Shape.broadcast(self.shape, shape) == shape, "\(self.shape) does not broadcast to \(shape)")
    let own = self.shape
    return gathered(shape, strides: Shape.strides(of: own, in: shape), from: 0)
      .recorded("broadcast", from: self) { [$0.summed(to: own)] }
  }

  private func gathered(_ shape: [Int], strides: [Int], from start: Int) -> Tensor {
    let result = Tensor(uninitialized: shape)
    guard result.count > 0 else { return result }
    let rank = Swift.max(1, shape.count)
    scant_gather(
      Int32(rank), shape.isEmpty ? [1] : shape, pointer + start,
      strides.isEmpty ? [1] : strides, result.pointer)
    return result
  }

  /// A tensor of zeros of `shape` with these values from `start` on along `axis`.
  private func embedded(in shape: [Int], _ axis: Int, at start: Int) -> Tensor {
    let result = Tensor.zeros(shape)
    result.take(self, axis, at: start)
    return result
  }

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
    let isWanted = parts.map(\.needsGradient)
    return result.recorded("concat", from: parts) { gradient in
      lengths.indices.map { part in
        isWanted[part] ? gradient.slice(axis, starts[part]..<starts[part] + lengths[part]) : nil
      }
    }
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
    return embedded(in: whole, axis, at: before)
      .recorded("pad", from: self) { [$0.slice(axis, before..<before + length)] }
  }

  /// Copies `part` to the positions from `start` on along `axis`. This tensor is not shared yet.
  private func take(_ part: Tensor, _ axis: Int, at start: Int) {
    let (outer, length, inner) = split(axis)
    let run = part.shape[axis] * inner
    guard run > 0 else { return }
    scant_copy_rows(part.pointer, run, pointer + start * inner, length * inner, outer, run)
  }
}

/// A size along the two axes of an image: of a kernel, a stride, a padding or a window.
public struct Extent: Sendable, Equatable {
  /// Rows, such as mel bands.
  public let height: Int
  /// Columns, such as frames.
  public let width: Int

  /// A size of `height` rows and `width` columns.
  public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }

  /// The same size along both axes.
  public init(_ side: Int) { self.init(side, side) }
}

extension scant_window {
  /// A kernel that slides over images of shape `input` [B, H, W, C]. The output size is rounded
  /// down.
  init(_ input: [Int], kernel: Extent, stride: Extent, padding: Extent = Extent(0)) {
    self.init(input, kernel: kernel, stride: stride, before: padding, after: padding)
  }

  /// The same with zeros that differ from side to side: above and left, and below and right.
  init(_ input: [Int], kernel: Extent, stride: Extent, before: Extent, after: Extent) {
    precondition(input.count == 4, "images of shape \(input); expected [B, H, W, C]")
    let height = input[1] + before.height + after.height - kernel.height
    let width = input[2] + before.width + after.width - kernel.width
    precondition(
      height >= 0 && width >= 0, "a kernel of \(kernel) does not fit into images of \(input)")
    self.init(
      channels: input[3], height: input[1], width: input[2], kernel_height: kernel.height,
      kernel_width: kernel.width, stride_y: stride.height, stride_x: stride.width,
      padding_y: before.height, padding_x: before.width,
      out_height: height / stride.height + 1, out_width: width / stride.width + 1)
  }

  /// The number of positions in an input image.
  var area: Int { height * width }
  /// The number of values under the kernel, over all channels.
  var depth: Int { channels * kernel_height * kernel_width }
}

extension Tensor {
  /// Cuts spectrograms into square patches: [B, frames, bands] → [B, F·T, size²] with
  /// F = (bands − size) / stride + 1 and T = (frames − size) / stride + 1.
  ///
  /// The patches of the lowest bands come first, in the order of time. The values of a patch are
  /// ordered band by band.
  ///
  /// - Parameters:
  ///   - size: The height and width of a patch.
  ///   - stride: The distance between two patches along both axes.
  public func patches(size: Int, stride: Int) -> Tensor {
    precondition(
      shape.count == 3 && Swift.min(shape[1], shape[2]) >= size, "patches of \(size) from \(shape)")
    let (clips, frames, bands) = (shape[0], shape[1], shape[2])
    let plan = scant_patches(
      frames: frames, bands: bands, size: size, stride: stride, up: (bands - size) / stride + 1,
      across: (frames - size) / stride + 1)
    let patch = plan.up * plan.across * size * size
    let result = Tensor(uninitialized: [clips, plan.up * plan.across, size * size])
    ThreadPool.shared.parallel(clips) { clip in
      var plan = plan
      scant_patches_gather(
        &plan, pointer + clip * frames * bands, result.pointer + clip * patch)
    }
    return result.recorded("patches", from: self) { gradient in
      let down = Tensor(uninitialized: [clips, frames, bands])
      ThreadPool.shared.parallel(clips) { clip in
        var plan = plan
        scant_patches_scatter(
          &plan, gradient.pointer + clip * patch, down.pointer + clip * frames * bands)
      }
      return [down]
    }
  }

  /// Prepends tokens to every sequence and adds position embeddings: [B, N, D] →
  /// [B, tokens + N, D].
  ///
  /// - Parameters:
  ///   - tokens: Tokens [1, 1, D], the same for all clips.
  ///   - positions: Position embeddings [1, tokens + N, D].
  public func sequence(after tokens: [Tensor], positions: Tensor) -> Tensor {
    let (clips, width, first) = (shape[0], shape[2], tokens.count)
    let length = first + shape[1]
    precondition(
      tokens.allSatisfy { $0.count == width } && positions.shape == [1, length, width],
      "\(first) tokens and positions \(positions.shape) for \(shape)")
    let result = Tensor(uninitialized: [clips, length, width])
    let (own, body) = (self, shape[1] * width)
    ThreadPool.shared.parallel(clips) { clip in
      let to = result.pointer + clip * length * width
      for (index, token) in tokens.enumerated() {
        let at = index * width
        scant_binary(
          Int32(SCANT_ADD), token.pointer, positions.pointer + at, to + at, width)
      }
      scant_binary(
        Int32(SCANT_ADD), own.pointer + clip * body, positions.pointer + first * width,
        to + first * width, body)
    }
    let (isInputWanted, others) = (needsGradient, tokens + [positions])
    let areSumsWanted = others.contains(where: \.needsGradient)
    return result.recorded("sequence", from: [self] + others) { gradient in
      let sums = areSumsWanted ? gradient.sum([0], keepingDimensions: true) : nil
      return [isInputWanted ? gradient.slice(1, first..<length) : nil]
        + tokens.indices.map { index in sums?.slice(1, index..<index + 1) } + [sums]
    }
  }
}
