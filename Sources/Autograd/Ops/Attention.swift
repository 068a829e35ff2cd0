// Multi-head attention that reads heads where a projection left them.
import CKernels

extension Tensor {
  /// Multi-head self-attention of queries, keys and values side by side, [B, T, 3·D] → [B, T, D]:
  /// softmax(q·kᵀ / √(D / heads))·v for each head. Nothing of size T × T is kept.
  /// Paper: Vaswani et al. 2017, arXiv:1706.03762; by blocks as Dao et al. 2022, arXiv:2205.14135.
  public func selfAttention(heads: Int) -> Tensor {
    let width = shape.last.map { $0 / 3 } ?? 0
    precondition(shape.count == 3 && shape[2] == 3 * width, "self-attention of \(shape)")
    let plan = Attention(
      clips: shape[0], queries: shape[1], keys: shape[1], heads: heads, width: width,
      queryRow: 3 * width, keyRow: 3 * width, keyColumn: width)
    let (output, logSums) = plan.forward(self, self)
    let x = detached
    return output.recorded("selfAttention", from: self) { slope in
      let down = Tensor(uninitialized: x.shape)
      plan.back(x, x, output, logSums, slope, down, down)
      return [down]
    }
  }

  /// Attention of queries [B, T, D] to keys and values side by side, [B, S, 2·D] → [B, T, D].
  public func attention(to keysAndValues: Tensor, heads: Int) -> Tensor {
    let other = keysAndValues.shape
    precondition(
      shape.count == 3 && other.count == 3 && other[0] == shape[0] && other[2] == 2 * shape[2],
      "attention of \(shape) to \(other)")
    let plan = Attention(
      clips: shape[0], queries: shape[1], keys: other[1], heads: heads, width: shape[2],
      queryRow: shape[2], keyRow: other[2], keyColumn: 0)
    let (output, logSums) = plan.forward(self, keysAndValues)
    let (q, kv) = (detached, keysAndValues.detached)
    return output.recorded("attention", from: self, keysAndValues) { slope in
      let slopes = (Tensor(uninitialized: q.shape), Tensor(uninitialized: kv.shape))
      plan.back(q, kv, output, logSums, slope, slopes.0, slopes.1)
      return [slopes.0, slopes.1]
    }
  }
}

/// The sizes of one attention and where its parts lie, in floats.
private struct Attention: Sendable {
  let clips, queries, keys, heads: Int
  let width: Int  // of all heads together
  let queryRow: Int
  let keyRow: Int
  let keyColumn: Int  // keys start here in a row, values `width` later

  private var headWidth: Int { width / heads }

  /// The answers [B, T, D] and each row's log-sum [B, heads, T].
  func forward(_ q: Tensor, _ kv: Tensor) -> (Tensor, Storage) {
    precondition(heads > 0 && width % heads == 0, "\(heads) heads do not divide width \(width)")
    let output = Tensor(uninitialized: [clips, queries, width])
    let logSums = Storage(clips * heads * queries)
    eachHead { clip, head, scratch in
      var terms = terms(q, kv, output, logSums, clip, head)
      scant_attention_forward(&terms, scratch.pointer)
    }
    return (output, logSums)
  }

  /// Fills dq and dkv, which may be one tensor.
  func back(
    _ q: Tensor, _ kv: Tensor, _ output: Tensor, _ logSums: Storage, _ slope: Tensor,
    _ dq: Tensor, _ dkv: Tensor
  ) {
    eachHead { clip, head, scratch in
      var terms = terms(q, kv, output, logSums, clip, head)
      let key = keyOffset(clip, head)
      scant_attention_back(
        &terms, slope.pointer + outputOffset(clip, head), dq.pointer + queryOffset(clip, head),
        dkv.pointer + key, dkv.pointer + key + width, scratch.pointer)
    }
  }

  private func eachHead(_ body: @Sendable (_ clip: Int, _ head: Int, Storage) -> Void) {
    ThreadPool.shared.parallel(clips * heads) { index in
      let scratch = Storage(scant_attention_scratch(keys, headWidth))
      body(index / heads, index % heads, scratch)
    }
  }

  private func queryOffset(_ clip: Int, _ head: Int) -> Int {
    clip * queries * queryRow + head * headWidth
  }
  private func keyOffset(_ clip: Int, _ head: Int) -> Int {
    clip * keys * keyRow + keyColumn + head * headWidth
  }
  private func outputOffset(_ clip: Int, _ head: Int) -> Int {
    clip * queries * width + head * headWidth
  }

  private func terms(
    _ q: Tensor, _ kv: Tensor, _ output: Tensor, _ logSums: Storage, _ clip: Int, _ head: Int
  ) -> scant_attention {
    let key = UnsafePointer(kv.pointer) + keyOffset(clip, head)
    return scant_attention(
      queries: queries, keys: keys, width: headWidth,
      scale: 1 / Float(headWidth).squareRoot(), q: q.pointer + queryOffset(clip, head),
      q_row: queryRow, k: key, v: key + width, k_row: keyRow,
      y: output.pointer + outputOffset(clip, head), y_row: width,
      log_sums: logSums.pointer + (clip * heads + head) * queries)
  }
}
