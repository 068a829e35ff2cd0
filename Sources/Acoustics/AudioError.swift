// Why a sound could not be read, written or analysed, in one line.
import Foundation

/// Prints `FILE: reason; expected …`; `file` is empty where settings, not a file, are wrong.
public struct AudioError: Error, CustomStringConvertible, Equatable {
  /// The path of the file; empty if a setting is wrong.
  public let file: String
  /// What is wrong and what was expected instead, separated by a semicolon.
  public let reason: String
  /// The `errno` of a failed `open`, `stat` or `read` where the operating system, not the file's
  /// content, was the reason: EIO, EMFILE, ENOMEM, EACCES and so on. Nil for everything else.
  public let systemError: Int32?
  /// True where no file of that name is there.
  public let isMissing: Bool

  /// An error about the content of a file, or about a setting if `file` is empty.
  public init(file: String, reason: String) {
    self.init(file: file, reason: reason, systemError: nil, isMissing: false)
  }

  private init(file: String, reason: String, systemError: Int32?, isMissing: Bool) {
    self.file = file
    self.reason = reason
    self.systemError = systemError
    self.isMissing = isMissing
  }

  init(_ url: URL, _ reason: String) {
    self.init(file: url.relativePath, reason: reason)
  }

  /// A system call on `url` failed with `code`. Codes that mean "no such file" say so; every other
  /// one leaves open what the file holds.
  init(_ url: URL, _ code: Int32, while action: String) {
    if AudioError.notThere.contains(code) {
      self.init(
        file: url.relativePath, reason: "cannot be found; expected a sound file",
        systemError: nil, isMissing: true)
    } else {
      let words = String(cString: strerror(code))
      self.init(
        file: url.relativePath,
        reason: "cannot be \(action) (\(words)); expected a readable file",
        systemError: code, isMissing: false)
    }
  }

  /// As `StoredFile` of `Formats` has them, which is not imported here.
  private static let notThere: Set<Int32> = [ENOENT, ENOTDIR, ENAMETOOLONG]

  /// True where the file could not be looked at, so that nothing is known about its sound.
  public var isUnavailable: Bool { systemError != nil }

  public var description: String { file.isEmpty ? reason : "\(file): \(reason)" }
}
