// Digests and lengths of sound files, cached with size, times and inode, so that unchanged files
// are not read again. The rule is that of git's index: a recently changed file is not trusted.
import Acoustics
import Formats
import Foundation

/// The cache of digests and lengths: one table for each folder of sounds.
///
/// Look-ups also return a line for each table that could not be read; its sounds are read again.
struct SoundIndex: Sendable {
  private let directory: URL

  struct Length: Sendable, Equatable {
    let frames, sampleRate: Int

    var seconds: Double { Double(frames) / Double(sampleRate) }
  }

  /// A regular file.
  struct File: Sendable {
    let path: String
    let stamp: FileStamp
  }

  fileprivate typealias Outcome = Result<SoundFacts, AudioError>

  /// In the cache folder; nil is `$XDG_CACHE_HOME/scant`.
  init(cache: URL?) {
    directory = (cache ?? UserFolders().cache).appendingPathComponent("digests", isDirectory: true)
  }

  /// The digest of every file's content; nil if there is no file. Throws `Problem` if a file cannot
  /// be read, and `CancellationError`.
  func digests(
    of paths: [String?], threads: Int, progress: ProgressHandler?
  ) throws -> (digests: [String?], warnings: [String]) {
    let files = try Parallel.chunks(paths, threads: threads) { path in
      try path.flatMap { path in try FileStamp(path).map { File(path: path, stamp: $0) } }
    }
    let (found, warnings) = try facts(
      of: files, "Checking sound files", threads: threads, progress: progress,
      isKnown: { $0.digest != nil },
      find: { file in
        guard let digest = try SoundIndex.digest(of: file) else { return nil }
        return .success(SoundFacts(stamp: file.stamp, digest: digest))
      })
    return (found.map { $0?.success?.digest.map { Fingerprint.text($0) } }, warnings)
  }

  /// The length of every file, or why it has none; nil if there was no file. Throws `AudioError` if
  /// the system fails to read a file, and `CancellationError`.
  func lengths(
    of files: [File?], threads: Int, progress: ProgressHandler?
  ) throws -> (lengths: [Result<Length, AudioError>?], warnings: [String]) {
    let (found, warnings) = try facts(
      of: files, "Reading sound headers", threads: threads, progress: progress,
      isKnown: { $0.length != nil }, find: SoundIndex.length)
    let lengths = found.map { outcome in
      outcome?.flatMap { facts in
        facts.length.map { .success($0) } ?? .failure(AudioError(file: "", reason: "no length"))
      }
    }
    return (lengths, warnings)
  }

  /// Reads in pieces, since a recording may exceed the memory.
  private static func digest(of file: File) throws(Problem) -> UInt64? {
    var digest = Fingerprint()
    digest.add(UInt64(file.stamp.size))
    var count = 0
    let isThere = try StoredFile.pieces(of: file.path) { piece in
      digest.add(words: piece)
      count += piece.count
    }
    guard isThere else { return nil }
    guard count == file.stamp.size else {
      throw Problem(file.path, "changed while it was read; expected an unchanging file")
    }
    return digest.value
  }

  private static func length(of file: File) throws -> Outcome? {
    do {
      let info = try AudioFile.length(URL(fileURLWithPath: file.path, isDirectory: false))
      guard info.frames > 0 else {
        return .failure(AudioError(file: file.path, reason: "no samples; expected sound"))
      }
      let length = Length(frames: info.frames, sampleRate: info.sampleRate)
      return .success(SoundFacts(stamp: file.stamp, length: length))
    } catch let error as AudioError {
      if error.isUnavailable { throw error }
      return error.isMissing ? nil : .failure(error)
    }
  }

  /// Facts about each file. Unknown ones are found in parallel and saved.
  private func facts(
    of files: [File?], _ what: String, threads: Int, progress: ProgressHandler?,
    isKnown: (SoundFacts) -> Bool, find: @escaping @Sendable (File) throws -> Outcome?
  ) throws -> (outcomes: [Outcome?], warnings: [String]) {
    var outcomes = [Outcome?](repeating: nil, count: files.count)
    var warnings: [String] = []
    let folders = Dictionary(grouping: files.indices.filter { files[$0] != nil }) { index in
      let path = files[index]?.path ?? ""
      return String(path[..<(path.utf8.lastIndex(of: 0x2F) ?? path.startIndex)])
    }
    for (folder, members) in folders {
      var table = SoundTable(directory, of: folder, &warnings)
      var fresh: [(place: Int, file: File)] = []
      for place in members {
        guard let file = files[place] else { continue }
        if let known = table[file.path], known.stamp == file.stamp, isKnown(known) {
          outcomes[place] = .success(known)
        } else {
          fresh.append((place, file))
        }
      }
      guard !fresh.isEmpty else { continue }
      let wanted = fresh.map(\.file)
      let found = try Parallel.map(
        wanted.count, threads: threads, what, progress: progress, worker: {},
        work: { _, i in [try find(wanted[i])] })
      for (entry, outcome) in zip(fresh, found) {
        let outcome = outcome.first.flatMap { $0 }
        outcomes[entry.place] = outcome
        table[entry.file.path] = outcome?.success?.joined(with: table[entry.file.path])
      }
      warnings += table.save()
    }
    return (outcomes, warnings)
  }
}

