// Replaces files atomically: a reader finds either the old content or the new one.
import Foundation
import Synchronization

/// Writes a temporary file beside the target and renames it, so that no reader, crash or full disk
/// leaves half a file.
public enum AtomicFile {
  private static let counter = Atomic<Int>(0)

  /// Replaces `url` by `data`. Throws `Problem`; then the old file is unchanged and no temporary
  /// file is left. If only the folder could not be flushed, the new file is in place, but a power
  /// failure may undo that.
  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { try $0.write(contentsOf: data) }
  }

  /// Replaces `url` by what `fill` writes. `isSynced`: flushes it to the disk, so that it survives
  /// a power failure. A caller that writes many files syncs them together instead.
  package static func write(
    to url: URL, isSynced: Bool = true, fill: (FileHandle) throws -> Void
  ) throws {
    let temporary = temporary(beside: url)
    let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(url, SystemWords.of(errno)) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    do {
      try fill(handle)
      if isSynced { try handle.synchronize() }
      try handle.close()
      guard rename(temporary.path, url.path) == 0 else {
        throw failure(url, SystemWords.of(errno))
      }
    } catch {
      try? handle.close()
      unlink(temporary.path)
      throw error as? Problem ?? failure(url, SystemWords.of(error))
    }
    if isSynced { try synchronize(folder: url.deletingLastPathComponent()) }
  }

  /// Removes the temporary files that killed writers left in a folder, and returns their number.
  /// The caller holds the folder's lock, so that nobody else is writing there. Files that cannot be
  /// removed are left. Throws `Problem`.
  @discardableResult
  package static func removeLeftovers(in folder: URL) throws -> Int {
    try StoredFile.names(in: folder).count { name in
      isLeftover(name) && unlink(folder.appendingPathComponent(name).path) == 0
    }
  }

  /// `.NAME.PROCESS-NUMBER.partial`, as `temporary` makes it.
  private static func isLeftover(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0].isEmpty, parts[parts.count - 1] == suffix else { return false }
    let writer = parts[parts.count - 2].split(separator: "-", omittingEmptySubsequences: false)
    return writer.count == 2 && writer.allSatisfy { UInt($0) != nil }
  }

  private static let suffix = "partial"

  /// In the same folder, so that renaming never copies. The name is unique among threads and
  /// processes.
  private static func temporary(beside url: URL) -> URL {
    let number = counter.add(1, ordering: .relaxed).newValue
    let name = ".\(url.lastPathComponent).\(getpid())-\(number).\(suffix)"
    return url.deletingLastPathComponent().appendingPathComponent(name)
  }

  /// Flushes a folder, so that a rename survives a power failure. File systems that cannot flush
  /// folders return EINVAL or ENOTSUP, which is no error. Throws `Problem`.
  package static func synchronize(folder: URL) throws(Problem) {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unflushed(folder, errno) }
    defer { close(descriptor) }
    while fsync(descriptor) != 0 {
      let code = errno
      if code == EINVAL || code == ENOTSUP { return }
      guard code == EINTR else { throw unflushed(folder, code) }
    }
  }

  private static func unflushed(_ folder: URL, _ code: Int32) -> Problem {
    Problem(
      folder,
      "cannot be flushed to the disk (\(SystemWords.of(code))); expected a folder whose new files"
        + " survive a power failure")
  }

  private static func failure(_ url: URL, _ reason: String) -> Problem {
    Problem(url, "cannot be written (\(reason)); expected a writable folder with free space")
  }
}
