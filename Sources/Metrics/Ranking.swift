/// Labelled scores in falling order, sorted once; what average precision and ROC-AUC read.
struct Ranking {
  /// Score as an ordered integer in the upper half, 1 for a positive in the lowest bit; falling.
  private var keys: [UInt64] = []
  private(set) var positives = 0
  var negatives: Int { keys.count - positives }

  init(capacity: Int) { keys.reserveCapacity(capacity) }

  mutating func append(_ score: Float, positive: Bool) {
    keys.append(UInt64(fallingOrder(score)) << 32 | (positive ? 1 : 0))
    positives += positive ? 1 : 0
  }

  mutating func sort() { keys.sortByScore() }

  /// Calls `body` once for every distinct score, highest first, with how many positives and
  /// negatives share it: tied scores form one threshold.
  func forEachThreshold(_ body: (_ positives: Int, _ negatives: Int) -> Void) {
    var start = 0
    while start < keys.count {
      let score = keys[start] >> 32
      var end = start
      var hits = 0
      while end < keys.count, keys[end] >> 32 == score {
        hits += Int(keys[end] & 1)
        end += 1
      }
      body(hits, end - start - hits)
      start = end
    }
  }
}

extension [UInt64] {
  /// By the upper half of each, smallest first; equal ones keep their order. Least significant
  /// digit first, 11 bits a pass. A pass whose digit never varies is skipped.
  mutating func sortByScore() {
    var other = [UInt64](repeating: 0, count: count)
    for shift in stride(from: UInt64(32), to: 64, by: 11) {
      var starts = [Int](repeating: 0, count: 2049)
      for key in self { starts[Int(key >> shift & 2047) + 1] += 1 }
      if starts.contains(count) { continue }
      for digit in 1...2048 { starts[digit] += starts[digit - 1] }
      for key in self {
        let digit = Int(key >> shift & 2047)
        other[starts[digit]] = key
        starts[digit] += 1
      }
      swap(&self, &other)
    }
  }
}

/// An integer that is smaller the larger the score is. Adding 0 makes −0 and +0 one threshold.
func fallingOrder(_ score: Float) -> UInt32 {
  let bits = (score + 0).bitPattern
  let rising = bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
  return ~rising
}
