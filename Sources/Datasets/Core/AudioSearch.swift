// Finds the sounds that annotation tables name, in the folders where releases unpack to.
import Formats
import Foundation

struct AudioSearch {
  private let folders: [String]

  /// Those of `folders` under `root` that are there. Throws `Problem` where the system did
  /// not say, as `find` does.
  init(_ root: URL, _ folders: [String]) throws {
    self.folders = try folders.map { $0.isEmpty ? root.path : "\(root.path)/\($0)" }.filter {
      try StoredFile.kind($0) == .folder
    }
  }

  /// The first of `names` that is a file in one of the folders.
  func find(_ names: [String]) throws -> URL? {
    for folder in folders {
      for name in names {
        let path = "\(folder)/\(name)"
        if try StoredFile.kind(path) == .file {
          return URL(fileURLWithPath: path, isDirectory: false)
        }
      }
    }
    return nil
  }
}
