import Foundation

/// Real audio, labels and golden numbers that lie beside the checkout, where they do.
/// Tests that need them are enabled by `SharedData.isPresent` and say so when skipped.
public enum SharedData {
  /// `$SCANT_SHARED`, else `../shared` seen from the package's root.
  public static let root: URL = {
    if let path = ProcessInfo.processInfo.environment["SCANT_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    return packageRoot.deletingLastPathComponent().appendingPathComponent("shared")
  }()

  public static let packageRoot: URL = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  public static let isPresent = FileManager.default.fileExists(
    atPath: root.appendingPathComponent("data/golden").path)

  public static func data(_ path: String) -> URL {
    root.appendingPathComponent("data").appendingPathComponent(path)
  }
}
