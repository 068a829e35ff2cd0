// Whole files as bytes, with one clear error for whatever is no readable file.
import Foundation

enum InputFile {
  /// The bytes of `url`. Pipes and devices, which may never end, are refused.
  static func bytes(_ url: URL) throws -> [UInt8] {
    let file = try OpenFile(url)
    return try file.fetch(0..<file.count)
  }
}
