// Folders of a download: made, measured, locked, and moved into place.
import Formats
import Foundation

enum Folders {
  /// Makes a folder and those above it. Throws `Problem`.
  static func make(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Problem(
        folder, "cannot be made (\(SystemWords.of(error))); expected a writable folder")
    }
  }

  /// Removes a folder and what is in it, if it exists. Throws `Problem`.
  static func remove(_ folder: URL) throws {
    guard try StoredFile.status(folder.path, followsLinks: false) != nil else { return }
    do { try FileManager.default.removeItem(at: folder) } catch {
      throw Problem(folder, "cannot be removed (\(SystemWords.of(error))); expected write access")
    }
  }

  /// The size of a file in bytes; 0 if it does not exist.
  static func size(_ file: URL) throws -> Int { try StoredFile.stamp(file)?.bytes ?? 0 }

  /// Free bytes for this user on the file system of the nearest existing folder.
  static func free(at folder: URL) -> Int? {
    var folder = folder.standardizedFileURL
    var information = statvfs()
    while statvfs(folder.path, &information) != 0 {
      guard errno == ENOENT, folder.path != "/" else { return nil }
      folder.deleteLastPathComponent()
    }
    return Int(clamping: UInt64(information.f_bavail) &* UInt64(information.f_frsize))
  }

  /// Whether a folder exists on another file system than its parent.
  static func isMountPoint(_ folder: URL, in parent: URL) -> Bool {
    var (inner, outer) = (stat(), stat())
    guard stat(folder.path, &inner) == 0, stat(parent.path, &outer) == 0 else { return false }
    return inner.st_dev != outer.st_dev
  }

  /// Moves the content of `source` into `target`: a rename if `target` does not exist, otherwise
  /// file by file; files of the same name are replaced. Throws `Problem`.
  static func move(_ source: URL, into target: URL) throws {
    if try StoredFile.status(target.path, followsLinks: false) == nil {
      try make(target.deletingLastPathComponent())
      return try rename(source, target)
    }
    guard try StoredFile.kind(target) == .folder else {
      throw Problem(target, "is a file; expected a folder")
    }
    for name in try StoredFile.names(in: source) {
      let (from, to) = (source.appendingPathComponent(name), target.appendingPathComponent(name))
      if try StoredFile.isOwnFolder(from.path) {
        try move(from, into: to)
      } else {
        try rename(from, to)
      }
    }
  }

  static func rename(_ from: URL, _ to: URL) throws {
    guard Glibc.rename(from.path, to.path) == 0 else {
      throw Problem(
        to, "cannot be written (\(SystemWords.of(errno))); expected a writable folder")
    }
  }
}

/// Keeps other processes away from a folder until it is released or the process ends.
final class FolderLock {
  private let descriptor: Int32

  /// Throws `Problem` if another process holds the lock.
  init(_ file: URL) throws {
    descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Problem(file, "cannot be written (\(SystemWords.of(errno))); expected write access")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      throw Problem(
        file,
        code == EWOULDBLOCK
          ? "another scant fetch is at work here; expected to be the only one"
          : "cannot be locked (\(SystemWords.of(code))); expected a file system with locks")
    }
  }

  /// Unlocks before it closes, since a program that another thread is just starting may have a copy
  /// of the descriptor.
  deinit {
    guard descriptor >= 0 else { return }
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
