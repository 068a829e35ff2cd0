// Paths as somebody types them where he stands.
import Foundation

extension URL {
  /// The path below the working folder where the file lies there, else the whole path.
  package var fromHere: String {
    let here = FileManager.default.currentDirectoryPath
    let path = standardizedFileURL.path
    let folder = here.hasSuffix("/") ? here : here + "/"
    if path == here { return "." }
    guard folder != "/", path.hasPrefix(folder) else { return path }
    let below = String(path.dropFirst(folder.count))
    return below.hasPrefix("-") ? "./\(below)" : below
  }
}
