// Memory for tensors: 64-byte aligned blocks that go back to a pool instead of to the system, so
// that a training step touches no fresh page once the first steps have run.
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
