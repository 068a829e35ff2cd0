// Access to files that distinguishes "does not exist" from "could not be read": too many open files
// or a failing disk never look like an empty folder.
import Foundation

/// Looks at files and reads them. Every function throws a `Problem` with an `errno` if the system
/// fails: no permission, an input/output error, too many open files.
public enum StoredFile {
  public enum Kind: Sendable { case file, folder, other }

  /// The kind of the file at `path`, with links followed; nil if there is none.
  public static func kind(_ path: String) throws(Problem) -> Kind? {
    try status(path).map(kind)
  }

  public static func kind(_ url: URL) throws(Problem) -> Kind? { try status(url).map(kind) }

  private static func kind(_ status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    default: .other
    }
  }

  /// Whether there is a file or folder at `url`.
  public static func exists(_ url: URL) throws(Problem) -> Bool { try kind(url) != nil }

  /// Whether `url` is a regular file; false if it does not exist.
  public static func isFile(_ url: URL) throws(Problem) -> Bool { try kind(url) == .file }

  /// Whether `url` is a folder; false if it does not exist.
  public static func isFolder(_ url: URL) throws(Problem) -> Bool { try kind(url) == .folder }

  /// Whether `path` is a folder and not a link to one.
  package static func isOwnFolder(_ path: String) throws(Problem) -> Bool {
    try status(path, followsLinks: false).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// The status of `path`; nil if it does not exist.
  package static func status(
    _ path: String, followsLinks: Bool = true
  ) throws(Problem) -> stat? {
    try status(path, name: path, followsLinks: followsLinks)
  }

  static func status(_ url: URL) throws(Problem) -> stat? {
    try status(url.path, name: url.relativePath, followsLinks: true)
  }

  /// `name` is the path in errors.
  private static func status(
    _ path: String, name: String, followsLinks: Bool
  ) throws(Problem) -> stat? {
    var status = stat()
    guard (followsLinks ? stat(path, &status) : lstat(path, &status)) != 0 else { return status }
    return try absence(name, errno)
  }

  /// The sorted names in a folder; empty if the folder does not exist.
  public static func names(in folder: URL) throws(Problem) -> [String] {
    try names(in: folder.path)
  }

  package static func names(in folder: String) throws(Problem) -> [String] {
    guard let entries = opendir(folder) else { return try absence(folder, errno) ?? [] }
    defer { closedir(entries) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(entries) else {
        guard errno == 0 else { throw Problem(folder, notLookedAt: errno) }
        return names.sorted()
      }
      // In bounds: the system ends a name with a zero byte within the entry.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  /// Size and time of the last change; nil if the file does not exist.
  public static func stamp(_ url: URL) throws(Problem) -> (bytes: Int, changed: Date)? {
    guard let status = try status(url) else { return nil }
    let time = status.st_mtim
    let changed = Date(
      timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
    return (Int(status.st_size), changed)
  }
}

// MARK: contents

extension StoredFile {
  private static let pieceSize = 1 << 20

  /// The content of a file; nil if it does not exist. Pipes and devices are refused, since they may
  /// never end.
  public static func bytes(_ url: URL) throws(Problem) -> Data? {
    guard let kind = try kind(url) else { return nil }
    guard kind == .file else { throw Problem(url, "not a regular file; expected a file") }
    var bytes = Data()
    return try pieces(of: url.path) { bytes += $0 } ? bytes : nil
  }

  /// The text of a small file; nil if it does not exist. Invalid UTF-8 is replaced.
  package static func text(_ url: URL) throws(Problem) -> String? {
    try bytes(url).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Calls `body` with the bytes of a file of any size, a mebibyte at a time; false if the file
  /// does not exist.
  package static func pieces(
    of path: String, _ body: (ArraySlice<UInt8>) -> Void
  ) throws(Problem) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return try absence(path, errno) ?? false }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: pieceSize)
    while true {
      let count = try fill(&buffer, descriptor, path)
      if count > 0 { body(buffer[..<count]) }
      if count < pieceSize { return true }
    }
  }

  /// Reads until the buffer is full or the file ends, so that pieces do not depend on the number of
  /// bytes that one call returns.
  private static func fill(
    _ buffer: inout [UInt8], _ descriptor: Int32, _ path: String
  ) throws(Problem) -> Int {
    var done = 0
    while done < buffer.count {
      // In bounds: `done` never passes the buffer's count.
      let got = buffer.withUnsafeMutableBytes { bytes in
        read(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw Problem(path, notLookedAt: errno) }
      if got == 0 { break }
      done += got
    }
    return done
  }
}

// MARK: absence

extension StoredFile {
  /// Whether an `errno` means that a file does not exist.
  ///
  /// ELOOP does not: the kernel gives up after 40 links, and a file may lie behind them.
  /// `AudioError` uses the same list.
  static func isAbsence(_ code: Int32) -> Bool {
    [ENOENT, ENOTDIR, ENAMETOOLONG].contains(code)
  }

  /// Nil if `code` means that the file does not exist; otherwise throws.
  private static func absence<Value>(_ path: String, _ code: Int32) throws(Problem) -> Value? {
    guard isAbsence(code) else { throw Problem(path, notLookedAt: code) }
    return nil
  }
}
