// The folder of one run: which files it holds, how far the run got, and who is writing.
import Formats
import Foundation

public struct RunFolder: Sendable, Equatable {
  public let url: URL
  public init(_ url: URL) { self.url = url }

  public var name: String { url.lastPathComponent }
  public var recipe: URL { url.appendingPathComponent("recipe.yaml") }
  public var events: URL { url.appendingPathComponent("events.jsonl") }
  public var best: URL { url.appendingPathComponent("best.safetensors") }
  public var last: URL { url.appendingPathComponent("last.safetensors") }
  /// Test probabilities of the network that is the method's result, [clips, classes].
  public var predictions: URL { url.appendingPathComponent("predictions.npy") }
  public var clips: URL { url.appendingPathComponent("clips.csv") }
  /// Temperature and decision thresholds, chosen on validation clips.
  public var calibration: URL { url.appendingPathComponent("calibration.json") }
  /// The label patch that the run was trained with, if any.
  public var patch: URL { url.appendingPathComponent(Self.patchName) }
  /// The socket of the process that trains the run, if any.
  var control: URL { url.appendingPathComponent(Self.controlName) }
  fileprivate var lock: URL { url.appendingPathComponent(".lock") }
  /// The folder of the session that the run belongs to.
  var session: URL { url.deletingLastPathComponent().deletingLastPathComponent() }

  static let controlName = ".control", patchName = "patch.csv"

  public enum State: String, Sendable, CaseIterable {
    case absent, interrupted, done, failed
    /// The log exists and cannot be read, or its existence cannot be determined.
    case unreadable
  }

  /// Read from the log: `done` and `failed` by its last event, `interrupted` without an end.
  public var state: State {
    do { return try ending().state } catch { return .unreadable }
  }

  /// The same with how the run ended, if the log ends with that. Throws if the log cannot be read,
  /// so that nobody mistakes a finished run for one that has not begun.
  public func ending() throws -> (state: State, ended: RunEnded?) {
    guard try StoredFile.exists(events) else { return (.absent, nil) }
    guard let ended = try EventLog.last(in: events)?.body as? RunEnded else {
      return (.interrupted, nil)
    }
    switch ended.reason {
    case .done: return (.done, ended)
    case .failed: return (.failed, ended)
    case .stopped, .interrupted: return (.interrupted, ended)
    }
  }

  /// The recipe that the run was made with. Throws if it is missing or cannot be read.
  public func readRecipe() throws -> Recipe {
    guard let recipe = try storedRecipe() else {
      throw LabError("\(recipe.path): no such file; expected the recipe of a run")
    }
    return recipe
  }

  /// The same; nil if the folder holds none. What stands for it in a run of another program is read
  /// from its log.
  public func storedRecipe() throws -> Recipe? {
    guard try StoredFile.exists(recipe) else { return try outsideRecipe() }
    let text = try YAMLDocument.text(of: recipe, expecting: "the recipe of a run")
    return try Recipe(yaml: text, file: recipe.path)
  }

  private func outsideRecipe() throws -> Recipe? {
    guard try StoredFile.exists(events),
      let started = try EventLog.first(in: events)?.body as? RunStarted, started.isOutside
    else { return nil }
    return Recipe(
      outside: OutsideRun(folder: url, settings: started.settings ?? [:]),
      dataset: started.dataset, model: started.model, method: started.method, seed: started.seed)
  }

  /// Whether the folder holds a run: one with a recipe, or the event log of another program.
  public var holdsRun: Bool {
    get throws { try StoredFile.exists(recipe) || StoredFile.exists(events) }
  }

  /// The run's test of each of its networks, from the log; empty without a test.
  public func tests() throws -> [EvalEnd] {
    guard try StoredFile.exists(events) else { return [] }
    let ends = try EventLog.read(events, only: [EvalEnd.self]).events.compactMap {
      $0.body as? EvalEnd
    }
    let tests = ends.filter { $0.split == "test" }
    return tests.indices.filter { i in !tests[(i + 1)...].contains { $0.model == tests[i].model } }
      .map { tests[$0] }
  }

  /// The first event of the run; nil without a log.
  public func started() throws -> RunStarted? {
    guard try StoredFile.exists(events) else { return nil }
    return try EventLog.read(events, only: [RunStarted.self]).events.last?.body as? RunStarted
  }

  // MARK: writing

  /// Makes the folder and those above it.
  func make() throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw LabError(
        "\(url.path): cannot be made (\(SystemWords.of(error))); expected a writable folder")
    }
  }

  /// Removes everything the run has written, and what was half written. The caller holds the
  /// run's lock.
  public func clear() throws {
    for file in [
      recipe, events, best, last, predictions, clips, calibration, patch, control,
    ] {
      guard unlink(file.path) != 0, errno != ENOENT else { continue }
      throw LabError(
        "\(file.path): cannot be removed (\(SystemWords.of(errno))); expected a writable folder")
    }
    try removeLeftovers()
  }

  /// Removes what killed processes left half written. The caller holds the run's lock.
  func removeLeftovers() throws { try AtomicFile.removeLeftovers(in: url) }

  // MARK: the lock

  /// Whether a process trains the run now: the lock of a dead one is free. Throws if that cannot
  /// be determined.
  public func isTraining() throws -> Bool {
    let descriptor = open(lock.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let failure = errno
      if try !StoredFile.exists(lock) { return false }
      throw LabError("\(lock.path): \(SystemWords.of(failure)); expected a lock that can be read")
    }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return false }
    if errno == EWOULDBLOCK { return true }
    throw RunLock.unsupported(lock, errno)
  }

  /// The first run in a folder of runs that a process trains now.
  static func training(in runs: URL) throws -> RunFolder? {
    try StoredFile.names(in: runs).map { RunFolder(runs.appendingPathComponent($0)) }
      .first { try $0.isTraining() }
  }
}

/// Held by the process that trains the run; released when the last reference goes, or when the
/// process dies.
package final class RunLock: Sendable {
  private let descriptor: Int32

  /// Throws `LabError` if another process (or another run of this one) holds the folder.
  package init(_ folder: RunFolder) throws {
    // `self` is whole only on success: `deinit` must not close what was closed here.
    let file = open(folder.lock.path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw LabError("\(folder.lock.path): \(SystemWords.of(errno)); expected a writable folder")
    }
    let failure = Self.take(file)
    guard failure == 0 else {
      close(file)
      guard failure == EWOULDBLOCK else { throw Self.unsupported(folder.lock, failure) }
      throw LabError(
        "\(folder.url.path): another process is training this run; expected it to be free")
    }
    descriptor = file
  }

  fileprivate static func unsupported(_ lock: URL, _ failure: Int32) -> LabError {
    LabError(
      "\(lock.path): cannot be locked (\(SystemWords.of(failure))); expected a file system "
        + "with locks")
  }

  /// 0, or the `errno` that prevents it. Somebody who only looks whether the folder is taken
  /// holds the lock for a moment, so this tries for a tenth of a second.
  private static func take(_ descriptor: Int32) -> Int32 {
    for _ in 0..<10 {
      guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return 0 }
      guard errno == EWOULDBLOCK || errno == EINTR else { return errno }
      usleep(10_000)
    }
    return EWOULDBLOCK
  }

  deinit { close(descriptor) }
}
