// Digests and lengths of sound files, remembered with size, times and inode so that unchanged files
// are not read again. The rule is git's for its index: a file touched just now is not trusted.
import Acoustics
import Formats
import Foundation

struct SoundIndex: Sendable {
  /// Holds one table a sound folder.
  let directory: URL

  struct Length: Sendable, Equatable {
    let frames, sampleRate: Int

    var seconds: Double { Double(frames) / Double(sampleRate) }
  }

  /// A regular file and what the file system said of it.
  struct File: Sendable {
    let path: String
    let stamp: FileStamp
  }

  /// In the cache that the settings name.
  init(cache: URL?) {
    directory = (cache ?? UserFolders().cache).appendingPathComponent("digests", isDirectory: true)
  }

  /// The digest of every file's content; nil where there is no file. Throws `Problem` where a
  /// file cannot be read, and `CancellationError`.
  func digests(of paths: [String?], threads: Int, progress: ProgressHandler?) throws -> [String?] {
    let files = try Parallel.chunks(paths, threads: threads) { path in
      try path.flatMap { path in try FileStamp(path).map { File(path: path, stamp: $0) } }
    }
    let found = try facts(
      of: files, "Checking sound files", threads: threads, progress: progress,
      isKnown: { $0.digest != nil },
      find: { file in
        guard let digest = try SoundIndex.digest(of: file) else { return nil }
        return .success(SoundFacts(stamp: file.stamp, digest: digest))
      })
    return found.map { $0?.success?.digest.map { Fingerprint.text($0) } }
  }

  /// The length of every file, or why it has none; nil where there was no file. Throws `AudioError`
  /// where a file could not be looked at, and `CancellationError`.
  func lengths(
    of files: [File?], threads: Int, progress: ProgressHandler?
  ) throws -> [Result<Length, AudioError>?] {
    let found = try facts(
      of: files, "Reading sound headers", threads: threads, progress: progress,
      isKnown: { $0.length != nil }, find: SoundIndex.length)
    return found.map { outcome in
      outcome?.flatMap { facts in
        facts.length.map { .success($0) } ?? .failure(AudioError(file: "", reason: "no length"))
      }
    }
  }

  /// In pieces: a recording may be larger than the memory.
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
      throw Problem(file.path, "changed while it was read; expected a file at rest")
    }
    return digest.value
  }

  private static func length(of file: File) throws -> Result<SoundFacts, AudioError>? {
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
}

/// What is known of one sound file.
struct SoundFacts: Sendable {
  let stamp: FileStamp
  var digest: UInt64?
  var length: SoundIndex.Length?

  /// Both, where they speak of the same content.
  func joined(with other: SoundFacts?) -> SoundFacts {
    guard let other, other.stamp == stamp else { return self }
    return SoundFacts(
      stamp: stamp, digest: digest ?? other.digest, length: length ?? other.length)
  }
}

extension SoundIndex {
  private typealias Outcome = Result<SoundFacts, AudioError>

  /// What is known of each file; what is not is found in parallel and remembered.
  private func facts(
    of files: [File?], _ what: String, threads: Int, progress: ProgressHandler?,
    isKnown: (SoundFacts) -> Bool, find: @escaping @Sendable (File) throws -> Outcome?
  ) throws -> [Outcome?] {
    var outcomes = [Outcome?](repeating: nil, count: files.count)
    for (folder, members) in SoundIndex.byFolder(files) {
      var table = SoundTable(directory, of: folder)
      var fresh: [(place: Int, file: File)] = []
      for place in members {
        guard let file = files[place] else { continue }
        let known = table[file.path]
        if let known, known.stamp == file.stamp, isKnown(known) {
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
      table.remember()
    }
    return outcomes
  }

  /// Places of the files, by the folder they lie in.
  private static func byFolder(_ files: [File?]) -> [String: [Int]] {
    var places: [String: [Int]] = [:]
    for (place, file) in files.enumerated() {
      guard let path = file?.path else { continue }
      places[String(path[..<(path.utf8.lastIndex(of: 0x2F) ?? path.startIndex)]), default: []]
        .append(place)
    }
    return places
  }
}

extension Result {
  fileprivate var success: Success? {
    if case .success(let value) = self { return value }
    return nil
  }
}

/// Size, times and identity of a regular file. A change of content always changes `changed`
/// (the inode's time), which programs cannot set back.
struct FileStamp: Sendable, Equatable {
  let size: Int
  /// Nanoseconds since 1970.
  let modified, changed: Int
  let inode: UInt64

  /// Nil for what is no regular file. Throws `Problem` where the system did not say.
  init?(_ path: String) throws(Problem) {
    guard let info = try StoredFile.status(path), info.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    self.init(info)
  }

  init(_ info: stat) {
    size = Int(info.st_size)
    modified = info.st_mtim.tv_sec * 1_000_000_000 + info.st_mtim.tv_nsec
    changed = info.st_ctim.tv_sec * 1_000_000_000 + info.st_ctim.tv_nsec
    inode = UInt64(info.st_ino)
  }

  init(size: Int, modified: Int, changed: Int, inode: UInt64) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.inode = inode
  }
}
