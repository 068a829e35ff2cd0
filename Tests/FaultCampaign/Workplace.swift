// The folder a campaign works in: a small data set, the program, and what its processes inherit.
import Foundation

struct Workplace: Sendable {
  /// Without symbolic links, so that paths compare.
  let folder: URL
  /// The program under test, and its checkout.
  let scant, root: URL
  let seed: UInt64

  /// Makes the folder with its data set and a cache for those who do not fill their own.
  init(scant: URL, root: URL, seed: UInt64) throws {
    let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    folder = parent.appendingPathComponent("scant-faults-\(UUID().uuidString.prefix(8))")
    self.scant = scant
    self.root = root
    self.seed = seed
    for name in ["home", "tones"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    try Tones.write(to: tones)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  var tones: URL { folder.appendingPathComponent("tones") }
  var cache: URL { folder.appendingPathComponent("cache") }

  /// Nothing of the caller's own settings reaches the program.
  func environment(
    cache: URL? = nil, adding more: [String: String] = [:]
  ) -> [String: String] {
    let home = folder.appendingPathComponent("home").path
    let own = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": home,
      "XDG_CACHE_HOME": (cache ?? self.cache).path, "LANG": "C.UTF-8", "SCANT_HOME": root.path,
      "TERM": "xterm-256color", "OPENBLAS_NUM_THREADS": "1",
    ]
    return own.merging(more) { $1 }
  }

  /// Starts the program with its output in `folder`.
  func start(
    _ arguments: [String], in folder: URL, cache: URL? = nil, adding more: [String: String] = [:]
  ) throws -> Child {
    try Child(
      [scant.path] + arguments, environment: environment(cache: cache, adding: more),
      folder: folder)
  }

  func run(
    _ arguments: [String], in folder: URL, cache: URL? = nil, adding more: [String: String] = [:]
  ) throws -> Ending {
    try start(arguments, in: folder, cache: cache, adding: more).wait()
  }
}

extension URL {
  static func / (folder: URL, name: String) -> URL { folder.appendingPathComponent(name) }
}
