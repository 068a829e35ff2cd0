// Temporary memory for inner loops.

/// Calls `body` with an uninitialised array for each of `counts`. Each array is aligned to a cache
/// line, as FFTW's plans and the vector loops require, and is freed after the call.
func withScratch<Result>(
  _ counts: Int..., body: ([UnsafeMutablePointer<Float>]) throws -> Result
) rethrows -> Result {
  let line = 16  // floats in 64 bytes
  let lengths = counts.map { ($0 + line - 1) / line * line }
  return try withUnsafeTemporaryAllocation(
    byteCount: max(lengths.reduce(0, +), line) * MemoryLayout<Float>.stride, alignment: 64
  ) { raw in
    let floats = raw.bindMemory(to: Float.self)
    var parts: [UnsafeMutablePointer<Float>] = []
    var start = 0
    for length in lengths {
      // In bounds: the parts cover the allocation, which is never empty.
      if let base = floats.baseAddress { parts.append(base + start) }
      start += length
    }
    return try body(parts)
  }
}
