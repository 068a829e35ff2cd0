/// What a run's log pane says of events that are no log lines themselves: one line each.
import Foundation

extension Event {
  /// nil: nothing a person would want to read later. `hasTeacher`: of the run.
  func note(hasTeacher: Bool) -> LogLine? {
    switch body {
    case .hello(let hello):
      let observed = Double(hello.observed) / Double(max(hello.entries, 1)) * 100
      return LogLine(
        level: .info, code: "start",
        text: "\(hello.method), seed \(hello.seed), \(hello.threads) threads, "
          + String(format: "%.0f %% observed", observed))
    case .evalEnd(let evaluation): return evaluation.note(epoch: epoch, namesModel: hasTeacher)
    case .checkpoint(let saved):
      return LogLine(level: .info, code: "ckpt", text: "\(saved.file) saved (\(saved.reason))")
    case .state(let change) where change.state == .paused:
      return LogLine(level: .info, code: "hold", text: "held at step \(step)")
    case .bye(let bye):
      return LogLine(
        level: .info, code: "end",
        text: "\(bye.reason.rawValue) after " + String(format: "%.0f s", bye.wall))
    default: return nil
    }
  }
}

extension EvalEnd {
  /// Two scores by name, the usual ones where they are defined. Without those: how many classes
  /// there is anything to find of.
  fileprivate func note(epoch: Int, namesModel: Bool) -> LogLine {
    let usual = ["accuracy", "f1-macro-both", "ap-macro"].filter { metrics[$0] != nil }
    let shown = (usual.isEmpty ? metrics.keys.sorted() : usual).prefix(2).compactMap { id in
      metrics[id].map { "\(id) " + String(format: "%.3f", $0) }
    }
    let scores = shown.isEmpty ? "no score is defined" : shown.joined(separator: ", ")
    let found = perClass.count { $0.positives > 0 }
    let why =
      usual.isEmpty && !perClass.isEmpty
      ? "; \(found) of \(perClass.count) classes have a positive" : ""
    let what = namesModel ? "\(split) \(model)" : split
    return LogLine(level: .info, code: "eval", text: "\(what) epoch \(epoch): \(scores)\(why)")
  }
}
