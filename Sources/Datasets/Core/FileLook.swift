// What lies at a path. "Nothing there" is an answer; "could not look" is an error.
import Foundation

package enum FileLook {
  package enum Kind: Sendable { case file, folder, other }

  /// Nil where nothing of that name is there. Throws `DatasetError` where the system did not say:
  /// no permission, a disk error, too many open files.
  package static func kind(_ path: String) throws(DatasetError) -> Kind? {
    guard let info = try status(path) else { return nil }
    switch info.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Whether a regular file is there.
  package static func isFile(_ url: URL) throws(DatasetError) -> Bool {
    try kind(url.path) == .file
  }

  /// Whether a folder is there itself, not a link to one.
  static func isOwnFolder(_ path: String) throws(DatasetError) -> Bool {
    var info = stat()
    guard lstat(path, &info) != 0 else { return info.st_mode & S_IFMT == S_IFDIR }
    let code = errno
    if isAbsence(code) { return false }
    throw failure(path, code)
  }

  /// The names in a folder, in no order; nil where there is no such folder.
  static func names(in folder: String) throws(DatasetError) -> [String]? {
    guard let entries = opendir(folder) else {
      let code = errno
      if isAbsence(code) { return nil }
      throw failure(folder, code)
    }
    defer { closedir(entries) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(entries) else {
        if errno != 0 { throw failure(folder, errno) }
        return names
      }
      // The system ends the name with a zero byte within the entry.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  /// The text of a small file; nil where there is none. What is not UTF-8 is replaced.
  static func text(_ url: URL) throws(DatasetError) -> String? {
    var bytes: [UInt8] = []
    let isThere = try FilePieces.read(url.path) { bytes += $0 }
    return isThere ? String(decoding: bytes, as: UTF8.self) : nil
  }

  static func status(_ path: String) throws(DatasetError) -> stat? {
    var info = stat()
    guard stat(path, &info) != 0 else { return info }
    let code = errno
    if isAbsence(code) { return nil }
    throw failure(path, code)
  }

  /// Codes that speak of the path itself, not of this moment.
  static func isAbsence(_ code: Int32) -> Bool {
    [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(code)
  }

  static func failure(_ path: String, _ code: Int32) -> DatasetError {
    DatasetError(
      path, "cannot be looked at (\(String(cString: strerror(code)))); expected it to be readable")
  }
}

/// Files of any size, a mebibyte at a time.
enum FilePieces {
  private static let size = 1 << 20

  /// Hands on the bytes in their order; false where there is no such file. Throws `DatasetError`
  /// where it cannot be read to its end.
  static func read(
    _ path: String, _ body: (ArraySlice<UInt8>) -> Void
  ) throws(DatasetError) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      if FileLook.isAbsence(code) { return false }
      throw FileLook.failure(path, code)
    }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: size)
    while true {
      let count = try fill(&buffer, descriptor, path)
      if count > 0 { body(buffer[..<count]) }
      if count < size { return true }
    }
  }

  /// Reads until the buffer is full or the file ends, so that pieces do not depend on how many
  /// bytes one call returns.
  private static func fill(
    _ buffer: inout [UInt8], _ descriptor: Int32, _ path: String
  ) throws(DatasetError) -> Int {
    var done = 0
    while done < buffer.count {
      // In bounds: `done` never passes the buffer's count.
      let got = buffer.withUnsafeMutableBytes { bytes in
        Foundation.read(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw FileLook.failure(path, errno) }
      if got == 0 { break }
      done += got
    }
    return done
  }
}
