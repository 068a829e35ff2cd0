// Holds a run's folder for this process: two trainings never write the same files.
import Foundation

/// Released when the last reference goes, or when the process dies.
package final class RunLock: Sendable {
  private let descriptor: Int32

  /// Throws `LabError` where another process (or run of this one) holds the folder.
  package init(_ folder: RunFolder) throws {
    let path = folder.url.appendingPathComponent(".lock").path
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw LabError("\(path): \(String(cString: strerror(errno))); expected a writable folder")
    }
    // Whoever only looks whether the folder is taken holds it for a moment.
    var attempts = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0, attempts < 10 {
      usleep(10_000)
      attempts += 1
    }
    guard attempts < 10 else {
      close(descriptor)
      throw LabError(
        "\(folder.url.path): another process is training this run; expected it to be free")
    }
  }

  deinit { close(descriptor) }
}
