// Whole files as bytes, with one clear error for whatever is no readable file.
import Foundation

enum InputFile {
  /// The bytes of `url`. Pipes and devices, which may never end, are refused.
  static func bytes(_ url: URL) throws -> [UInt8] {
    var status = stat()
    guard stat(url.path, &status) == 0 else {
      throw FormatError(url, "cannot be found; expected a file")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FormatError(url, "not a regular file; expected a file")
    }
    do {
      return [UInt8](try Data(contentsOf: url))
    } catch {
      throw FormatError(url, "cannot be read; expected a readable file")
    }
  }
}
