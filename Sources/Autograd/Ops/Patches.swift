// The input of a spectrogram transformer: overlapping patches, class tokens and positions.
import CKernels

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
