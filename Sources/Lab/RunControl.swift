// What another process may ask of a run: one JSON object a line, and its answer.
import Foundation

extension StepUnit: Codable {}
extension StopMode: Codable {}

package enum RunControl: Sendable, Equatable {
  case pause, resume, checkpoint
  case step(Int, StepUnit)
  case stop(StopMode)
  case predict([String])

  /// What a front end asks for, where a run can do it.
  package init?(_ request: Request) {
    switch request {
    case .pause: self = .pause
    case .resume: self = .resume
    case .checkpoint: self = .checkpoint
    case .step(let count, let unit): self = .step(count, unit)
    case .stop(let mode): self = .stop(mode)
    case .predict(let clips): self = .predict(clips)
    default: return nil
    }
  }

  func perform(on trainer: Trainer) {
    switch self {
    case .pause: trainer.pause()
    case .resume: trainer.resume()
    case .checkpoint: trainer.checkpointNow()
    case .step(let count, let unit): trainer.step(count, unit)
    case .stop(let mode): trainer.stop(mode)
    case .predict(let clips): trainer.predict(clips: clips)
    }
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
      case .step(let count, let unit): Line(command: "step", count: count, unit: unit)
      case .stop(let mode): Line(command: "stop", mode: mode)
      case .predict(let clips): Line(command: "predict", clips: clips)
      }
    line.clips = line.clips.map { Array($0.prefix(Self.mostClips)) }
    return try JSONEncoder().encode(line)
  }

  /// Throws one sentence where the line is no command.
  package init(line data: Data) throws {
    guard let line = try? JSONDecoder().decode(Line.self, from: data) else {
      throw LabError("no command; expected {\"command\": \"pause\"} or the like")
    }
    switch (line.command, line.unit, line.mode, line.clips) {
    case ("pause", _, _, _): self = .pause
    case ("resume", _, _, _): self = .resume
    case ("checkpoint", _, _, _): self = .checkpoint
    case ("step", let unit?, _, _):
      self = .step(min(Self.mostSteps, max(1, line.count ?? 1)), unit)
    case ("stop", _, let mode?, _): self = .stop(mode)
    case ("predict", _, _, let clips?): self = .predict(Array(clips.prefix(Self.mostClips)))
    default:
      throw LabError("no such command; expected pause, resume, checkpoint, step, stop or predict")
    }
  }
}

/// What comes back for a command: it was taken, or why not.
package struct ControlAnswer: Codable, Sendable, Equatable {
  package var ok: Bool
  package var reason: String?

  package init(_ reason: String? = nil) {
    ok = reason == nil
    self.reason = reason
  }
}
