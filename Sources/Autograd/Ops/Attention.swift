// Multi-head attention on projections as they lie in memory, without copying the heads.
import CKernels

extension Tensor {
  /// Multi-head self-attention: softmax(q·kᵀ / √(D / heads))·v for each head.
  ///
  /// This tensor holds queries, keys and values side by side, [B, T, 3·D]; the result is [B, T, D].
  /// The computation runs in blocks, so no T × T matrix is kept.
  ///
  /// Papers: Vaswani et al. 2017, arXiv:1706.03762; Dao et al. 2022, arXiv:2205.14135.
  ///
  /// - Precondition: `heads` divides D.
  public func selfAttention(heads: Int) -> Tensor {
    let width = shape.last.map { $0 / 3 } ?? 0
    precondition(shape.count == 3 && shape[2] == 3 * width, "self-attention of \(shape)")
    let plan = Attention(
      clips: shape[0], queries: shape[1], keys: shape[1], heads: heads, width: width,
      queryRow: 3 * width, keyRow: 3 * width)
    let x = Attention.Parts(query: self, key: self, value: self, columns: (0, width, 2 * width))
    let (output, logSums) = plan.forward(x)
    let constant = x.detached
    return output.recorded("selfAttention", from: self) { gradient in
      let down = Tensor(uninitialized: gradient.shape.dropLast() + [3 * width])
      plan.back(
        constant, output, logSums, gradient,
        into: Attention.Parts(query: down, key: down, value: down, columns: constant.columns))
      return [down]
    }
  }

  /// Multi-head attention of queries to keys and values: softmax(scale · q·kᵀ)·v for each head.
  ///
  /// This tensor holds the queries [B, T, D]; the result is [B, T, D]. Paper: Vaswani et al. 2017,
  /// arXiv:1706.03762.
  ///
  /// - Parameters:
  ///   - keys: Keys [B, S, D].
  ///   - values: Values [B, S, D]; may be the same tensor as `keys`.
  ///   - heads: The number of heads, which divides D.
  ///   - scale: The factor on the products; nil for 1 / √(D / heads).
  public func attention(
    to keys: Tensor, _ values: Tensor, heads: Int, scale: Float? = nil
  ) -> Tensor {
    precondition(
      shape.count == 3 && keys.shape.count == 3 && keys.shape[0] == shape[0]
        && keys.shape[2] == shape[2] && values.shape == keys.shape,
      "attention of \(shape) to \(keys.shape) and \(values.shape)")
    let width = shape[2]
    let plan = Attention(
      clips: shape[0], queries: shape[1], keys: keys.shape[1], heads: heads, width: width,
      queryRow: width, keyRow: width, scale: scale)
    let x = Attention.Parts(query: self, key: keys, value: values, columns: (0, 0, 0))
    let (output, logSums) = plan.forward(x)
    let constant = x.detached
    return output.recorded("attention", from: self, keys, values) { gradient in
      let down = Attention.Parts(
        query: Tensor(uninitialized: constant.query.shape),
        key: Tensor(uninitialized: constant.key.shape),
        value: Tensor(uninitialized: constant.value.shape), columns: constant.columns)
      plan.back(constant, output, logSums, gradient, into: down)
      return [down.query, down.key, down.value]
    }
  }
}

/// The sizes of one attention, in floats.
private struct Attention: Sendable {
  let clips, queries, keys, heads: Int
  let width: Int  // D, all heads together
  let queryRow: Int
  let keyRow: Int
  let scale: Float

  /// Queries, keys and values, and the column at which each of them starts within a row.
  struct Parts: Sendable {
    let query, key, value: Tensor
    let columns: (query: Int, key: Int, value: Int)

    var detached: Parts {
      Parts(query: query.detached, key: key.detached, value: value.detached, columns: columns)
    }
  }

  init(
    clips: Int, queries: Int, keys: Int, heads: Int, width: Int, queryRow: Int, keyRow: Int,
    scale: Float? = nil
  ) {
    precondition(heads > 0 && width % heads == 0, "\(heads) heads do not divide width \(width)")
    (self.clips, self.queries, self.keys) = (clips, queries, keys)
    (self.heads, self.width) = (heads, width)
    (self.queryRow, self.keyRow) = (queryRow, keyRow)
    self.scale = scale ?? 1 / Float(width / heads).squareRoot()
  }

