// From the rows of an annotation table to clips. Files that are missing or not sounds are skipped.
import Acoustics
import Formats
import Foundation

/// One row of an annotation table that names a file.
struct LabelledFile: Sendable {
  /// Unique in the data set.
  let id: String
  /// The name in the table.
  let name: String
  let url: URL
  let split: Split
  let labels: [Float?]
  let group: String?
  /// The row that names it; 0 for a file that no row names.
  let line: Int
}

/// The rows of a table, and the clips of their files.
struct LabelledClips: Sendable {
  let table: URL
  /// The folder to which names are relative.
  let root: URL
  /// The number of rows that name a file.
  private(set) var named = 0
  /// The number of files that exist.
  private(set) var found = 0
  var clips: [Clip] = []
  /// The size of each clip's file, and the line that names it.
  private(set) var sizes: [Int] = []
  private(set) var lines: [Int] = []
  /// Rows that were skipped because their file is missing or not a sound.
  private(set) var skipped: [Problem] = []
  private(set) var skippedPaths: [String] = []
  private(set) var lost: [Split: Int] = [:]
  /// One line for each table of cached lengths that could not be read.
  private(set) var warnings: [String] = []

  /// Reads the headers of the files and logs rows that name the file of another row. With
  /// `refusing`, the id of the data set, the first error in the log is thrown before any file is
  /// opened. Throws `Problem` or `AudioError` if the system fails to read a file, and
  /// `CancellationError`.
  init(
    _ files: [LabelledFile], table: URL, root: URL, _ settings: DatasetSettings,
    _ issues: inout IssueLog, refusing id: String?, progress: ProgressHandler?
  ) throws {
    (self.table, self.root, named) = (table, root, files.count)
    let threads = settings.threads ?? Parallel.cores
    let looked = try Parallel.chunks(files, threads: threads) { try StoredFile.status($0.url.path) }
    let repeated = repeated(files, looked, &issues)
    if let id, let refusal = issues.refusal(id) { throw refusal }
    let sounds = zip(files, looked).enumerated().map { index, pair -> SoundIndex.File? in
      guard let info = pair.1, info.st_mode & S_IFMT == S_IFREG, !repeated.contains(index) else {
        return nil
      }
      return SoundIndex.File(path: pair.0.url.path, stamp: FileStamp(info))
    }
    let lengths: [Result<SoundIndex.Length, AudioError>?]
    (lengths, warnings) = try SoundIndex(cache: settings.cache).lengths(
      of: sounds, threads: threads, progress: progress)
    var siblings: [String: Set<String>] = [:]
    for (index, file) in files.enumerated() where !repeated.contains(index) {
      switch lengths[index] {
      case .success(let length): add(file, length.seconds, sounds[index]?.stamp.size ?? 0)
      case .failure(let error): skip(file, Problem(error.file, error.reason))
      case nil:
        if file.line > 0 {
          skip(file, try missing(file, &siblings))
        } else if looked[index] == nil {
          skip(file, Problem(file.url.path, "no file of this name; expected a name in UTF-8"))
        }
      }
      if lengths[index] != nil { found += 1 }
    }
  }

  private mutating func add(_ file: LabelledFile, _ seconds: Double, _ size: Int) {
    clips.append(
      Clip(
        id: file.id, audio: file.url, split: file.split, seconds: seconds, labels: file.labels,
        group: file.group))
    sizes.append(size)
    lines.append(file.line)
  }

  private mutating func skip(_ file: LabelledFile, _ error: Problem) {
    skipped.append(error)
    skippedPaths.append(file.url.path)
    lost[file.split, default: 0] += 1
  }

  /// Reports a clip that turned out to be no sound; the caller leaves it out.
  mutating func report(_ clip: Clip, _ problem: Problem) {
    skipped.append(problem)
    skippedPaths.append(clip.audio?.path ?? clip.id)
    lost[clip.split, default: 0] += 1
  }

  func place(_ line: Int) -> String { "\(table.path):\(line)" }
}

extension LabelledClips {
  /// The rows whose file an earlier row names by another path, through a link. Hard links count as
  /// different files.
  private func repeated(
    _ files: [LabelledFile], _ looked: [stat?], _ issues: inout IssueLog
  ) -> Set<Int> {
    struct Identity: Hashable { let device, inode: UInt64 }
    var first: [Identity: Int] = [:]
    var repeated: Set<Int> = []
    var paths = RealPaths()
    for (index, info) in looked.enumerated() {
      guard let info else { continue }
      let identity = Identity(device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
      guard let earlier = first[identity] else {
        first[identity] = index
        continue
      }
      let (file, other) = (files[index], files[earlier])
      guard info.st_nlink < 2 || paths.real(file.url.path) == paths.real(other.url.path) else {
        continue
      }
      repeated.insert(index)
      // A link without a row is one more path to a sound that is there already.
      if file.line == 0 { continue }
      issues.error(
        place(file.line),
        "\(file.name) again, first on line \(other.line) as \(other.name); "
          + "expected one row per file")
    }
    return repeated
  }

  /// Describes a missing file. `siblings`: the names in each folder, read once.
  private func missing(
    _ file: LabelledFile, _ siblings: inout [String: Set<String>]
  ) throws -> Problem {
    let folder = file.url.deletingLastPathComponent().path
    let names = try siblings[folder] ?? Set(StoredFile.names(in: folder))
    siblings[folder] = names
    // Strings are equal in any Unicode form, file names are not.
    let isNamed = names.contains(file.url.lastPathComponent)
    let differs = try isNamed && !StoredFile.exists(file.url)
    let hint = differs ? " (a file there differs in Unicode form only)" : ""
    return Problem(
      place(file.line),
      "no file \"\(file.name)\"\(hint); expected a sound file under \(root.path)")
  }

  /// Throws `Problem` if no clip is left.
  func demandClips() throws {
    guard clips.isEmpty else { return }
    let reason = skipped.first.map { "; first: skipped \($0)" } ?? ""
    throw Problem(root.path, "no readable sound file\(reason)")
  }

  /// One line for each skipped file, and the warnings.
  var problems: [String] { skipped.map { "skipped \($0)" } + warnings }
}

/// Paths with links resolved, once per folder.
private struct RealPaths {
  private var folders: [String: String?] = [:]

  /// Nil if the system fails; two such paths count as the same.
  mutating func real(_ path: String) -> ByteText? {
    var info = stat()
    guard lstat(path, &info) == 0 else { return nil }
    if info.st_mode & S_IFMT == S_IFLNK { return resolved(path).map(ByteText.init) }
    let cut = path.utf8.lastIndex(of: 0x2F) ?? path.startIndex
    let folder = String(path[..<cut])
    if folders[folder] == nil { folders[folder] = .some(resolved(folder.isEmpty ? "/" : folder)) }
    return (folders[folder] ?? nil).map { ByteText(text: $0 + path[cut...]) }
  }

  private func resolved(_ path: String) -> String? {
    guard let path = realpath(path, nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}
