// One event of a run: a common header and a body.
import Foundation

/// One thing that happened in a run. The same value goes to the log file, the screen, the
/// command line and the tests; a run replayed from its log is a run seen live.
public struct Event: Sendable {
  /// Version of the schema; written as `v`.
  public static let version = 1

  public var run: String
  /// Gap-free per run, one per line of the log.
  public var seq: UInt64
  /// Nanoseconds since the run started, monotonic.
  public var t: UInt64
  public var step: Int
  public var epoch: Int
  public var body: any EventBody

  package init(
    run: String, seq: UInt64, t: UInt64, step: Int, epoch: Int, body: any EventBody
  ) {
    self.run = run
    self.seq = seq
    self.t = t
    self.step = step
    self.epoch = epoch
    self.body = body
  }
}

/// What an event carries beside the common header; its properties are the JSON keys. A new kind of
/// event is a type that conforms and its line in `EventRegistry`.
public protocol EventBody: Codable, Equatable, Sendable {
  /// The value of the `event` key.
  static var kind: String { get }
  /// Whether only the latest counts: a reader may miss one; the log takes four a second at most.
  static var isCoalescable: Bool { get }
  /// Its fields: the page, the JSON Schema and the check of a log are made from them.
  static var form: EventForm { get }
  /// Folds the event into the state of its run, whose position is already that of the event.
  func update(_ state: inout RunState)
  /// A line for the screen's log of the run; nil for events that need none. `run`: its first event.
  func note(of event: Event, in run: RunStarted?) -> LogLine?
}

extension EventBody {
  public static var isCoalescable: Bool { false }
  public func update(_ state: inout RunState) {}
  public func note(of event: Event, in run: RunStarted?) -> LogLine? { nil }

  public var kind: String { Self.kind }
  public var isCoalescable: Bool { Self.isCoalescable }

  fileprivate func equals(_ other: any EventBody) -> Bool { self == other as? Self }
}

/// Every kind of event.
package enum EventRegistry {
  package static let bodies: [any EventBody.Type] = [
    RunStarted.self,
    LoggedClips.self,
    StateChange.self,
    PhaseChange.self,
    Progress.self,
    Scalars.self,
    Terms.self,
    EvalStart.self,
    EvalEnd.self,
    MaskDelta.self,
    Distances.self,
    ClipPrediction.self,
    StepSnapshot.self,
    CheckpointSaved.self,
    LogLine.self,
    Fault.self,
    Resources.self,
    Reply.self,
    RunEnded.self,
  ]

  private static let byKind = Dictionary(uniqueKeysWithValues: bodies.map { ($0.kind, $0) })

  fileprivate static func body(_ kind: String, from decoder: any Decoder) throws -> any EventBody {
    guard let type = byKind[kind] else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: [], debugDescription: "unknown event '\(kind)'"))
    }
    return try type.init(from: decoder)
  }
}

extension Event: Equatable {
  public static func == (a: Event, b: Event) -> Bool {
    a.run == b.run && a.seq == b.seq && a.t == b.t && a.step == b.step && a.epoch == b.epoch
      && a.body.equals(b.body)
  }
}

/// One flat JSON object: the common header and the body's fields side by side. Non-finite numbers
/// are the strings "nan", "inf" and "-inf"; unknown keys are ignored.
extension Event: Codable {
  private enum HeaderKey: String, CodingKey { case event, v, run, seq, t, step, epoch }

  public func encode(to encoder: any Encoder) throws {
    var header = encoder.container(keyedBy: HeaderKey.self)
    try header.encode(body.kind, forKey: .event)
    try header.encode(Self.version, forKey: .v)
    try header.encode(run, forKey: .run)
    try header.encode(seq, forKey: .seq)
    try header.encode(t, forKey: .t)
    try header.encode(step, forKey: .step)
    try header.encode(epoch, forKey: .epoch)
    try body.encode(to: encoder)
  }

  public init(from decoder: any Decoder) throws {
    let header = try decoder.container(keyedBy: HeaderKey.self)
    run = try header.decode(String.self, forKey: .run)
    seq = try header.decode(UInt64.self, forKey: .seq)
    t = try header.decode(UInt64.self, forKey: .t)
    step = try header.decode(Int.self, forKey: .step)
    epoch = try header.decode(Int.self, forKey: .epoch)
    body = try EventRegistry.body(try header.decode(String.self, forKey: .event), from: decoder)
  }

  /// The event as one line of JSON without its newline.
  public func line() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(self)
  }

  /// Reads one line; throws where it is not an event this version knows.
  public init(line: Data) throws {
    self = try Self.decoder().decode(Event.self, from: line)
  }

  /// For lines of a log.
  static func decoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
