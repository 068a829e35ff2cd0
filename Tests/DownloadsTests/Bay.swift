// A place where tests fetch: a folder, a server with files, and options without pauses.
import Downloads
import Foundation
import Synchronization
import TestSupport

/// A temporary folder with everything that a fetch touches; removed at the end.
final class Bay {
  let root: URL
  var options = DownloadOptions()
  var target: URL { root.appendingPathComponent("data/set") }
  var workshop: URL { root.appendingPathComponent("data/.set.fetch") }

  init() throws {
    root = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-downloads-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    options.pause = 0
    options.ledger = root.appendingPathComponent("state/fetched.tsv")
    options.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// Fetches files into `target`.
  @discardableResult
  func fetch(
    _ files: [RemoteFile], from mirror: String? = nil,
    progress: @escaping DownloadProgress = { _, _, _ in true }
  ) throws -> [FetchedFile] {
    let release = Release(
      .data, "set", title: "A set", citation: "nobody", licence: "none", page: "none",
      parts: [ReleasePart("all", marks: [], files: files)])
    let plan = try FetchPlan(release, to: target, from: mirror)
    return try Fetcher(plan, options, progress: progress).run()
  }

  /// Paths of all files below a folder, sorted.
  func files(_ folder: URL? = nil) -> [String] {
    let folder = folder ?? target
    let all = FileManager.default.enumerator(atPath: folder.path)
    return (all?.compactMap { $0 as? String } ?? []).filter {
      var isFolder: ObjCBool = false
      let path = folder.appendingPathComponent($0).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: target.appendingPathComponent(path)))
  }

  /// A gzipped tar file of files, written by `tar`.
  func tar(_ files: [(String, String)], _ arguments: [String] = []) throws -> [UInt8] {
    let folder = root.appendingPathComponent("tar-\(UUID().uuidString)")
    for (name, text) in files {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let archive = root.appendingPathComponent("\(UUID().uuidString).tgz")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tar", "czf", archive.path, "-C", folder.path] + arguments + ["."]
    try process.run()
    process.waitUntilExit()
    return Array(try Data(contentsOf: archive))
  }
}

/// Bytes that look random, the same for the same seed.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var draw = Draw(seed: seed)
  return (0..<count).map { _ in UInt8(truncatingIfNeeded: draw.next() >> 32) }
}

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Draw: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// The published SHA-256 of `noise(200_000)`, computed with `sha256sum`.
let noiseDigest = FileDigest.sha256(
  "da65acb22adbb8a68b4d7f1f092e1573dec0a4791e6c7b9e829a555d4a277eb3")
