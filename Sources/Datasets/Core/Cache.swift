// Where rendered clips and features are kept between runs: safe to delete at any time.
import Formats
import Foundation

package enum Cache {
  /// Creates a folder and those above it. Throws `Problem`.
  static func make(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Problem(
        folder.path, "cannot be created; set XDG_CACHE_HOME to a folder that can be written")
    }
  }
}

/// One process (or thread) at a time: held from `init` until the value goes away, or its process
/// does.
final class FileLock {
  private let descriptor: Int32

  /// Waits for the lock on `url`, telling the ticker; a `false` from it throws
  /// `CancellationError`. `done` counts what the holder has finished so far.
  init(_ url: URL, _ what: String, progress: Ticker?, done: () -> (Int, Int) = { (0, 1) }) throws {
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
      if let progress, !progress("\(what) (another scant is at it)", count, total) {
        throw CancellationError()
      }
      usleep(100_000)
    }
  }

  deinit { close(descriptor) }
}
