// Whole files as bytes, with one clear error for whatever is no readable file.
import Foundation

enum InputFile {
  /// The bytes of `url`. Pipes and devices, which may never end, are refused.
  static func bytes(_ url: URL) throws -> [UInt8] {
    let target = url.resolvingSymlinksInPath()
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: target.path) else {
      throw FormatError(url, "cannot be found; expected a file")
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw FormatError(url, "not a regular file; expected a file")
    }
    do {
      return [UInt8](try Data(contentsOf: target))
    } catch {
      throw FormatError(url, "cannot be read; expected a readable file")
    }
  }
}
