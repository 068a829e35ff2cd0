// Where storage comes from and goes back to.
import Foundation
import Synchronization

/// Blocks that are free at the moment: small ones by size, large ones in an arena.
package final class StoragePool: Sendable {
  package static let shared = StoragePool()

  /// Freed memory above this many bytes in all goes back to the system.
  private static let keptBytes = 2 << 30
  /// Blocks of at least so many floats, 8 MiB, lie in the arena.
  private static let large = 2 << 20

  /// A reserved range of addresses; pages come with their first use. nil where there is none.
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
      // Addresses are limited (`ulimit -v`): half of them is left to everybody else.
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

  /// How many blocks fit for `count` floats were ever asked of the system: constant once a
  /// training step is warm.
  package func freshBlocks(for count: Int) -> Int {
    shelf.withLock { $0.fresh[Self.capacity(for: count)] ?? 0 }
  }

  /// Sizes come eight to an octave, so that nearly equal shapes share blocks.
  static func capacity(for count: Int) -> Int {
    let least = max(count, 16)
    let step = max(16, 1 << (Int.bitWidth - 1 - least.leadingZeroBitCount - 3))
    return (least + step - 1) / step * step
  }

  /// Bytes of a large block. Five cache lines more than asked keep neighbours from starting at the
  /// same place of a page, where they would compete for the same lines of the cache.
  private static func bytes(_ capacity: Int) -> Int { capacity * 4 + 320 }

  private func takeLarge(_ capacity: Int) -> UnsafeMutablePointer<Float>? {
    guard capacity >= Self.large, let base else { return nil }
    let offset = arena.withLock { $0.take(Self.bytes(capacity)) }
    return offset.flatMap { UnsafeMutablePointer(bitPattern: base + UInt($0)) }
  }

  /// Whether the block was the arena's.
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

  /// Gives the whole pages of a free range back to the system; the addresses stay ours.
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
