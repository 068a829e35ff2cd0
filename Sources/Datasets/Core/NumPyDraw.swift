// The draws of NumPy's RandomState, for splits that were published as a seed.

/// MT19937 seeded by one number, and what `choice` without replacement makes of it.
///
/// Matsumoto & Nishimura 1998; numpy.random.RandomState, whose streams are frozen by its policy.
package struct NumPyDraw {
  private var state: [UInt32]
  private var next = 624

  package init(seed: UInt32) {
    state = [seed]
    for i in 1..<624 {
      let last = state[i - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(i))
    }
  }

  private mutating func word() -> UInt32 {
    if next == 624 { twist() }
    var y = state[next]
    next += 1
    y ^= y >> 11
    y ^= y << 7 & 0x9D2C_5680
    y ^= y << 15 & 0xEFC6_0000
    return y ^ y >> 18
  }

  private mutating func twist() {
    for i in 0..<624 {
      let y = state[i] & 0x8000_0000 | state[(i + 1) % 624] & 0x7FFF_FFFF
      state[i] = state[(i + 397) % 624] ^ y >> 1 ^ (y & 1 == 1 ? 0x9908_B0DF : 0)
    }
    next = 0
  }

  /// Even over 0…`most`: words masked to its bits until one fits.
  private mutating func number(upTo most: Int) -> Int {
    guard most > 0 else { return 0 }
    let mask = UInt32.max >> UInt32(most).leadingZeroBitCount
    while true {
      let value = word() & mask
      if value <= UInt32(most) { return Int(value) }
    }
  }

  /// `RandomState.choice(count, size, replace=False)`.
  package mutating func choice(_ count: Int, size: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, number(upTo: i)) }
    return Array(order.prefix(size))
  }
}
