// Where sessions are found: folders that hold a `session.yaml`.
import Foundation

extension Session {
  /// Session folders in these directories, by name; a name found twice counts where it came first.
  public static func all(in folders: [URL]) -> [URL] {
    var seen: Set<String> = []
    return folders.flatMap { folder in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      return names.sorted().map { folder.appendingPathComponent($0) }.filter(holdsSession)
    }.filter { seen.insert($0.lastPathComponent).inserted }
  }

  /// By path of a `session.yaml` or its folder, else by name in these directories.
  public static func find(_ name: String, in folders: [URL]) throws -> Session {
    let path = URL(fileURLWithPath: name)
    if path.pathExtension == "yaml" || holdsSession(path) { return try read(path) }
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

  private static func holdsSession(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("session.yaml").path)
  }
}
