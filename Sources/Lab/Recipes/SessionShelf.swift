// Where sessions are found: folders that hold a `session.yaml`.
import Formats
import Foundation

extension Session {
  /// Session folders in these directories and in folders of sessions there, by name; a name found
  /// twice counts where it came first.
  public static func all(in folders: [URL]) throws -> [URL] {
    var seen: Set<String> = []
    return try folders.flatMap { folder in
      try subfolders(folder).flatMap { place in
        try unlessForbidden {
          try holdsSession(place) ? [place] : subfolders(place).filter(holdsSession)
        }
      }
    }.filter { seen.insert($0.lastPathComponent).inserted }
  }

  /// A folder among sessions that its owner has closed to others (`lost+found`) is none of them.
  private static func unlessForbidden(_ look: () throws -> [URL]) throws -> [URL] {
    do { return try look() } catch let error as Problem where error.systemError == EACCES {
      return []
    }
  }

  private static func subfolders(_ folder: URL) throws -> [URL] {
    try StoredFile.names(in: folder).map { folder.appendingPathComponent($0) }
  }

  /// By path of a `session.yaml` or its folder, else by name in these directories; a session in a
  /// folder of sessions also by both names, `lessons/mean-teacher`.
  public static func find(_ name: String, in folders: [URL]) throws -> Session {
    let path = URL(fileURLWithPath: name)
    let isFile = path.pathExtension == "yaml"
    if try isFile || holdsSession(path) { return try read(path) }
    let nested = folders.map { $0.appendingPathComponent(name) }
    if let folder = try nested.first(where: holdsSession) { return try read(folder) }
    let known = try all(in: folders)
    if let folder = known.first(where: { $0.lastPathComponent == name }) { return try read(folder) }
    let places = folders.map(\.relativePath).joined(separator: ", ")
    let names = known.map(\.lastPathComponent)
    guard !names.isEmpty else {
      throw RecipeError(
        key: name, message: "no such session; expected a folder with session.yaml in \(places)")
    }
    throw RecipeError(key: name, message: RecipeError.unknown("session", name, among: names))
  }

  static func holdsSession(_ folder: URL) throws -> Bool {
    try StoredFile.exists(folder.appendingPathComponent("session.yaml"))
  }
}
