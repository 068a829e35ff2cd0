// The sound files below a folder.
import Formats
import Foundation

/// Sound files below a folder, found by the ending of their names.
package struct SoundFiles: Sendable, Equatable {
  /// By path, byte by byte.
  package private(set) var sounds: [URL] = []
  /// Files with other endings, in the same order.
  package private(set) var others: [URL] = []

  /// Looks in `folder` and in all folders below it. Hidden files and folders behind links are left
  /// out. Throws `Problem` where a folder cannot be read.
  package init(below folder: URL) throws(Problem) { try look(in: folder) }

  private mutating func look(in folder: URL) throws(Problem) {
    for name in try StoredFile.names(in: folder).sorted() where name.utf8.first != 0x2E {
      let place = folder.appendingPathComponent(name)
      if try StoredFile.isOwnFolder(place.path) {
        try look(in: place)
      } else if try StoredFile.isFile(place) {
        if SoundListing.isSound(name) { sounds.append(place) } else { others.append(place) }
      }
    }
  }
}
