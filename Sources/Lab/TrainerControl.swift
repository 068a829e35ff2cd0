// A run that other processes of the same person may command while it is trained.
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
  /// Whether a process trains the run now: the lock of a dead one is free.
  public var isTraining: Bool {
    let descriptor = open(url.appendingPathComponent(".lock").path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}

extension Session {
  /// A run of the session that a process trains now, also one that was added beside its own.
  public var running: RunFolder? {
    let runs = folder.appendingPathComponent("runs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs.path)) ?? []
    return names.sorted().map { RunFolder(runs.appendingPathComponent($0)) }.first(
      where: \.isTraining)
  }
}
