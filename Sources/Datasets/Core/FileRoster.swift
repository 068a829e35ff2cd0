// The files that a table names: their paths, and a check that no file is named twice.
import Downloads
import Formats
import Foundation

/// The names that were read so far.
struct FileRoster {
  /// The place of one file.
  struct Place {
    /// The path below the folder, without `.`, `..` and empty parts.
    let path: String
    let url: URL
  }

  private let folder: String
  /// The folder of the names, in messages.
  private let root: URL
  private var first: [ByteText: (line: Int, name: String)] = [:]
  private var names: Set<String> = []
  /// Names that are equal in Unicode but differ in bytes.
  private var twins: Set<String> = []

  /// Names are relative to `root`.
  init(_ root: URL) {
    self.root = root
    folder = root.path.hasSuffix("/") ? String(root.path.dropLast()) : root.path
  }

  /// Adds a name. Throws `Problem` at `place` if it leads out of the folder, or to a file that an
  /// earlier line names.
  mutating func admit(
    _ name: String, line: Int, at place: String, _ issues: inout IssueLog
  ) throws(Problem) -> Place {
    let path = try path(name, place)
    if let earlier = first[ByteText(text: path)] {
      let other = ByteText(text: earlier.name) == ByteText(text: name) ? "" : " as \(earlier.name)"
      throw Problem(
        place, "\(name) again, first on line \(earlier.line)\(other); expected one row per file")
    }
    first[ByteText(text: path)] = (line, name)
    if !names.insert(name).inserted {
      twins.insert(name)
      issues.warn(
        place, "\(name) differs from a name above in Unicode form only; read as another file")
    }
    let url = URL(fileURLWithPath: "\(folder)/\(path)", isDirectory: false)
    return Place(path: path, url: url)
  }

  /// The first line that names the same file; nil if there is none. Throws `Problem` for an
  /// invalid name, at `place`.
  func line(of name: String, at place: String) throws(Problem) -> Int? {
    first[ByteText(text: try path(name, place))]?.line
  }

  /// A unique id for a name: if two names differ only in their Unicode form, the one that is not
  /// composed is written with its code points.
  func id(_ name: String) -> String {
    guard !twins.isEmpty, twins.contains(name) else { return name }
    let composed = name.precomposedStringWithCanonicalMapping
    if ByteText(text: composed) == ByteText(text: name) { return name }
    return FileRoster.spelled(name)
  }

  /// The name with its code points in place of all characters that are not ASCII.
  static func spelled(_ name: String) -> String {
    name.unicodeScalars.map { scalar in
      scalar.isASCII ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }.joined()
  }

  private func path(_ name: String, _ place: String) throws(Problem) -> String {
    guard !name.isEmpty, !name.utf8.contains(0) else {
      throw Problem(place, "no file \"\(name)\"; expected a sound file under \(root.path)")
    }
    guard name.utf8.first != 0x2F else {
      throw Problem(
        place, "\"\(name)\" is an absolute path; expected one that begins in \(root.path)")
    }
    let parts = name.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
      .map(Substring.init)
    if parts.allSatisfy({ !["", ".", ".."].contains($0) }) { return name }
    let home = root.standardizedFileURL.path.split(separator: "/")
    var steps = home
    for part in parts where part != "" && part != "." {
      if part != ".." { steps.append(part) } else { _ = steps.popLast() }
    }
    guard steps.count > home.count, steps.prefix(home.count).elementsEqual(home) else {
      throw Problem(
        place, "\"\(name)\" leads out of the folder; expected a sound file under \(root.path)")
    }
    return steps.dropFirst(home.count).joined(separator: "/")
  }
}

/// A text compared by its bytes: names that are equal in Unicode may be those of two files.
struct ByteText: Hashable, Sendable {
  let text: String

  static func == (a: ByteText, b: ByteText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

/// The folder of a data set, and the digest of its clips.
package enum DatasetFolder {
  /// The folder to read. Throws `Problem` if it is missing, a file, or empty.
  static func root(_ card: DatasetCard, _ settings: DatasetSettings) throws -> URL {
    let needs = card.needs.joined(separator: "; ")
    let id = card.source ?? card.id
    let hint = ReleaseTable.hint(id)
    guard let root = try settings.root ?? found(id) else {
      throw Problem(
        card.id,
        "no folder; give --root or set SCANT_DATA to a folder with \(id)/ (\(needs))\(hint)")
    }
    switch try StoredFile.kind(root) {
    case nil: throw Problem(root.path, "no such folder; expected \(needs)\(hint)")
    case .folder: break
    case .file, .other: throw Problem(root.path, "is a file; expected a folder")
    }
    guard try !StoredFile.names(in: root).isEmpty else {
      throw Problem(root.path, "is empty; expected \(needs)\(hint)")
    }
    return root
  }

  /// The first of `$SCANT_DATA/<id>`, the folder in config.yaml, `$XDG_DATA_HOME/scant/data/<id>`
  /// and the folders of soundata and mirdata; the one in config.yaml is returned even if it does
  /// not exist. Throws `Problem` if the system fails.
  package static func found(_ id: String) throws -> URL? {
    func present(_ folder: URL?) throws -> URL? {
      try folder.flatMap { try StoredFile.exists($0) ? $0 : nil }
    }
    let user = UserFolders()
    let own =
      try present(user.named(by: "SCANT_DATA")?.appendingPathComponent(id))
      ?? ConfiguredFolders.data[id] ?? present(user.data.appendingPathComponent("data/\(id)"))
    return try own ?? present(unpackedByOthers[id].map(user.home.appendingPathComponent))
  }

  /// Where soundata and mirdata unpack the same releases, below the home folder.
  private static let unpackedByOthers = [
    "esc50": "sound_datasets/esc50", "fsd50k": "sound_datasets/fsd50k",
    "urbansound8k": "sound_datasets/urbansound8k",
    "mtg-jamendo": "mir_datasets/mtg_jamendo_autotagging_moodtheme",
  ]

  /// The folder into which a data set is downloaded: the first place where it is looked for.
  package static func home(_ id: String) -> URL {
    let user = UserFolders()
    return user.named(by: "SCANT_DATA")?.appendingPathComponent(id)
      ?? ConfiguredFolders.data[id] ?? user.data.appendingPathComponent("data/\(id)")
  }

  /// The digest of the classes and of each clip's name, split, file size and labels; no sound is
  /// read.
  static func digest(_ classes: [String], _ clips: [Clip], sizes: [Int]) -> String {
    var digest = Fingerprint(of: classes.joined(separator: "\n"))
    for (clip, size) in zip(clips, sizes) {
      let labels = clip.labels.map { $0.map { "\($0)" } ?? "-" }.joined(separator: ",")
      digest = digest.adding("\(clip.id) \(clip.split.rawValue) \(size) \(labels)")
    }
    return digest.text
  }
}
