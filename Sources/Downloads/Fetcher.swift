// A whole release: downloads all files, unpacks them beside the folder, moves them into place.
import Formats
import Foundation

/// What will be fetched, and where to.
package struct FetchPlan: Sendable {
  package let release: Release
  package let parts: [ReleasePart]
  /// The folder of the data set or of the weights.
  package let folder: URL
  /// A mirror of the user's own that replaces all others; nil if there is none.
  package let mirror: String?

  /// `names`: the parts; none means the usual ones. Throws `Problem` for a part that the release
  /// does not have, and for a release that cannot be fetched.
  package init(
    _ release: Release, parts names: [String] = [], to folder: URL, from mirror: String? = nil
  ) throws {
    guard !release.parts.isEmpty else {
      throw Problem(release.id, "cannot be fetched: \(release.note) (\(release.page))")
    }
    for name in names where !release.parts.contains(where: { $0.name == name }) {
      let known = release.parts.map(\.name).joined(separator: ", ")
      throw Problem(release.id, "no part '\(name)'; expected one of \(known)")
    }
    parts = release.parts.filter { names.isEmpty ? $0.isUsual : names.contains($0.name) }
    (self.release, self.folder, self.mirror) = (release, folder, mirror)
  }

  package var files: [RemoteFile] { parts.flatMap(\.files) }

  /// The addresses of a file, in the order in which they are tried.
  package func addresses(_ file: RemoteFile) -> [String] {
    guard let mirror else { return file.mirrors }
    if mirror.contains("://") {
      return [mirror.hasSuffix("/") ? mirror + file.name : "\(mirror)/\(file.name)"]
    }
    let path = URL(fileURLWithPath: mirror, isDirectory: true).appendingPathComponent(file.name)
    return [path.absoluteString]
  }

  /// Where downloads and unpacked files are until everything is complete: beside the folder, so
  /// that moving them there never copies; inside it if it is a file system of its own.
  package var workshop: URL {
    let folder = folder.standardizedFileURL.resolvingSymlinksInPath()
    let parent = folder.deletingLastPathComponent()
    return Folders.isMountPoint(folder, in: parent)
      ? folder.appendingPathComponent(".fetch", isDirectory: true)
      : parent.appendingPathComponent(".\(folder.lastPathComponent).fetch", isDirectory: true)
  }
}

extension ReleasePart {
  /// Whether all marks exist below `folder`; a mark may name alternatives between bars. Throws
  /// `Problem` if the system fails.
  package func isPresent(in folder: URL) throws -> Bool {
    try marks.allSatisfy { mark in
      try mark.split(separator: "|").contains {
        try StoredFile.exists(folder.appendingPathComponent(String($0)))
      }
    }
  }
}

/// Carries out a plan.
package struct Fetcher {
  private let plan: FetchPlan
  private let options: DownloadOptions
  private let progress: DownloadProgress

  package init(
    _ plan: FetchPlan, _ options: DownloadOptions = DownloadOptions(),
    progress: @escaping DownloadProgress
  ) {
    (self.plan, self.options, self.progress) = (plan, options, progress)
  }

  private var staging: URL { plan.workshop.appendingPathComponent("unpacked", isDirectory: true) }

  /// Fetches, checks and unpacks all files. The folder does not change before everything is
  /// complete. Downloads stay beside it after an error or an interruption, and the next call goes
  /// on from there. Throws `Problem` and `CancellationError`.
  package func run() throws -> [FetchedFile] {
    try demandSpace()
    let workshop = plan.workshop
    try Folders.make(workshop)
    let lockFile = workshop.appendingPathComponent("lock")
    let lock = try FolderLock(lockFile)
    defer { withExtendedLifetime(lock) {} }
    let outcome = Result { try fetchAll() }
    let isEmpty = try StoredFile.names(in: workshop) == [lockFile.lastPathComponent]
    if case .success = outcome { try Folders.remove(workshop) }
    if isEmpty { try Folders.remove(workshop) }
    return try outcome.get()
  }

  private func fetchAll() throws -> [FetchedFile] {
    var ledger = try DigestLedger(options.ledger)
    let fetched = try plan.files.map { file in
      try Download(
        file: file, key: key(file.name), mirrors: plan.addresses(file), folder: plan.workshop,
        options: options, ledger: ledger, progress: progress
      ).run()
    }
    try unpack()
    for file in fetched where file.check == .first {
      try ledger.record(key(file.name), file.digest, bytes: file.bytes)
    }
    return fetched
  }

  private func key(_ name: String) -> String { "\(plan.release.id)/\(name)" }

  private func unpack() throws {
    try Folders.remove(staging)
    try Folders.make(staging)
    let outcome = Result {
      try Unpacking(
        downloads: plan.workshop, staging: staging, environment: options.environment,
        progress: progress
      ).run(plan.files)
      try Folders.move(staging, into: plan.folder)
    }
    // What is left of a failed attempt must not be mistaken for data.
    try Folders.remove(staging)
    try outcome.get()
  }

  /// Archives take about their own size once more when they are unpacked.
  private func demandSpace() throws {
    var needed = 0
    for file in plan.files {
      guard let bytes = file.bytes else { continue }
      let names = [file.name, "\(file.name).part"]
      let here = try names.reduce(0) {
        max($0, try Folders.size(plan.workshop.appendingPathComponent($1)))
      }
      needed += max(0, bytes - here)
      if case .place = file.use { continue }
      needed += bytes
    }
    guard let free = Folders.free(at: plan.workshop), free < needed else { return }
    throw Problem(
      plan.folder,
      "\(ByteCount(free)) are free; expected at least \(ByteCount(needed)) for the downloads and"
        + " what is in them")
  }
}
