// Where the campaign's choices come from: the same seed gives the same cases on every machine.

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Chance {
  private var state: UInt64

  /// Of one case: independent of how many cases ran before it and on which thread.
  init(seed: UInt64, campaign: String, case number: Int) {
    state = campaign.utf8.reduce(0xcbf2_9ce4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    state = (state ^ seed) &* 0x9e37_79b9_7f4a_7c15
    state = (next() ^ UInt64(number)) &* 0xbf58_476d_1ce4_e5b9
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// 0..<bound; 0 where `bound` is 0 or less.
  mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

  /// From 0 up to 1.
  mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// `items` must hold something.
  mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
