// Why a sound could not be read, written or analysed, in one line.
import Foundation

/// Prints `FILE: reason; expected …`; `file` is empty where settings, not a file, are wrong.
public struct AudioError: Error, CustomStringConvertible, Equatable {
  public let file: String
  /// What is wrong and what was expected instead, separated by a semicolon.
  public let reason: String

  public init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }

  init(_ url: URL, _ reason: String) {
    self.init(file: url.relativePath, reason: reason)
  }

  public var description: String { file.isEmpty ? reason : "\(file): \(reason)" }
}
