// The sound files below a folder, found by their names.
import Formats
import Foundation

/// Hidden files and folders behind links are left out.
struct SoundListing: Sendable {
  /// The folder, without a slash at the end.
  let root: String
  /// Paths of sound files below the root, in the order of their bytes.
  private(set) var names: [String] = []
  /// Paths of text files below the root, without their ending `.txt`.
  private(set) var textStems: Set<ByteText> = []

  private static let endings: Set = [
    "aif", "aifc", "aiff", "au", "caf", "flac", "m4a", "mp3", "oga", "ogg", "opus", "rf64", "w64",
    "wav", "wave",
  ]

  /// `leavingOut`: a folder that is not looked into, wherever it lies. Throws `Problem` where a
  /// folder cannot be read.
  init(_ folder: URL, leavingOut: URL? = nil) throws(Problem) {
    root = SoundListing.path(folder)
    var (names, stems): ([String], [ByteText]) = ([], [])
    let excluded = leavingOut.map { SoundListing.path($0) }
    _ = try SoundListing.walk(root, below: "", excluded) { name in
      if SoundListing.isSound(name) { names.append(name) }
      if SoundListing.ending(name) == "txt" { stems.append(SoundListing.stem(name)) }
      return true
    }
    self.names = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    textStems = Set(stems)
  }

  /// Whether a folder, or one below it, holds a sound file. Throws `Problem` where one cannot be
  /// read.
  static func holdsSounds(_ folder: URL) throws(Problem) -> Bool {
    try !walk(path(folder), below: "", nil) { name in !isSound(name) }
  }

  func url(_ name: String) -> URL { URL(fileURLWithPath: "\(root)/\(name)", isDirectory: false) }

  /// Whether the ending of a name is that of a sound file.
  static func isSound(_ name: String) -> Bool { endings.contains(ending(name)) }

  /// The name without its ending.
  static func stem(_ name: String) -> ByteText {
    guard let dot = name.utf8.lastIndex(of: 0x2E) else { return ByteText(text: name) }
    return ByteText(text: String(name[..<dot]))
  }

  private static func path(_ folder: URL) -> String {
    folder.path.hasSuffix("/") ? String(folder.path.dropLast()) : folder.path
  }

  private static func ending(_ name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: 0x2E) else { return "" }
    return name[name.utf8.index(after: dot)...].lowercased()
  }

  /// Hands on the path of every file below `root` until `visit` returns false. Returns whether all
  /// were visited. Names that end like a sound or a text are taken for files.
  private static func walk(
    _ root: String, below: String, _ excluded: String?, _ visit: (String) -> Bool
  ) throws(Problem) -> Bool {
    let folder = below.isEmpty ? root : "\(root)/\(below)"
    for name in try StoredFile.names(in: folder) where name.utf8.first != 0x2E {
      let path = below.isEmpty ? name : "\(below)/\(name)"
      if isSound(name) || ending(name) == "txt" {
        if !visit(path) { return false }
        continue
      }
      let place = "\(root)/\(path)"
      guard place != excluded, try StoredFile.isOwnFolder(place) else { continue }
      if try !walk(root, below: path, excluded, visit) { return false }
    }
    return true
  }
}

/// Sound files that no row of a table names.
struct UnlistedSounds {
  private let names: [String]
  private let table: String

  /// Looks below `folder`. Throws `Problem` where a folder cannot be read.
  init(in folder: URL, beside rows: LabelledClips) throws {
    table = rows.table.lastPathComponent
    let named = Set(
      (rows.clips.compactMap { $0.audio?.path } + rows.skippedPaths).map(ByteText.init))
    let listing = try SoundListing(folder)
    names = try listing.names.filter { name in
      let path = "\(listing.root)/\(name)"
      return try !named.contains(ByteText(text: path)) && StoredFile.kind(path) == .file
    }
  }

  var problems: [String] {
    guard let first = names.first else { return [] }
    return names.count == 1
      ? ["1 sound file that no row of \(table) names: \(first)"]
      : ["\(names.count) sound files that no row of \(table) names, such as \(first)"]
  }
}
