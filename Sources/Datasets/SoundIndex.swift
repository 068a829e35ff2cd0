import Formats
// Content digests of sound files, remembered with size, times and inode so that unchanged files
// are not read again. The rule is git's for its index: a file touched just now is not trusted.
import Foundation

struct FileDigests: Sendable {
  /// Holds one table a sound folder.
  let directory: URL
  /// A file changed less than this before being read could change again unseen, in ns.
  private static let racy = 2_000_000_000

  private struct Entry: Sendable {
    let stamp: FileStamp
    let digest: String
  }

  /// The digest of every file that can be read; those not known are read in parallel.
  func digests(of files: [URL], threads: Int, progress: Ticker?) throws -> [URL: String] {
    var all: [URL: String] = [:]
    for (folder, members) in Dictionary(grouping: files, by: { $0.deletingLastPathComponent() }) {
      let known = table(of: folder)
      let stamps = members.map { FileStamp($0) }
      let fresh = members.indices.filter { i in
        stamps[i] != nil && known[members[i].lastPathComponent]?.stamp != stamps[i]
      }
      let read = try Parallel.map(
        fresh.count, threads: threads, "Checking sound files", progress: progress,
        worker: {}, work: { _, i in FileDigests.digest(of: members[fresh[i]]) })
      var updated = known
      for (i, digest) in zip(fresh, read) {
        let name = members[i].lastPathComponent
        updated[name] = nil
        guard let digest, let stamp = stamps[i] else { continue }
        updated[name] = Entry(stamp: stamp, digest: digest)
      }
      for (url, stamp) in zip(members, stamps) where stamp != nil {
        all[url] = updated[url.lastPathComponent]?.digest
      }
      if !fresh.isEmpty { remember(updated, of: folder) }
    }
    return all
  }

  private static func digest(of url: URL) -> String? {
    guard let content = try? Data(contentsOf: url) else { return nil }
    return Fingerprint(of: [UInt8](content)).text
  }
}

extension FileDigests {
  private func tableURL(of folder: URL) -> URL {
    let name = Fingerprint(of: folder.standardizedFileURL.path).text
    return directory.appendingPathComponent("\(name).tsv")
  }

  /// Name to entry. A damaged line counts as unknown.
  private func table(of folder: URL) -> [String: Entry] {
    guard let text = try? String(contentsOf: tableURL(of: folder), encoding: .utf8) else {
      return [:]
    }
    var table: [String: Entry] = [:]
    for line in text.utf8.split(separator: 0x0A) {
      let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
        .map { String(Substring($0)) }
      guard fields.count == 6, let size = Int(fields[1]), let modified = Int(fields[2]),
        let changed = Int(fields[3]), let inode = UInt64(fields[4]), fields[5].utf8.count == 16
      else { continue }
      table[fields[0]] = Entry(
        stamp: FileStamp(size: size, modified: modified, changed: changed, inode: inode),
        digest: fields[5])
    }
    return table
  }

  /// Best effort: without the table, files are read again.
  private func remember(_ table: [String: Entry], of folder: URL) {
    let now = Int(Date().timeIntervalSince1970 * 1e9)
    let lines = table.sorted { $0.key < $1.key }.compactMap { name, entry -> String? in
      let stamp = entry.stamp
      let isSafe = max(stamp.changed, stamp.modified) < now - FileDigests.racy
      guard isSafe, !name.contains(where: { $0 == "\t" || $0.isNewline }) else { return nil }
      return "\(name)\t\(stamp.size)\t\(stamp.modified)\t\(stamp.changed)\t\(stamp.inode)"
        + "\t\(entry.digest)\n"
    }
    try? Cache.make(directory)
    try? AtomicFile.write(Data(lines.joined().utf8), to: tableURL(of: folder))
  }
}
