// Room for large blocks in one range of memory, whose free neighbours join: what several blocks of
// one size have left can serve one of another.

/// The bookkeeping alone, in offsets; it owns no memory.
package struct Arena: Sendable {
  private struct Gap: Sendable {
    var start: Int
    var length: Int
    var end: Int { start + length }
  }

  package let size: Int
  /// Everything at or above this offset was never handed out.
  package private(set) var highWater = 0
  /// In order, none touching the next.
  private var gaps: [Gap] = []

  package init(size: Int) { self.size = size }

  /// Free below the high water.
  package var free: Int { gaps.map(\.length).reduce(0, +) }

  /// Where `length` may go: the smallest gap that takes it, else the end; nil where there is no
  /// room.
  package mutating func take(_ length: Int) -> Int? {
    let fitting = gaps.indices.filter { gaps[$0].length >= length }
    guard let best = fitting.min(by: { gaps[$0].length < gaps[$1].length }) else {
      return extend(by: length)
    }
    let start = gaps[best].start
    gaps[best] = Gap(start: start + length, length: gaps[best].length - length)
    if gaps[best].length == 0 { gaps.remove(at: best) }
    return start
  }

  /// A gap at the end is used first.
  private mutating func extend(by length: Int) -> Int? {
    let last = gaps.last.flatMap { $0.end == highWater ? $0 : nil }
    let start = last?.start ?? highWater
    guard length <= size - start else { return nil }
    if last != nil { gaps.removeLast() }
    highWater = start + length
    return start
  }

  /// `start` as it was handed out, with the length that was asked for.
  package mutating func give(back start: Int, _ length: Int) {
    var gap = Gap(start: start, length: length)
    let next = gaps.firstIndex { $0.start > start } ?? gaps.count
    if next < gaps.count, gaps[next].start == gap.end {
      gap.length += gaps[next].length
      gaps.remove(at: next)
    }
    if next > 0, gaps[next - 1].end == start {
      gaps[next - 1].length += gap.length
    } else {
      gaps.insert(gap, at: next)
    }
  }
}
