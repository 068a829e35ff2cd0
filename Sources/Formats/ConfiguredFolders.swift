// Folders that the user's configuration names, for whoever looks for data or weights.
import Foundation
import Synchronization

/// Write-once: the program that has read a configuration sets it before anything is looked for, and
/// it does not change afterwards. Empty in every other program. Folders that a flag or the
/// environment names go before them.
package enum ConfiguredFolders {
  private struct Folders: Sendable {
    var data: [String: URL] = [:]
    var weights: [String: URL] = [:]
  }

  private static let folders = Mutex<Folders?>(nil)

  /// Of data sets, by id.
  package static var data: [String: URL] { folders.withLock { $0?.data ?? [:] } }

  /// Of pre-trained networks' weights, by id.
  package static var weights: [String: URL] { folders.withLock { $0?.weights ?? [:] } }

  /// Once a process: a second call is a programmer error and traps.
  package static func use(data: [String: URL], weights: [String: URL]) {
    folders.withLock {
      precondition($0 == nil, "the configured folders are set already")
      $0 = Folders(data: data, weights: weights)
    }
  }
}