  private var headWidth: Int { width / heads }

  /// The output [B, T, D] and the log-sum-exp of each row [B, heads, T].
  func forward(_ x: Parts) -> (Tensor, Storage) {
    let output = Tensor(uninitialized: [clips, queries, width])
    let logSums = Storage(clips * heads * queries)
    eachHead { clip, head, scratch in
      var terms = terms(x, output, logSums, clip, head)
      scant_attention_forward(&terms, scratch)
    }
    return (output, logSums)
  }

  /// Fills `down`, the gradient of `x`, in the layout of `x`.
  func back(
    _ x: Parts, _ output: Tensor, _ logSums: Storage, _ gradient: Tensor, into down: Parts
  ) {
    eachHead { clip, head, scratch in
      var terms = terms(x, output, logSums, clip, head)
      let (query, key) = offsets(clip, head)
      scant_attention_back(
        &terms, gradient.pointer + outputOffset(clip, head),
        down.query.pointer + query + down.columns.query,
        down.key.pointer + key + down.columns.key,
        down.value.pointer + key + down.columns.value, scratch)
    }
  }

  private func eachHead(
    _ body: @Sendable (_ clip: Int, _ head: Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    ThreadPool.shared.parallel(clips * heads) { index in
      Storage.scratch(scant_attention_scratch(keys, headWidth)) {
        body(index / heads, index % heads, $0)
      }
    }
  }

  /// The offsets of a head among the queries and among the keys, without the part's column.
  private func offsets(_ clip: Int, _ head: Int) -> (query: Int, key: Int) {
    (
      clip * queries * queryRow + head * headWidth, clip * keys * keyRow + head * headWidth
    )
  }

  private func outputOffset(_ clip: Int, _ head: Int) -> Int {
    clip * queries * width + head * headWidth
  }

  private func terms(
    _ x: Parts, _ output: Tensor, _ logSums: Storage, _ clip: Int, _ head: Int
  ) -> scant_attention {
    let (query, key) = offsets(clip, head)
    return scant_attention(
      queries: queries, keys: keys, width: headWidth, scale: scale,
      q: x.query.pointer + query + x.columns.query, q_row: queryRow,
      k: x.key.pointer + key + x.columns.key, v: x.value.pointer + key + x.columns.value,
      k_row: keyRow, y: output.pointer + outputOffset(clip, head), y_row: width,
      log_sums: logSums.pointer + (clip * heads + head) * queries)
  }
}

extension Tensor {
  /// Attention pooling over frames: [B, T, 2·C] → [B, C].
  ///
  /// Each frame holds the logits of C weights w and then of C decisions d. The result is
  /// Σ_t w·d / Σ_t w with d = σ(logit) and w = σ(logit) limited to 1e-7...1 − 1e-7, so that the
  /// denominator never vanishes.
  ///
  /// Paper: Gururani, Sharma & Lerch 2019, arXiv:1907.04294.
  public func attentionPooled() -> Tensor {
    precondition(
      shape.count == 3 && shape[2].isMultiple(of: 2),
      "attention pooling of \(shape); expected [B, T, 2·C]")
    let (frames, classes) = (shape[1], shape[2] / 2)
    let sigmoids = detached.sigmoid()
    let result = Tensor(uninitialized: [shape[0], classes])
    let grain = Swift.max(1, 16_384 / Swift.max(1, frames * classes))
    parallelParts(shape[0], grain: grain) { clip, count in
      scant_attention_pool(
        sigmoids.pointer + clip * frames * 2 * classes, count, frames, classes,
        result.pointer + clip * classes)
    }
    return result.recorded("attentionPooled", from: self) { gradient in
      let down = Tensor(uninitialized: sigmoids.shape)
      parallelParts(result.shape[0], grain: grain) { clip, count in
        let at = clip * frames * 2 * classes
        scant_attention_pool_back(
          sigmoids.pointer + at, result.pointer + clip * classes, gradient.pointer + clip * classes,
          count, frames, classes, down.pointer + at)
      }
      return [down]
    }
  }
}

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
