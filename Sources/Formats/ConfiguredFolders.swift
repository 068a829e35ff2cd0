// Folders that the user's configuration names, for whoever looks for data or weights.
import Foundation
import Synchronization

/// Set once, by the program that has read a configuration, before anything is looked for; empty in
/// every other program. Folders that a flag or the environment names go before them.
package enum ConfiguredFolders {
  private struct Folders: Sendable {
    var data: [String: URL] = [:]
    var weights: [String: URL] = [:]
  }

  private static let folders = Mutex(Folders())

  /// Of data sets, by id.
  package static var data: [String: URL] { folders.withLock { $0.data } }

  /// Of pre-trained networks' weights, by id.
  package static var weights: [String: URL] { folders.withLock { $0.weights } }

  package static func use(data: [String: URL], weights: [String: URL]) {
    folders.withLock { $0 = Folders(data: data, weights: weights) }
  }
}
