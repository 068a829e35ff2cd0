// What another process may ask of a run: one JSON object a line, and its answer.
import Dispatch
import Foundation
import Synchronization

public enum StepUnit: String, Codable, Sendable { case phase, batch, epoch }
public enum StopMode: String, Codable, Sendable { case afterBatch, afterEpoch, evaluate, now }

package enum RunControl: Sendable, Equatable {
  case pause, resume, checkpoint
  case step(Int, StepUnit)
  case stop(StopMode)
  case predict([String])
  /// What going back takes is in the answer.
  case planStepBack(Int), stepBack(Int)

  func perform(on trainer: Trainer) -> ControlAnswer {
    switch self {
    case .pause: trainer.pause()
    case .resume: trainer.resume()
    case .checkpoint: trainer.checkpointNow()
    case .step(let count, let unit): trainer.step(count, unit)
    case .stop(let mode): trainer.stop(mode)
    case .predict(let clips): trainer.predict(clips: clips)
    case .stepBack(let count): trainer.stepBack(count)
    case .planStepBack(let count): return Self.plan(count, trainer)
    }
    return ControlAnswer()
  }

  /// Seconds that a held run may take to say what going back needs.
  private static let patience = 5.0

  private static func plan(_ count: Int, _ trainer: Trainer) -> ControlAnswer {
    let told = DispatchSemaphore(value: 0)
    let plan = PlanBox()
    trainer.planStepBack(count) { found in
      plan.found.withLock { $0 = found }
      told.signal()
    }
    guard told.wait(timeout: .now() + patience) == .success else {
      return ControlAnswer("the run does not answer; expected it to be held")
    }
    return ControlAnswer(plan: plan.found.withLock(\.self))
  }

  /// Where the answer of another queue is put.
  private final class PlanBox: Sendable {
    let found = Mutex<StepBack?>(nil)
  }
}

// MARK: as JSON

extension RunControl {
  /// Clips asked about at once, and steps taken at once.
  static let mostClips = 4096, mostSteps = 1_000_000

  private struct Line: Codable {
    var command: String
    var count: Int?
    var unit: StepUnit?
    var mode: StopMode?
    var clips: [String]?
  }

  package func line() throws -> Data {
    var line =
      switch self {
      case .pause: Line(command: "pause")
      case .resume: Line(command: "resume")
      case .checkpoint: Line(command: "checkpoint")
      case .step(let count, let unit): Line(command: "step", count: Self.sent(count), unit: unit)
      case .stop(let mode): Line(command: "stop", mode: mode)
      case .predict(let clips): Line(command: "predict", clips: clips)
      case .planStepBack(let count): Line(command: "planStepBack", count: Self.sent(count))
      case .stepBack(let count): Line(command: "stepBack", count: Self.sent(count))
      }
    line.clips = line.clips.map { Array($0.prefix(Self.mostClips)) }
    return try JSONEncoder().encode(line)
  }

  private static func sent(_ count: Int) -> Int { min(mostSteps, max(1, count)) }

  /// Throws one sentence where the line is no command, or asks for more than a run can do.
  package init(line data: Data) throws {
    guard let line = try? JSONDecoder().decode(Line.self, from: data) else {
      throw LabError("no command; expected {\"command\": \"pause\"} or the like")
    }
    let count = line.count ?? 1
    guard (1...Self.mostSteps).contains(count) else {
      throw LabError("count \(count) is out of range; expected 1 to \(Self.mostSteps)")
    }
    switch (line.command, line.unit, line.mode, line.clips) {
    case ("pause", _, _, _): self = .pause
    case ("resume", _, _, _): self = .resume
    case ("checkpoint", _, _, _): self = .checkpoint
    case ("step", let unit?, _, _): self = .step(count, unit)
    case ("planStepBack", _, _, _): self = .planStepBack(count)
    case ("stepBack", _, _, _): self = .stepBack(count)
    case ("stop", _, let mode?, _): self = .stop(mode)
    case ("predict", _, _, let clips?): self = .predict(Array(clips.prefix(Self.mostClips)))
    default:
      throw LabError(
        "no such command; expected pause, resume, checkpoint, step, planStepBack, stepBack, "
          + "stop or predict")
    }
  }
}

/// What comes back for a command: it was taken, or why not.
package struct ControlAnswer: Codable, Sendable, Equatable {
  package var ok: Bool
  package var reason: String?
  /// Of `planStepBack`.
  package var plan: StepBack?

  package init(_ reason: String? = nil, plan: StepBack? = nil) {
    ok = reason == nil
    self.reason = reason
    self.plan = plan
  }
}
