// A run that other processes of the same person may command while it is trained.
import Formats
import Foundation

extension Trainer {
  /// Takes commands at the socket in the run's folder from now on; without one, where the file
  /// system has no sockets, the run goes on all the same.
  func listen() {
    do {
      control = try ControlServer(plan.folder) { [weak self] control in
        guard let self, !isOver else { return ControlAnswer("the run is not going on") }
        return control.perform(on: self)
      }
    } catch { controlProblem = "no other process can attach (\(error))" }
  }

  func stopListening() {
    control?.close()
    control = nil
  }
}

extension RunFolder {
  /// Whether a process trains the run now: the lock of a dead one is free. Throws where that
  /// cannot be told.
  public func isTraining() throws -> Bool {
    let path = url.appendingPathComponent(".lock").path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let failure = errno
      if try !StoredFile.exists(url.appendingPathComponent(".lock")) { return false }
      throw LabError("\(path): \(SystemWords.of(failure)); expected a lock that can be read")
    }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return false }
    if errno == EWOULDBLOCK { return true }
    throw LabError(
      "\(path): cannot be locked (\(SystemWords.of(errno))); expected a file system with locks")
  }
}

extension Session {
  /// A run of the session that a process trains now, also one that was added beside its own.
  public func running() throws -> RunFolder? {
    try RunFolder.training(in: folder.appendingPathComponent("runs"))
  }
}

extension RunFolder {
  /// The first run in a folder of runs that a process trains now.
  static func training(in runs: URL) throws -> RunFolder? {
    try StoredFile.names(in: runs).map { RunFolder(runs.appendingPathComponent($0)) }
      .first { try $0.isTraining() }
  }
}
