// A 64-bit hash for cache keys: fast and equal on all machines, but not cryptographic.
import Acoustics
import Formats
import Foundation

/// FNV-1a over 64-bit words, mixed at the end. Fowler, Noll & Vo; finalizer of MurmurHash3.
struct Fingerprint: Sendable, Equatable {
  private var hash = FNV1a()

  init() {}

  init(of bytes: [UInt8]) { add(bytes) }

  init(of text: String) { add(Array(text.utf8)) }

  /// Adds the length first, so that different sequences of additions differ.
  mutating func add(_ bytes: [UInt8]) {
    add(UInt64(bytes.count))
    add(words: bytes[...])
  }

  /// Adds a piece of a longer sequence, without its length. Except for the last piece, the length
  /// must be a multiple of 8.
  mutating func add(words bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { raw in
      var i = 0
      while i + 8 <= raw.count {
        // In bounds: there are eight bytes from `i` on.
        add(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)))
        i += 8
      }
      while i < raw.count {
        add(UInt64(raw[i]))
        i += 1
      }
    }
  }

  mutating func add(_ word: UInt64) {
    hash.add(word)
    hash.value ^= hash.value >> 29
  }

  func adding(_ text: String) -> Fingerprint {
    var longer = self
    longer.add(Array(text.utf8))
    return longer
  }

  var value: UInt64 {
    var z = hash.value
    z = (z ^ (z >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    z = (z ^ (z >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return z ^ (z >> 33)
  }

  /// 16 hexadecimal digits.
  var text: String { Fingerprint.text(value) }

  static func text(_ value: UInt64) -> String { FNV1a.digits(value) }
}

/// Folders of the cache.
package enum Cache {
  /// Creates a folder and its parents. Throws `Problem`.
  static func make(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Problem(
        folder.path, "cannot be created; set XDG_CACHE_HOME to a folder that can be written")
    }
  }
}

/// A lock for one thread of one process, held from `init` until the value or its process ends.
final class FileLock {
  private let descriptor: Int32

  /// Waits for the lock on `url` and reports progress, with `done` as the work that the holder has
  /// finished. Throws `Problem`, and `CancellationError` if `progress` returns false.
  init(_ url: URL, _ what: String, progress: ProgressHandler?, done: () -> (Int, Int) = { (0, 1) })
    throws
  {
    try Cache.make(url.deletingLastPathComponent())
    descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Problem(
        url.path, "cannot be written (\(String(cString: strerror(errno)))); set XDG_CACHE_HOME")
    }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      guard code == EWOULDBLOCK else {
        throw Problem(
          url.path,
          "cannot be locked (\(SystemWords.of(code))); set XDG_CACHE_HOME to a file "
            + "system with locks")
      }
      let (count, total) = done()
      if let progress, !progress("\(what) (waiting for another scant)", count, total) {
        throw CancellationError()
      }
      usleep(100_000)
    }
  }

  deinit { close(descriptor) }
}
