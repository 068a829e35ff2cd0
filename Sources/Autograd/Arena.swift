// A best-fit allocator for large blocks within one range of memory.

/// Tracks which offsets of a range are free. It owns no memory. Adjacent free gaps are merged, so a
/// gap that several small blocks leave behind can serve a large one.
package struct Arena: Sendable {
  private struct Gap: Sendable {
    var start: Int
    var length: Int
    var end: Int { start + length }
  }

  package let size: Int
  /// No offset at or above this one was ever handed out.
  package private(set) var highWater = 0
  /// The free gaps below the high-water mark, by offset; no two of them touch.
  private var gaps: [Gap] = []

  package init(size: Int) { self.size = size }

  /// The total length of the gaps below the high-water mark.
  package var free: Int { gaps.map(\.length).reduce(0, +) }

  /// Allocates `length` from the smallest gap that holds it, otherwise from the end.
  ///
  /// - Returns: The offset of the block; nil if there is no room.
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

  /// Allocates at the end, starting with the gap that lies there, if any.
  private mutating func extend(by length: Int) -> Int? {
    let last = gaps.last.flatMap { $0.end == highWater ? $0 : nil }
    let start = last?.start ?? highWater
    guard length <= size - start else { return nil }
    if last != nil { gaps.removeLast() }
    highWater = start + length
    return start
  }

  /// Frees the block at `start`, with the length it was allocated with.
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
