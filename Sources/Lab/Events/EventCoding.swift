// One event as one flat JSON object: the common header and the body's fields side by side.
// Non-finite numbers are the strings "nan", "inf" and "-inf"; unknown keys are ignored.
import Foundation

extension Event.Body {
  /// The value of the `event` key.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case hello, state, phase, progress, scalars, terms, evalStart, evalEnd, maskDelta, clipPred
    case distances, stepSnapshot, checkpoint, log, fault, resources, reply, bye

    /// Keep-latest events: a reader may miss one, and the log takes at most four a second.
    public var isKeepLatest: Bool {
      switch self {
      case .progress, .phase, .terms, .resources: true
      default: false
      }
    }
  }

  public var kind: Kind {
    switch self {
    case .hello: .hello
    case .state: .state
    case .phase: .phase
    case .progress: .progress
    case .scalars: .scalars
    case .terms: .terms
    case .evalStart: .evalStart
    case .evalEnd: .evalEnd
    case .maskDelta: .maskDelta
    case .distances: .distances
    case .clipPred: .clipPred
    case .stepSnapshot: .stepSnapshot
    case .checkpoint: .checkpoint
    case .log: .log
    case .fault: .fault
    case .resources: .resources
    case .reply: .reply
    case .bye: .bye
    }
  }

  private var fields: any Encodable {
    switch self {
    case .hello(let body): body
    case .state(let body): body
    case .phase(let body): body
    case .progress(let body): body
    case .scalars(let body): body
    case .terms(let body): body
    case .evalStart(let body): body
    case .evalEnd(let body): body
    case .maskDelta(let body): body
    case .distances(let body): body
    case .clipPred(let body): body
    case .stepSnapshot(let body): body
    case .checkpoint(let body): body
    case .log(let body): body
    case .fault(let body): body
    case .resources(let body): body
    case .reply(let body): body
    case .bye(let body): body
    }
  }

  fileprivate func encodeFields(to encoder: any Encoder) throws { try fields.encode(to: encoder) }

  fileprivate init(_ kind: Kind, from decoder: any Decoder) throws {
    switch kind {
    case .hello: self = .hello(try Hello(from: decoder))
    case .state: self = .state(try StateChange(from: decoder))
    case .phase: self = .phase(try PhaseChange(from: decoder))
    case .progress: self = .progress(try Progress(from: decoder))
    case .scalars: self = .scalars(try Scalars(from: decoder))
    case .terms: self = .terms(try Terms(from: decoder))
    case .evalStart: self = .evalStart(try EvalStart(from: decoder))
    case .evalEnd: self = .evalEnd(try EvalEnd(from: decoder))
    case .maskDelta: self = .maskDelta(try MaskDelta(from: decoder))
    case .distances: self = .distances(try Distances(from: decoder))
    case .clipPred: self = .clipPred(try ClipPrediction(from: decoder))
    case .stepSnapshot: self = .stepSnapshot(try StepSnapshot(from: decoder))
    case .checkpoint: self = .checkpoint(try CheckpointSaved(from: decoder))
    case .log: self = .log(try LogLine(from: decoder))
    case .fault: self = .fault(try Fault(from: decoder))
    case .resources: self = .resources(try Resources(from: decoder))
    case .reply: self = .reply(try Reply(from: decoder))
    case .bye: self = .bye(try Bye(from: decoder))
    }
  }
}

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
    try body.encodeFields(to: encoder)
  }

  public init(from decoder: any Decoder) throws {
    let header = try decoder.container(keyedBy: HeaderKey.self)
    self.init(
      run: try header.decode(String.self, forKey: .run),
      seq: try header.decode(UInt64.self, forKey: .seq),
      t: try header.decode(UInt64.self, forKey: .t),
      step: try header.decode(Int.self, forKey: .step),
      epoch: try header.decode(Int.self, forKey: .epoch),
      body: try Body(try header.decode(Body.Kind.self, forKey: .event), from: decoder))
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
