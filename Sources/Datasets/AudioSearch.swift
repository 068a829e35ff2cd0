// Finds the sounds that annotation tables name, in the folders where releases unpack to.
import Foundation

struct AudioSearch {
  private let folders: [String]

  /// Those of `folders` under `root` that are there.
  init(_ root: URL, _ folders: [String]) {
    self.folders = folders.map { $0.isEmpty ? root.path : "\(root.path)/\($0)" }.filter { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && isFolder.boolValue
    }
  }

  /// The first of `names` that is a file in one of the folders.
  func find(_ names: [String]) -> URL? {
    for folder in folders {
      for name in names {
        let path = "\(folder)/\(name)"
        if AudioSearch.isFile(path) { return URL(fileURLWithPath: path) }
      }
    }
    return nil
  }

  private static func isFile(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
  }
}
