// The digests of first downloads, for files whose publisher states none.
import Formats
import Foundation

/// `fetched.tsv` in the user's state folder: one line per file, `name⇥sha256⇥bytes⇥day`.
struct DigestLedger {
  struct Entry: Equatable {
    let digest: FileDigest
    let bytes: Int
    /// Year, month and day of the download.
    let day: String
  }

  let file: URL
  private(set) var entries: [String: Entry] = [:]

  /// Throws `Problem` if the file cannot be read or one of its lines is damaged.
  init(_ file: URL) throws {
    self.file = file
    guard let text = try StoredFile.text(file) else { return }
    for (index, line) in text.split(separator: "\n").enumerated() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 4, fields[1].count == FileDigest.digits(.sha256),
        fields[1].allSatisfy(\.isHexDigit), let bytes = Int(fields[2])
      else {
        throw Problem(
          file, line: index + 1, "damaged; expected name, SHA-256, bytes and day between tabs")
      }
      entries[fields[0]] = Entry(digest: .sha256(fields[1]), bytes: bytes, day: fields[3])
    }
  }

  /// Adds an entry and writes the file. Throws `Problem`.
  mutating func record(_ name: String, _ digest: FileDigest, bytes: Int) throws {
    let day = Date().formatted(.iso8601.year().month().day())
    entries[name] = Entry(digest: digest, bytes: bytes, day: day)
    let lines = entries.sorted { $0.key < $1.key }.map {
      "\($0.key)\t\($0.value.digest.hex)\t\($0.value.bytes)\t\($0.value.day)\n"
    }
    try Folders.make(file.deletingLastPathComponent())
    try AtomicFile.write(Data(lines.joined().utf8), to: file)
  }
}
