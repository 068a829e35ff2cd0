// Bytes that are fetched in pieces, from a file, a part of it, or memory.
import Foundation

/// The input of a reader. Large files are read in pieces, and each piece is checked to exist.
package protocol ByteSource: Sendable {
  /// The name in errors.
  var name: String { get }
  var count: Int { get }
  /// The bytes in `range`, which must lie in `0..<count`.
  func fetch(_ range: Range<Int>) throws -> [UInt8]
}

extension ByteSource {
  /// `count` bytes from `offset` on. Throws `Problem`, with `what` as their name, if they do not
  /// exist.
  package func bytes(at offset: Int, count: Int, of what: String) throws -> [UInt8] {
    try check(offset, count, what)
    return try fetch(offset..<offset + count)
  }

  /// The same part of this source without reading it.
  package func section(at offset: Int, count: Int, of what: String) throws -> Section {
    try check(offset, count, what)
    return Section(base: self, start: offset, count: count)
  }

  package func problem(_ message: String) -> Problem { Problem(name, message) }

  private func check(_ offset: Int, _ count: Int, _ what: String) throws {
    guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
      throw problem(
        "\(what) claims \(count) bytes from byte \(offset) on; expected them within the"
          + " \(self.count) there are")
    }
  }
}

/// Bytes in memory, such as an inflated file.
package struct MemoryBytes: ByteSource {
  package let name: String
  private let content: [UInt8]

  package init(name: String, content: [UInt8]) {
    self.name = name
    self.content = content
  }

  package var count: Int { content.count }

  package func fetch(_ range: Range<Int>) -> [UInt8] { Array(content[range]) }
}

/// A part of another source, made by `section(at:count:of:)`, which checks it.
package struct Section: ByteSource {
  fileprivate let base: any ByteSource
  fileprivate let start: Int
  package let count: Int

  package var name: String { base.name }

  package func fetch(_ range: Range<Int>) throws -> [UInt8] {
    try base.fetch(start + range.lowerBound..<start + range.upperBound)
  }
}

/// A file that threads read at any place with `pread`. If the file shrinks, that is an error; a
/// memory map would end the program.
package final class OpenFile: ByteSource {
  package let name: String
  package let count: Int
  private let descriptor: Int32

  /// Opens a file. Pipes and devices are refused, since they may never end. Throws `Problem`.
  package init(_ url: URL) throws {
    guard let status = try StoredFile.status(url) else {
      throw Problem(url, "cannot be found; expected a file")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Problem(url, "not a regular file; expected a file")
    }
    descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    name = url.relativePath
    count = Int(status.st_size)
    guard descriptor >= 0 else {
      let code = errno
      throw Problem(
        name, nil, "cannot be read (\(SystemWords.of(code))); expected a readable file",
        systemError: code)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// All of its bytes.
  func contents() throws -> [UInt8] { try fetch(0..<count) }

  package func fetch(_ range: Range<Int>) throws -> [UInt8] {
    var (done, failure) = (0, Int32(0))
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      // In bounds: `done` never passes the buffer's count.
      while done < buffer.count, let base = buffer.baseAddress {
        let got = pread(
          descriptor, base + done, buffer.count - done, off_t(range.lowerBound + done))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        done += got
      }
      initialized = done
    }
    guard done == range.count else {
      let words = failure == 0 ? "" : " (\(SystemWords.of(failure)))"
      let place = range.lowerBound + done
      throw Problem(
        name, nil, "cannot be read at byte \(place)\(words); expected an unchanging file",
        systemError: failure == 0 ? nil : failure)
    }
    return bytes
  }
}
