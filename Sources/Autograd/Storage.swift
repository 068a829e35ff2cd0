// Memory for tensors: 64-byte aligned blocks from a pool. Freed blocks return to the pool, so a
// training step needs no fresh page once the first steps have run.

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