extension Result {
  fileprivate var success: Success? {
    if case .success(let value) = self { return value }
    return nil
  }
}

/// Size, times and inode of a regular file. A change of content always changes `changed`, the time
/// of the inode, which programs cannot set.
struct FileStamp: Sendable, Equatable {
  let size: Int
  /// Nanoseconds since 1970.
  let modified, changed: Int
  let inode: UInt64
}

extension FileStamp {
  /// Nil if there is no regular file. Throws `Problem` if the system fails.
  init?(_ path: String) throws(Problem) {
    guard let info = try StoredFile.status(path), info.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    self.init(info)
  }

  init(_ info: stat) {
    self.init(
      size: Int(info.st_size),
      modified: info.st_mtim.tv_sec * 1_000_000_000 + info.st_mtim.tv_nsec,
      changed: info.st_ctim.tv_sec * 1_000_000_000 + info.st_ctim.tv_nsec,
      inode: UInt64(info.st_ino))
  }
}

/// What is known about one sound file.
private struct SoundFacts: Sendable {
  let stamp: FileStamp
  var digest: UInt64?
  var length: SoundIndex.Length?

  /// Adds other facts about the same content.
  func joined(with other: SoundFacts?) -> SoundFacts {
    guard let other, other.stamp == stamp else { return self }
    return SoundFacts(
      stamp: stamp, digest: digest ?? other.digest, length: length ?? other.length)
  }
}

/// The facts about the sounds of one folder, as a tab-separated table in the cache.
///
/// Columns: name, size, modified, changed, inode, digest, and, in tables of later versions,
/// `FRAMES/RATE`. A hyphen means unknown.
private struct SoundTable {
  private let url: URL
  private var rows: [ByteText: SoundFacts] = [:]
  /// A file changed less than this before it is read could change again without a new time, in ns.
  private static let racy = 2_000_000_000

  init(_ directory: URL, of folder: String, _ warnings: inout [String]) {
    let place = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL.path
    url = directory.appendingPathComponent("\(Fingerprint(of: place).text).tsv", isDirectory: false)
    do { warnings += try read() } catch {
      warnings.append("sound files are read again: \(error)")
    }
  }

  /// By the path of a file in the folder.
  subscript(path: String) -> SoundFacts? {
    get { rows[SoundTable.name(path)] }
    set { rows[SoundTable.name(path)] = newValue }
  }

  private static func name(_ path: String) -> ByteText {
    let start = path.utf8.lastIndex(of: 0x2F).map { path.utf8.index(after: $0) }
    return ByteText(text: String(path[(start ?? path.startIndex)...]))
  }

  /// Returns a line about damaged rows, which count as unknown. Throws `Problem`.
  private mutating func read() throws(Problem) -> [String] {
    var bytes: [UInt8] = []
    guard try StoredFile.pieces(of: url.path, { bytes += $0 }) else { return [] }
    var damaged = 0
    for line in bytes.split(separator: 0x0A) {
      let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
      guard fields.count == 6 || fields.count == 7,
        let name = String(validating: fields[0], as: UTF8.self),
        let facts = SoundTable.facts(fields.map { String(decoding: $0, as: UTF8.self) })
      else {
        damaged += 1
        continue
      }
      rows[ByteText(text: name)] = facts
    }
    guard damaged > 0 else { return [] }
    return [
      "sound files are read again: \(url.path): damaged rows: \(damaged); expected name, size, "
        + "times, inode, digest and length in each"
    ]
  }

  private static func facts(_ fields: [String]) -> SoundFacts? {
    let digest = fields[5]
    guard let size = Int(fields[1]), let modified = Int(fields[2]), let changed = Int(fields[3]),
      let inode = UInt64(fields[4]), digest == "-" || digest.utf8.count == 16
    else { return nil }
    return SoundFacts(
      stamp: FileStamp(size: size, modified: modified, changed: changed, inode: inode),
      digest: UInt64(digest, radix: 16), length: fields.count == 7 ? length(fields[6]) : nil)
  }

  private static func length(_ field: String) -> SoundIndex.Length? {
    let parts = field.split(separator: "/").map { Int($0) }
    guard parts.count == 2, let frames = parts[0], let rate = parts[1], frames > 0, rate > 0 else {
      return nil
    }
    return SoundIndex.Length(frames: frames, sampleRate: rate)
  }

  /// Returns a line if the table cannot be written, which costs time only.
  func save() -> [String] {
    let newest = Int(Date().timeIntervalSince1970 * 1e9) - SoundTable.racy
    var text = ""
    for (name, facts) in rows {
      let stamp = facts.stamp
      guard max(stamp.changed, stamp.modified) < newest,
        !name.text.utf8.contains(where: { $0 == 0x09 || $0 == 0x0A })
      else { continue }
      let digest = facts.digest.map { Fingerprint.text($0) } ?? "-"
      let length = facts.length.map { "\($0.frames)/\($0.sampleRate)" } ?? "-"
      let fields = ["\(stamp.size)", "\(stamp.modified)", "\(stamp.changed)", "\(stamp.inode)"]
      text += ([name.text] + fields + [digest, length]).joined(separator: "\t") + "\n"
    }
    do {
      try Cache.make(url.deletingLastPathComponent())
      try AtomicFile.write(Data(text.utf8), to: url)
      return []
    } catch { return ["sound files will be read again next time: \(error)"] }
  }
}
