// Looking at files where "there is none" and "could not look" are two answers: a lack of
// descriptors or a failing disk never passes for an empty folder.
import Foundation

public enum StoredFile {
  /// Whether something lies at `url`. Throws `LookError` where that cannot be told.
  public static func exists(_ url: URL) throws -> Bool {
    var status = stat()
    if stat(url.path, &status) == 0 { return true }
    guard isAbsence(errno) else { throw LookError(url, errno) }
    return false
  }

  /// Whether `url` is a folder; false where there is nothing. Throws `LookError`.
  public static func isFolder(_ url: URL) throws -> Bool {
    var status = stat()
    if stat(url.path, &status) == 0 { return status.st_mode & S_IFMT == S_IFDIR }
    guard isAbsence(errno) else { throw LookError(url, errno) }
    return false
  }

  /// The names in a folder, sorted; none where there is no folder. Throws `LookError`.
  public static func names(in folder: URL) throws -> [String] {
    guard let stream = opendir(folder.path) else {
      guard isAbsence(errno) else { throw LookError(folder, errno) }
      return []
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      names.append(name(entry))
      errno = 0
    }
    guard errno == 0 else { throw LookError(folder, errno) }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  /// The content of a file; nil where there is none. Throws `LookError`, and `FormatError` for
  /// what is no regular file.
  public static func bytes(_ url: URL) throws -> Data? {
    guard try exists(url) else { return nil }
    return Data(try InputFile.bytes(url))
  }

  /// Size and moment of the last change; nil where there is nothing. Throws `LookError`.
  public static func stamp(_ url: URL) throws -> (bytes: Int, changed: Date)? {
    var status = stat()
    if stat(url.path, &status) == 0 {
      let time = status.st_mtim
      let changed = Date(
        timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
      return (Int(status.st_size), changed)
    }
    guard isAbsence(errno) else { throw LookError(url, errno) }
    return nil
  }

  /// Whether an `errno` says that there is nothing under a name, which is an answer.
  static func isAbsence(_ code: Int32) -> Bool {
    [ENOENT, ENOTDIR, ENAMETOOLONG].contains(code)
  }

  private static func name(_ entry: UnsafeMutablePointer<dirent>) -> String {
    // In bounds: the system ends a name with a zero byte within the entry.
    withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
  }
}

/// A file or folder that cannot be looked at, though it may be there.
public struct LookError: Error, Sendable, Equatable, CustomStringConvertible {
  public let file: String
  /// The system's number for what went wrong.
  public let code: Int32

  init(_ url: URL, _ code: Int32) {
    file = url.relativePath
    self.code = code
  }

  public var description: String {
    "\(file): cannot be looked at (\(SystemWords.of(code))); expected one that can be read"
  }
}
