// Unpacks ZIP archives into a folder, whatever names they contain.
import CZip
import Foundation

extension ZipArchive {
  private static let symbolicLink = 0o120000
  private static let typeMask = 0o170000

  /// Unpacks all members below `folder`, which nobody else writes to, without the first `strip`
  /// folders of their names. `progress` gets the number of members done and of all; if it returns
  /// false, `CancellationError` is thrown. Throws `Problem` for a name that leads out of the
  /// folder, a link, a name that exists, damaged content, or a file that cannot be written.
  package func extract(
    to folder: URL, strip: Int = 0, progress: (_ done: Int, _ total: Int) throws -> Bool
  ) throws {
    for (index, member) in members.enumerated() {
      guard try progress(index, members.count) else { throw CancellationError() }
      guard member.mode & Self.typeMask != Self.symbolicLink else {
        throw source.problem("'\(member.name)' is a link; expected files and folders only")
      }
      let path = try path(of: member).dropFirst(strip).joined(separator: "/")
      guard !path.isEmpty else { continue }
      let target = folder.appendingPathComponent(path)
      let isFolder = member.name.hasSuffix("/")
      try makeFolder(isFolder ? target : target.deletingLastPathComponent())
      if !isFolder { try write(member, to: target) }
    }
    _ = try progress(members.count, members.count)
  }

  /// The parts of a member's name.
  private func path(of member: Member) throws -> [Substring] {
    let name = member.name
    let parts = name.split(separator: "/")
    guard !name.hasPrefix("/"), !name.contains("\\"), !parts.isEmpty,
      parts.allSatisfy({ $0 != ".." && $0 != "." })
    else {
      throw source.problem("member '\(name)' leads out of the folder; expected a path inside")
    }
    return parts
  }

  private func makeFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Problem(
        folder, "cannot be made (\(SystemWords.of(error))); expected a writable folder")
    }
  }

  private func write(_ member: Member, to target: URL) throws {
    let bytes = try contents(of: member)
    let descriptor = open(target.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw unwritten(target, errno) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var checksum: UInt = 0
    var position = 0
    while position < bytes.count {
      let piece = try bytes.fetch(position..<min(position + 1 << 20, bytes.count))
      checksum = piece.withUnsafeBufferPointer { crc32_z(checksum, $0.baseAddress, $0.count) }
      do { try handle.write(contentsOf: piece) } catch {
        throw Problem(
          target, "cannot be written (\(SystemWords.of(error))); expected free space")
      }
      position += piece.count
    }
    guard UInt32(truncatingIfNeeded: checksum) == member.checksum else {
      throw source.problem("member '\(member.name)' has a wrong checksum; expected undamaged data")
    }
  }

  private func unwritten(_ target: URL, _ code: Int32) -> Problem {
    let reason = code == EEXIST ? "the archive has two files of this name" : SystemWords.of(code)
    return Problem(target, "cannot be written (\(reason)); expected free space")
  }
}

/// Files read one after the other as if they were one, such as the volumes of an archive.
package struct JoinedFiles: ByteSource {
  package let name: String
  package let count: Int
  /// Where each file begins.
  package let starts: [Int]
  private let files: [OpenFile]

  /// Throws `Problem` if a file cannot be opened. Errors name the last one.
  package init(_ urls: [URL]) throws {
    files = try urls.map { try OpenFile($0) }
    name = files.last?.name ?? ""
    var (starts, end) = ([Int](), 0)
    for file in files {
      starts.append(end)
      end += file.count
    }
    (self.starts, count) = (starts, end)
  }

  package func fetch(_ range: Range<Int>) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for (start, file) in zip(starts, files) {
      let part = range.clamped(to: start..<start + file.count)
      guard !part.isEmpty else { continue }
      bytes += try file.fetch(part.lowerBound - start..<part.upperBound - start)
    }
    return bytes
  }
}
