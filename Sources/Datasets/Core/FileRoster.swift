// The files that a table names: where each name leads, and that no file is named twice.
import Formats
import Foundation

struct FileRoster {
  /// One name, as it was admitted.
  struct Place {
    /// Below the folder, without `.`, `..` and empty parts.
    let path: String
    let url: URL
  }

  private let folder: String
  /// What the names count from, in messages.
  private let root: URL
  private var first: [ByteText: (line: Int, name: String)] = [:]
  private var names: Set<String> = []
  /// Names that Unicode holds for equal to another one's.
  private var twins: Set<String> = []

  /// Names count from `root`.
  init(_ root: URL) {
    self.root = root
    folder = root.path.hasSuffix("/") ? String(root.path.dropLast()) : root.path
  }

  /// Throws what is wrong with the name, at `place`: it leads out of the folder, or to a file that
  /// an earlier line named.
  mutating func admit(
    _ name: String, line: Int, at place: String, _ issues: inout IssueLog
  ) throws(Problem) -> Place {
    let path = try path(name, place)
    if let earlier = first[ByteText(text: path)] {
      let other = ByteText(text: earlier.name) == ByteText(text: name) ? "" : " as \(earlier.name)"
      throw Problem(
        place, "\(name) again, first on line \(earlier.line)\(other); expected one row a file")
    }
    first[ByteText(text: path)] = (line, name)
    if !names.insert(name).inserted {
      twins.insert(name)
      issues.odd(
        place, "\(name) differs from a name above in Unicode form only; read as another file")
    }
    let url = URL(fileURLWithPath: "\(folder)/\(path)", isDirectory: false)
    return Place(path: path, url: url)
  }

  /// The line that named the same file first; nil where none did. Throws what is wrong with the
  /// name, at `place`.
  func line(of name: String, at place: String) throws(Problem) -> Int? {
    first[ByteText(text: try path(name, place))]?.line
  }

  /// A name that tells its file from all others: where two names differ in their Unicode form
  /// alone, the one that is not composed is spelled with its code points.
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

enum DatasetFolder {
  /// The folder to read. Throws `Problem` where it is missing, no folder, or empty.
  static func root(_ card: DatasetCard, _ settings: DatasetSettings) throws -> URL {
    let needs = card.needs.joined(separator: "; ")
    let id = card.source ?? card.id
    guard let root = try settings.root ?? found(id) else {
      throw Problem(
        card.id, "no folder; give --root or set SCANT_DATA to a folder with \(id)/ (\(needs))")
    }
    switch try StoredFile.kind(root) {
    case nil: throw Problem(root.path, "no such folder; expected \(needs)")
    case .folder: break
    case .file, .other: throw Problem(root.path, "is a file; expected a folder")
    }
    guard try !StoredFile.names(in: root).isEmpty else {
      throw Problem(root.path, "is empty; expected \(needs)")
    }
    return root
  }

  /// `$SCANT_DATA/<id>` where it is there, then what config.yaml says, then
  /// `$XDG_DATA_HOME/scant/data/<id>`.
  private static func found(_ id: String) throws -> URL? {
    func present(_ folder: URL?) throws -> URL? {
      let folder = folder?.appendingPathComponent(id)
      return try folder.flatMap { try StoredFile.exists($0) ? $0 : nil }
    }
    let user = UserFolders()
    return try present(user.named(by: "SCANT_DATA")) ?? ConfiguredFolders.data[id]
      ?? present(user.data.appendingPathComponent("data"))
  }

  /// Of the tables and of every file's name, size and labels: no sound is read for it.
  static func digest(_ classes: [String], _ clips: [Clip], sizes: [Int]) -> String {
    var digest = Fingerprint(of: classes.joined(separator: "\n"))
    for (clip, size) in zip(clips, sizes) {
      let labels = clip.labels.map { $0.map { "\($0)" } ?? "-" }.joined(separator: ",")
      digest = digest.adding("\(clip.id) \(clip.split.rawValue) \(size) \(labels)")
    }
    return digest.text
  }
}
