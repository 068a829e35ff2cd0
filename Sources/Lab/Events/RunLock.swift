// Holds a run's folder for this process: two trainings never write the same files.
import Formats
import Foundation

/// Released when the last reference goes, or when the process dies.
package final class RunLock: Sendable {
  private let descriptor: Int32

  /// Throws `LabError` where another process (or run of this one) holds the folder.
  package init(_ folder: RunFolder) throws {
    let path = folder.url.appendingPathComponent(".lock").path
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw LabError("\(path): \(SystemWords.of(errno)); expected a writable folder")
    }
    let failure = Self.take(descriptor)
    guard failure != 0 else { return }
    close(descriptor)
    guard failure == EWOULDBLOCK else {
      throw LabError(
        "\(path): cannot be locked (\(SystemWords.of(failure))); expected a file system with locks")
    }
    throw LabError(
      "\(folder.url.path): another process is training this run; expected it to be free")
  }

  /// 0, or the `errno` that keeps it from being taken. Whoever only looks whether the folder is
  /// taken holds it for a moment, so that is tried for a tenth of a second.
  private static func take(_ descriptor: Int32) -> Int32 {
    for _ in 0..<10 {
      guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return 0 }
      guard errno == EWOULDBLOCK || errno == EINTR else { return errno }
      usleep(10_000)
    }
    return EWOULDBLOCK
  }

  deinit { close(descriptor) }
}

extension RunFolder {
  /// Whether a process trains the run now: the lock of a dead one is free. Throws where that
  /// cannot be told.
  public func isTraining() throws -> Bool {
    let path = url.appendingPathComponent(".lock").path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let failure = errno
      if try !StoredFile.exists(url.appendingPathComponent(".lock")) { return false }
      throw LabError("\(path): \(SystemWords.of(failure)); expected a lock that can be read")
    }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return false }
    if errno == EWOULDBLOCK { return true }
    throw LabError(
      "\(path): cannot be locked (\(SystemWords.of(errno))); expected a file system with locks")
  }

  /// The first run in a folder of runs that a process trains now.
  static func training(in runs: URL) throws -> RunFolder? {
    try StoredFile.names(in: runs).map { RunFolder(runs.appendingPathComponent($0)) }
      .first { try $0.isTraining() }
  }
}
