// Files that are either the old one or the new one, whatever happens in between.
import Foundation
import Synchronization

/// Writes beside the target, then renames: a reader, a crash or a full disk never meets half.
public enum AtomicFile {
  private static let counter = Atomic<Int>(0)

  /// Replaces `url` by `data`. Throws `FormatError`, after which the old file is as it was and
  /// no temporary file is left.
  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { try $0.write(contentsOf: data) }
  }

  /// Replaces `url` by what `fill` writes.
  package static func write(to url: URL, fill: (FileHandle) throws -> Void) throws {
    let temporary = temporary(beside: url)
    let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(url, reason(errno)) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    do {
      try fill(handle)
      try handle.synchronize()
      try handle.close()
      guard rename(temporary.path, url.path) == 0 else { throw failure(url, reason(errno)) }
    } catch {
      try? handle.close()
      unlink(temporary.path)
      throw error as? FormatError ?? failure(url, reason(error))
    }
    synchronize(folder: url.deletingLastPathComponent())
  }

  /// In the same folder, so that renaming never copies; unique among threads and processes.
  private static func temporary(beside url: URL) -> URL {
    let number = counter.add(1, ordering: .relaxed).newValue
    let name = ".\(url.lastPathComponent).\(getpid())-\(number).partial"
    return url.deletingLastPathComponent().appendingPathComponent(name)
  }

  /// Makes the rename itself survive a power cut, where the file system lets folders be synced.
  private static func synchronize(folder: URL) {
    let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ url: URL, _ reason: String) -> FormatError {
    FormatError(url, "cannot be written (\(reason)); expected a writable folder with free space")
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// The system's words for what Foundation wrapped, without its punctuation.
  private static func reason(_ error: any Error) -> String {
    var next: NSError? = error as NSError
    while let current = next {
      if current.domain == NSPOSIXErrorDomain { return reason(Int32(current.code)) }
      next = current.userInfo[NSUnderlyingErrorKey] as? NSError
    }
    let line = error.localizedDescription.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.trimmingCharacters(in: CharacterSet(charactersIn: " ."))
  }
}
