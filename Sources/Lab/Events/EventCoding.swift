// One event as one flat JSON object: the common header and the body's fields side by side.
// Non-finite numbers are the strings "nan", "inf" and "-inf"; unknown keys are ignored.
import Foundation

extension Event.Body {
  /// The value of the `event` key.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case started = "hello"
    case state, phase, progress, scalars, terms, evalStart, evalEnd, maskDelta, clipPred
    case distances, stepSnapshot, checkpoint, log, fault, resources, reply
    case ended = "bye"

    /// Whether only the latest counts: a reader may miss one; the log takes four a second at most.
    public var isCoalescable: Bool {
      switch self {
      case .progress, .phase, .terms, .resources: true
      default: false
      }
    }
  }

  public var kind: Kind { parts.kind }

  fileprivate var fields: any Encodable { parts.fields }

  private var parts: (kind: Kind, fields: any Encodable) {
    switch self {
    case .started(let body): (.started, body)
    case .state(let body): (.state, body)
    case .phase(let body): (.phase, body)
    case .progress(let body): (.progress, body)
    case .scalars(let body): (.scalars, body)
    case .terms(let body): (.terms, body)
    case .evalStart(let body): (.evalStart, body)
    case .evalEnd(let body): (.evalEnd, body)
    case .maskDelta(let body): (.maskDelta, body)
    case .distances(let body): (.distances, body)
    case .clipPred(let body): (.clipPred, body)
    case .stepSnapshot(let body): (.stepSnapshot, body)
    case .checkpoint(let body): (.checkpoint, body)
    case .log(let body): (.log, body)
    case .fault(let body): (.fault, body)
    case .resources(let body): (.resources, body)
    case .reply(let body): (.reply, body)
    case .ended(let body): (.ended, body)
    }
  }

  fileprivate init(_ kind: Kind, from decoder: any Decoder) throws {
    switch kind {
    case .started: self = .started(try .init(from: decoder))
    case .state: self = .state(try .init(from: decoder))
    case .phase: self = .phase(try .init(from: decoder))
    case .progress: self = .progress(try .init(from: decoder))
    case .scalars: self = .scalars(try .init(from: decoder))
    case .terms: self = .terms(try .init(from: decoder))
    case .evalStart: self = .evalStart(try .init(from: decoder))
    case .evalEnd: self = .evalEnd(try .init(from: decoder))
    case .maskDelta: self = .maskDelta(try .init(from: decoder))
    case .distances: self = .distances(try .init(from: decoder))
    case .clipPred: self = .clipPred(try .init(from: decoder))
    case .stepSnapshot: self = .stepSnapshot(try .init(from: decoder))
    case .checkpoint: self = .checkpoint(try .init(from: decoder))
    case .log: self = .log(try .init(from: decoder))
    case .fault: self = .fault(try .init(from: decoder))
    case .resources: self = .resources(try .init(from: decoder))
    case .reply: self = .reply(try .init(from: decoder))
    case .ended: self = .ended(try .init(from: decoder))
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
    try body.fields.encode(to: encoder)
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
