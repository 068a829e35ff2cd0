// One event of a run: a common header and a body.
import Foundation

/// One thing that happened in a run. The same value goes to the log file, the screen, the
/// command line and the tests; a run replayed from its log is a run seen live.
public struct Event: Sendable, Equatable {
  /// Version of the schema; written as `v`.
  public static let version = 1

  public var run: String
  /// Gap-free per run, one per line of the log.
  public var seq: UInt64
  /// Nanoseconds since the run started, monotonic.
  public var t: UInt64
  public var step: Int
  public var epoch: Int
  public var body: Body

  public init(run: String, seq: UInt64, t: UInt64, step: Int, epoch: Int, body: Body) {
    self.run = run
    self.seq = seq
    self.t = t
    self.step = step
    self.epoch = epoch
    self.body = body
  }

  /// Boxed, so that many events take no more room than what they say.
  public indirect enum Body: Sendable, Equatable {
    case started(RunStarted)
    case state(StateChange)
    case phase(PhaseChange)
    case progress(Progress)
    case scalars(Scalars)
    case terms(Terms)
    case evalStart(EvalStart)
    case evalEnd(EvalEnd)
    case maskDelta(MaskDelta)
    case distances(Distances)
    case clipPred(ClipPrediction)
    case stepSnapshot(StepSnapshot)
    case checkpoint(CheckpointSaved)
    case log(LogLine)
    case fault(Fault)
    case resources(Resources)
    case reply(Reply)
    case ended(RunEnded)
  }
}
