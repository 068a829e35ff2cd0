/// Files that the workbench writes on demand: beside the session, or else where it was started.
import Formats
import Foundation

struct Exports {
  /// `exports` in the folder of the session.
  let folder: URL

  init(session: URL) { folder = session.appendingPathComponent("exports") }

  /// Writes under that name, or that name with a number where it is taken; where it lies.
  func write(_ text: String, to name: String) throws -> String {
    let files = FileManager.default
    do {
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      return try write(text, name, in: folder)
    } catch {
      let here = URL(fileURLWithPath: files.currentDirectoryPath, isDirectory: true)
      return try write(text, name, in: here)
    }
  }

  private func write(_ text: String, _ name: String, in folder: URL) throws -> String {
    let url = URL(fileURLWithPath: name, relativeTo: folder)
    let (stem, suffix) = (url.deletingPathExtension().lastPathComponent, url.pathExtension)
    let names = [name] + (2...999).map { "\(stem)-\($0).\(suffix)" }
    let free = try names.map { folder.appendingPathComponent($0) }
      .first { try !StoredFile.exists($0) }
    let target = free ?? folder.appendingPathComponent(name)
    try AtomicFile.write(Data(text.utf8), to: target)
    return target.relativePath
  }
}
