// Where sessions are found: folders that hold a `session.yaml`.
import Foundation

extension Session {
  /// Session folders in these directories and in folders of sessions there, by name; a name found
  /// twice counts where it came first.
  public static func all(in folders: [URL]) -> [URL] {
    var seen: Set<String> = []
    return folders.flatMap { folder in
      subfolders(folder).flatMap { holdsSession($0) ? [$0] : subfolders($0).filter(holdsSession) }
    }.filter { seen.insert($0.lastPathComponent).inserted }
  }

  private static func subfolders(_ folder: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().map { folder.appendingPathComponent($0) }
  }

  /// By path of a `session.yaml` or its folder, else by name in these directories; a session in a
  /// folder of sessions also by both names, `lessons/mean-teacher`.
  public static func find(_ name: String, in folders: [URL]) throws -> Session {
    let path = URL(fileURLWithPath: name)
    if path.pathExtension == "yaml" || holdsSession(path) { return try read(path) }
    if let nested = folders.map({ $0.appendingPathComponent(name) }).first(where: holdsSession) {
      return try read(nested)
    }
    let known = all(in: folders)
    if let folder = known.first(where: { $0.lastPathComponent == name }) { return try read(folder) }
    let places = folders.map(\.relativePath).joined(separator: ", ")
    let names = known.map(\.lastPathComponent)
    guard !names.isEmpty else {
      throw RecipeError(
        key: name, message: "no such session; expected a folder with session.yaml in \(places)")
    }
    throw RecipeError(key: name, message: RecipeError.unknown("session", name, among: names))
  }

  static func holdsSession(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("session.yaml").path)
  }
}
