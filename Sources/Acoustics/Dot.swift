// The inner product under every filter here, eight products at a time.

/// Sum of `a[i] * b[i]` over `count` values. The order of the sums depends on `count` alone, so
/// equal input gives equal bits in any thread. Callers keep `count` values behind each pointer.
@inline(__always)
func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
  // In bounds: the eights end at count - count % 8; unaligned loads are asked for.
  let x = UnsafeRawPointer(a)
  let y = UnsafeRawPointer(b)
  var even = SIMD8<Float>.zero
  var odd = SIMD8<Float>.zero
  var index = 0
  while index + 16 <= count {
    let next = (index + 8) * 4
    even +=
      x.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
      * y.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
    odd +=
      x.loadUnaligned(fromByteOffset: next, as: SIMD8<Float>.self)
      * y.loadUnaligned(fromByteOffset: next, as: SIMD8<Float>.self)
    index += 16
  }
  var sum = (even + odd).sum()
  while index < count {
    sum += a[index] * b[index]
    index += 1
  }
  return sum
}
