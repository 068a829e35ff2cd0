// What the file system says of a file without opening it: enough to tell that it was touched.
import Formats
import Foundation

/// Size, times and identity of a regular file. A change of content always changes `changed`
/// (the inode's time), which programs cannot set back.
struct FileStamp: Sendable, Equatable {
  let size: Int
  /// Nanoseconds since 1970.
  let modified, changed: Int
  let inode: UInt64

  /// Nil for what is no regular file. Throws `Problem` where the system did not say.
  init?(_ path: String) throws(Problem) {
    guard let info = try StoredFile.status(path), info.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    self.init(info)
  }

  init(_ info: stat) {
    size = Int(info.st_size)
    modified = info.st_mtim.tv_sec * 1_000_000_000 + info.st_mtim.tv_nsec
    changed = info.st_ctim.tv_sec * 1_000_000_000 + info.st_ctim.tv_nsec
    inode = UInt64(info.st_ino)
  }

  init(size: Int, modified: Int, changed: Int, inode: UInt64) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.inode = inode
  }
}
