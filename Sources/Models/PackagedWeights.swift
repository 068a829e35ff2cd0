// Weights of our own that come with the program, and where they lie.
import Formats
import Foundation

/// Files in the resource bundle beside the executable.
package enum PackagedWeights {
  private static let bundle = "scant_Models.resources"
  private static let folder = "Weights"

  /// The file `name`, wherever the program is started from. Throws `Problem` where the bundle
  /// was not copied along.
  package static func file(_ name: String) throws -> URL {
    let places = [Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()]
    let files = places.compactMap {
      $0?.appendingPathComponent(bundle).appendingPathComponent(folder).appendingPathComponent(name)
    }
    guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      throw Problem(
        files.first?.path ?? name,
        "no such file; expected \(bundle) beside the program, as it was built")
    }
    return file
  }
}
