// The dot product used by all filters in this module, with SIMD.

/// The dot product Σ `a[i] * b[i]` of `count` values. The order of the sum depends on `count`
/// alone, so equal input gives equal bits. Each pointer must have `count` values.
@inline(__always)
func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
  // In bounds: the vectors of 8 end at count - count % 8, and the loads are unaligned ones.
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
