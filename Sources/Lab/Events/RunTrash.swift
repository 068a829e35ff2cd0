// Deleted runs stay in a folder of their session for a week, so that they can be restored.
import Formats
import Foundation

/// `SESSION/.trash`: the folders of deleted runs, by name. A run that is deleted again replaces its
/// predecessor there.
struct RunTrash: Sendable {
  let folder: URL

  /// Seconds that a run stays.
  static let patience = 7.0 * 24 * 3600

  /// That of the session that the run belongs to.
  init(of run: RunFolder) { folder = run.session.appendingPathComponent(".trash") }

  private func place(_ run: RunFolder) -> RunFolder {
    RunFolder(folder.appendingPathComponent(run.name))
  }

  /// Moves a run's folder here; the caller holds the run's lock. Throws `Problem` or `LabError`.
  func put(_ run: RunFolder) throws {
    try empty(olderThan: Self.patience)
    let place = place(run)
    if try StoredFile.exists(place.url) { try Self.remove(place) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.move(run.url, to: place.url)
    try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: place.url.path)
  }

  /// Moves a run's folder back. Throws if it is not here, or if a run of that name exists again.
  func restore(_ run: RunFolder) throws {
    let place = place(run)
    guard try StoredFile.exists(place.url) else {
      throw LabError("\(run.name): not in \(folder.path); expected a run deleted in the last week")
    }
    guard try !StoredFile.exists(run.recipe) else {
      throw LabError("\(run.url.path): a new run has this name; expected it to be deleted first")
    }
    try run.clear()
    try run.removeIfEmpty()
    try Self.move(place.url, to: run.url)
  }

  /// Removes runs that have been here longer than `seconds`.
  private func empty(olderThan seconds: Double) throws {
    guard try StoredFile.exists(folder) else { return }
    for name in try StoredFile.names(in: folder) {
      let run = RunFolder(folder.appendingPathComponent(name))
      guard let stamp = try StoredFile.stamp(run.url),
        -stamp.changed.timeIntervalSinceNow > seconds
      else { continue }
      try Self.remove(run)
    }
  }

  /// The run's own files; a folder with other files stays.
  private static func remove(_ run: RunFolder) throws {
    try run.clear()
    try run.removeNote()
    try run.removeIfEmpty()
  }

  private static func move(_ from: URL, to place: URL) throws {
    guard rename(from.path, place.path) == 0 else {
      throw LabError(
        "\(from.path): cannot be moved to \(place.path) (\(SystemWords.of(errno))); expected a "
          + "writable folder")
    }
  }
}

extension RunFolder {
  /// Removes the folder if nothing but the lock and the socket is left in it.
  func removeIfEmpty() throws {
    guard try StoredFile.exists(url) else { return }
    let left = try StoredFile.names(in: url)
    guard left.allSatisfy({ [".lock", Self.controlName].contains($0) }) else { return }
    try FileManager.default.removeItem(at: url)
  }
}
