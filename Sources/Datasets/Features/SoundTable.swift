// The facts about the sounds of one folder, as a table of text in the cache.
import Formats
import Foundation

/// A text compared by its bytes: names that Unicode holds for equal may be those of two files.
struct ByteText: Hashable, Sendable {
  let text: String

  static func == (a: ByteText, b: ByteText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

struct SoundTable {
  private let url: URL
  private let directory: URL
  private var rows: [ByteText: SoundFacts]
  /// A file changed less than this before being read could change again unseen, in ns.
  private static let racy = 2_000_000_000

  init(_ directory: URL, of folder: String) {
    let place = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL.path
    url = directory.appendingPathComponent("\(Fingerprint(of: place).text).tsv", isDirectory: false)
    self.directory = directory
    rows = SoundTable.rows(of: url)
  }

  /// By the path of a file of the folder.
  subscript(path: String) -> SoundFacts? {
    get { rows[SoundTable.name(path)] }
    set { rows[SoundTable.name(path)] = newValue }
  }

  private static func name(_ path: String) -> ByteText {
    let start = path.utf8.lastIndex(of: 0x2F).map { path.utf8.index(after: $0) }
    return ByteText(text: String(path[(start ?? path.startIndex)...]))
  }

  /// A damaged line counts as unknown. So does a table that cannot be read, for then the sounds
  /// themselves are.
  private static func rows(of url: URL) -> [ByteText: SoundFacts] {
    var bytes: [UInt8] = []
    guard (try? StoredFile.pieces(of: url.path, { bytes += $0 })) == true else { return [:] }
    var rows: [ByteText: SoundFacts] = [:]
    for line in bytes.split(separator: 0x0A) {
      let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
      guard fields.count == 6 || fields.count == 7,
        let name = String(validating: fields[0], as: UTF8.self),
        let facts = facts(fields)
      else { continue }
      rows[ByteText(text: name)] = facts
    }
    return rows
  }

  /// Name, size, modified, changed, inode, digest, and since lengths are remembered
  /// `FRAMES/RATE`; `-` for what is not known.
  private static func facts(_ fields: [ArraySlice<UInt8>]) -> SoundFacts? {
    func number(_ place: Int) -> Int? { Int(String(decoding: fields[place], as: UTF8.self)) }
    guard let size = number(1), let modified = number(2), let changed = number(3),
      let inode = UInt64(String(decoding: fields[4], as: UTF8.self))
    else { return nil }
    let digest = String(decoding: fields[5], as: UTF8.self)
    guard digest == "-" || digest.utf8.count == 16 else { return nil }
    return SoundFacts(
      stamp: FileStamp(size: size, modified: modified, changed: changed, inode: inode),
      digest: UInt64(digest, radix: 16), length: fields.count == 7 ? length(fields[6]) : nil)
  }

  private static func length(_ field: ArraySlice<UInt8>) -> SoundIndex.Length? {
    let parts = field.split(separator: 0x2F).map { Int(String(decoding: $0, as: UTF8.self)) }
    guard parts.count == 2, let frames = parts[0], let rate = parts[1], frames > 0, rate > 0 else {
      return nil
    }
    return SoundIndex.Length(frames: frames, sampleRate: rate)
  }

  /// Best effort: without the table, files are read again.
  func remember() {
    let newest = Int(Date().timeIntervalSince1970 * 1e9) - SoundTable.racy
    var text: [UInt8] = []
    for (name, facts) in rows {
      let stamp = facts.stamp
      guard max(stamp.changed, stamp.modified) < newest,
        !name.text.utf8.contains(where: { $0 == 0x09 || $0 == 0x0A })
      else { continue }
      let digest = facts.digest.map { Fingerprint.text($0) } ?? "-"
      let length = facts.length.map { "\($0.frames)/\($0.sampleRate)" } ?? "-"
      let fields = ["\(stamp.size)", "\(stamp.modified)", "\(stamp.changed)", "\(stamp.inode)"]
      let line = ([name.text] + fields + [digest, length]).joined(separator: "\t")
      text += Array("\(line)\n".utf8)
    }
    try? Cache.make(directory)
    try? AtomicFile.write(Data(text), to: url)
  }
}

/// Stored with every run, so that sounds exchanged below it are noticed.
public struct SoundDigest: Sendable, Equatable {
  /// By split, in the order of `Split.allCases`.
  private let parts: [String]

  /// Of the clips and the digests of their sounds; nil where a clip's sound is not there.
  init(of clips: [(clip: Clip, digest: String?)]) {
    parts = Split.allCases.map { split in
      var whole = Fingerprint()
      for (clip, digest) in clips where clip.split == split {
        whole = whole.adding("\(clip.id) \(digest ?? "-")")
      }
      return whole.text
    }
  }

  /// What `text` gave; nil for any other text.
  public init?(_ text: String) {
    let parts = text.split(separator: "-").map(String.init)
    guard parts.count == Split.allCases.count, parts.allSatisfy({ $0.utf8.count == 16 }) else {
      return nil
    }
    self.parts = parts
  }

  /// Three numbers of 16 hexadecimal digits.
  public var text: String { parts.joined(separator: "-") }

  /// Splits whose sounds are not the other's.
  public func differences(from other: SoundDigest) -> [Split] {
    Split.allCases.filter { parts[$0.index] != other.parts[$0.index] }
  }
}
