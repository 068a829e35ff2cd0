// Memory for tensors: 64-byte aligned blocks from a pool. Freed blocks return to the pool, so a
// training step needs no fresh page once the first steps have run.
import Foundation
import Synchronization

/// A block of floats, owned by the tensors that share it.
///
/// `@unchecked Sendable`: written only by the operation that makes it, before anyone else sees it.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  private let capacity: Int
  /// Sums per channel, if the operation that wrote the values computed them in the same pass. They
  /// are set before the block is shared.
  var channelSums: ChannelSums?

  /// Uninitialised memory for `count` floats.
  init(_ count: Int) {
    capacity = StoragePool.capacity(for: count)
    pointer = StoragePool.shared.take(capacity)
  }

  /// Uninitialised memory for `count` floats while `body` runs. A local variable is not enough: if
  /// only its pointer is used, it may return to the pool before the kernel has run.
  static func scratch<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result
  ) rethrows -> Result {
    let storage = Storage(count)
    return try withExtendedLifetime(storage) { try body(storage.pointer) }
  }

  deinit { StoragePool.shared.give(back: pointer, capacity) }

  /// The block as integers, for the positions of maxima.
  var indices: UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Int32.self)
  }

  /// The block as doubles, half as many, for sums.
  var doubles: UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Double.self)
  }

  /// The block as bytes, for the position of a maximum within a small window.
  var bytes: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
  }
}

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

/// The free blocks: small ones by size, large ones in an arena.
package final class StoragePool: Sendable {
  package static let shared = StoragePool()

  /// Free memory beyond this many bytes is returned to the system.
  private static let keptBytes = 2 << 30
  /// Blocks of at least this many floats (8 MiB) lie in the arena.
  private static let large = 2 << 20

  /// The start of a reserved range of addresses, whose pages are allocated on first use; nil if the
  /// system reserves none.
  private let base: UInt?
  private let arena: Mutex<Arena>

  private init() {
    var size = 256 << 30
    var base: UInt?
    while base == nil, size >= 1 << 30 {
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
      let range = mmap(nil, size, PROT_READ | PROT_WRITE, Int32(flags), -1, 0)
      if let range, range != MAP_FAILED { base = UInt(bitPattern: range) } else { size /= 2 }
    }
    if let found = base, size < 256 << 30 {
      // Address space is limited (`ulimit -v`): leave half of it to the rest of the process.
      size /= 2
      munmap(UnsafeMutableRawPointer(bitPattern: found + UInt(size)), size)
    }
    self.base = base
    arena = Mutex(Arena(size: base == nil ? 0 : size))
  }

  private struct Shelf: Sendable {
    var free: [Int: [UInt]] = [:]  // capacity → addresses of blocks
    var bytes = 0
    var fresh: [Int: Int] = [:]  // capacity → blocks ever asked of the system
  }
  private let shelf = Mutex(Shelf())

  /// The number of blocks for `count` floats that were ever requested from the system. It stays
  /// constant after the first training steps.
  package func freshBlocks(for count: Int) -> Int {
    shelf.withLock { $0.fresh[Self.capacity(for: count)] ?? 0 }
  }

  /// The capacity of a block for `count` floats. There are eight sizes per octave, so nearly equal
  /// shapes share blocks.
  static func capacity(for count: Int) -> Int {
    let least = max(count, 16)
    let step = max(16, 1 << (Int.bitWidth - 1 - least.leadingZeroBitCount - 3))
    return (least + step - 1) / step * step
  }

  /// The bytes of a large block. The five extra cache lines keep neighbouring blocks from starting
  /// at the same offset of a page, where they would compete for the same cache sets.
  private static func bytes(_ capacity: Int) -> Int { capacity * 4 + 320 }

  private func takeLarge(_ capacity: Int) -> UnsafeMutablePointer<Float>? {
    guard capacity >= Self.large, let base else { return nil }
    let offset = arena.withLock { $0.take(Self.bytes(capacity)) }
    return offset.flatMap { UnsafeMutablePointer(bitPattern: base + UInt($0)) }
  }

  /// Returns the block to the arena. False if it does not belong to the arena.
  private func giveLarge(_ pointer: UnsafeMutablePointer<Float>, _ capacity: Int) -> Bool {
    let address = UInt(bitPattern: pointer)
    guard capacity >= Self.large, let base, address >= base else { return false }
    return arena.withLock { arena in
      let offset = Int(address - base)
      guard offset < arena.highWater else { return false }
      arena.give(back: offset, Self.bytes(capacity))
      if arena.free > Self.keptBytes { discard(pointer, Self.bytes(capacity)) }
      return true
    }
  }

  /// Returns the whole pages of a free range to the system and keeps the addresses reserved.
  private func discard(_ pointer: UnsafeMutablePointer<Float>, _ bytes: Int) {
    let page = UInt(getpagesize())
    let first = (UInt(bitPattern: pointer) + page - 1) / page * page
    let last = (UInt(bitPattern: pointer) + UInt(bytes)) / page * page
    guard first < last else { return }
    madvise(UnsafeMutableRawPointer(bitPattern: first), Int(last - first), Int32(MADV_DONTNEED))
  }

  func take(_ capacity: Int) -> UnsafeMutablePointer<Float> {
    if let block = takeLarge(capacity) { return block }
    let address: UInt? = shelf.withLock { shelf in
      guard let found = shelf.free[capacity]?.popLast() else {
        shelf.fresh[capacity, default: 0] += 1
        return nil
      }
      shelf.bytes -= capacity * 4
      return found
    }
    if let address, let pointer = UnsafeMutablePointer<Float>(bitPattern: address) {
      return pointer
    }
    return UnsafeMutableRawPointer.allocate(byteCount: capacity * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: capacity)
  }

  func give(back pointer: UnsafeMutablePointer<Float>, _ capacity: Int) {
    if giveLarge(pointer, capacity) { return }
    let address = UInt(bitPattern: pointer)
    let isKept = shelf.withLock { shelf in
      guard shelf.bytes + capacity * 4 <= Self.keptBytes else { return false }
      shelf.bytes += capacity * 4
      shelf.free[capacity, default: []].append(address)
      return true
    }
    if !isKept { UnsafeMutableRawPointer(pointer).deallocate() }
  }
}
