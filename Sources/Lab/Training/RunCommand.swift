// Commands to a run that is trained. A screen, the control socket and the trainer use the same
// value; on the socket it is one JSON object a line.
import Foundation

public enum StepUnit: String, Codable, Sendable { case phase, batch, epoch }
public enum StopMode: String, Codable, Sendable { case afterBatch, afterEpoch, evaluate, now }

public enum RunCommand: Sendable, Equatable {
  case pause, resume
  /// Write the last checkpoint now.
  case checkpoint
  /// Train this many phases, batches or epochs, then pause.
  case step(Int, StepUnit)
  case stop(StopMode)
  /// Probabilities of the current model for these clips; answered by `clipPred` events.
  case predict(clips: [String])
  /// Report what stepping back this many steps takes; answered by a `StepBack`.
  case planStepBack(Int)
  /// Step back exactly this many steps, and pause there.
  case stepBack(Int)
}

extension RunCommand: Codable {
  /// Maximum clips and steps of a command.
  static let mostClips = 4096, mostSteps = 1_000_000

  /// The value of `command`.
  enum Name: String, Codable, CaseIterable {
    case pause, resume, checkpoint, step, planStepBack, stepBack, stop, predict
  }

  private enum Key: String, CodingKey { case command, count, unit, mode, clips }

  var name: Name {
    switch self {
    case .pause: .pause
    case .resume: .resume
    case .checkpoint: .checkpoint
    case .step: .step
    case .stop: .stop
    case .predict: .predict
    case .planStepBack: .planStepBack
    case .stepBack: .stepBack
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var line = encoder.container(keyedBy: Key.self)
    try line.encode(name, forKey: .command)
    switch self {
    case .pause, .resume, .checkpoint: break
    case .step(let count, let unit):
      try line.encode(Self.sent(count), forKey: .count)
      try line.encode(unit, forKey: .unit)
    case .planStepBack(let count), .stepBack(let count):
      try line.encode(Self.sent(count), forKey: .count)
    case .stop(let mode): try line.encode(mode, forKey: .mode)
    case .predict(let clips): try line.encode(Array(clips.prefix(Self.mostClips)), forKey: .clips)
    }
  }

  private static func sent(_ count: Int) -> Int { min(mostSteps, max(1, count)) }

  /// Throws one sentence if a number is out of range.
  public init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: Key.self)
    let count = try line.decodeIfPresent(Int.self, forKey: .count) ?? 1
    guard (1...Self.mostSteps).contains(count) else {
      throw LabError("count \(count) is out of range; expected 1 to \(Self.mostSteps)")
    }
    let name = try line.decode(String.self, forKey: .command)
    switch Name(rawValue: name) {
    case .pause: self = .pause
    case .resume: self = .resume
    case .checkpoint: self = .checkpoint
    case .step: self = .step(count, try line.decode(StepUnit.self, forKey: .unit))
    case .planStepBack: self = .planStepBack(count)
    case .stepBack: self = .stepBack(count)
    case .stop: self = .stop(try line.decode(StopMode.self, forKey: .mode))
    case .predict:
      let clips = try line.decode([String].self, forKey: .clips)
      self = .predict(clips: Array(clips.prefix(Self.mostClips)))
    case nil:
      let names = Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw LabError("no such command; expected one of \(names)")
    }
  }

  package func line() throws -> Data { try JSONEncoder().encode(self) }

  /// Throws one sentence if the line is not a command, or a number is out of range.
  package init(line: Data) throws {
    do { self = try JSONDecoder().decode(RunCommand.self, from: line) } catch let error as LabError
    {
      throw error
    } catch {
      throw LabError("not a command; expected {\"command\": \"pause\"} or the like")
    }
  }
}

/// The answer to a command: it was accepted, or why not.
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
