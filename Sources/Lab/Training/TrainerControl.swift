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
