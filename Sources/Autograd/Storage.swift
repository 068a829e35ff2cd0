// Memory for tensors: 64-byte aligned blocks that go back to a pool instead of to the system, so
// that a training step touches no fresh page once the first steps have run.
import Foundation
import Synchronization

/// One block of floats, owned by the tensors that share it.
///
/// `@unchecked Sendable`: written only by the operation that makes it, before anyone else sees it.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  private let capacity: Int
  /// Sums per channel, where the operation that wrote the values counted them on the way; set
  /// before anyone else sees the block.
  var channelSums: ChannelSums?

  /// Uninitialised memory for `count` floats.
  init(_ count: Int) {
    capacity = StoragePool.capacity(for: count)
    pointer = StoragePool.shared.take(capacity)
  }

  /// Uninitialised memory for `count` floats while `body` runs: a local that is only asked for its
  /// pointer could go back to the pool before the kernel has used it.
  static func scratch<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result
  ) rethrows -> Result {
    let storage = Storage(count)
    return try withExtendedLifetime(storage) { try body(storage.pointer) }
  }

  deinit { StoragePool.shared.give(back: pointer, capacity) }

  /// The block seen as integers: where maxima were found.
  var indices: UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Int32.self)
  }

  /// The block seen as doubles, half as many: sums.
  var doubles: UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Double.self)
  }

  /// The block seen as bytes: which value of a small window won.
  var bytes: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
  }
}

/// The blocks that are free at the moment, by size.
package final class StoragePool: Sendable {
  package static let shared = StoragePool()

  /// Freed blocks above this many bytes in all go back to the system.
  private static let keptBytes = 2 << 30

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

  func take(_ capacity: Int) -> UnsafeMutablePointer<Float> {
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
