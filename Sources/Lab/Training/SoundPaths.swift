// The sound files that paths stand for.
import Datasets
import Formats
import Foundation

/// A folder stands for all sound files below it.
public struct SoundPaths: Sendable {
  public private(set) var sounds: [URL] = []
  /// One line for each path that cannot be looked at.
  public private(set) var problems: [String] = []
  /// One line for each folder with other files.
  public private(set) var notices: [String] = []

  /// - Parameter paths: Absolute, or from the working folder on.
  public init(_ paths: [String]) {
    for path in paths {
      do { try add(path) } catch { problems.append(reason(of: error)) }
    }
  }

  private mutating func add(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    guard try StoredFile.isFolder(url) else { return sounds.append(url) }
    let found = try SoundFiles(below: URL(fileURLWithPath: path, isDirectory: true))
    guard !found.sounds.isEmpty else {
      throw Problem(path, "no sound file in this folder; expected some")
    }
    sounds += found.sounds
    if let first = found.others.first {
      notices.append(
        "\(path): other files are not scored (\(found.others.count)), such as "
          + first.lastPathComponent)
    }
  }
}
