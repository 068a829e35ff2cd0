// The form of the event log: one description from which the page, the JSON Schema and the check of
// a log are made.

/// The form of a value in a line of the log.
public indirect enum EventShape: Sendable, Equatable {
  case text
  /// One of these texts.
  case word([String])
  /// An integer, 0 or more.
  case count
  /// A number, or "nan", "inf", "-inf".
  case number
  case flag
  case list(EventShape)
  /// The value or null.
  case orNull(EventShape)
  /// An object whose keys are names.
  case map(EventShape)
  /// An object of its own with a name on the page.
  case object(String, [EventField])

  /// In a few words, such as `list of numbers`.
  public var words: String {
    switch self {
    case .text: "text"
    case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .count: "integer ≥ 0"
    case .number: "number"
    case .flag: "true or false"
    case .list(let shape): "list of \(shape.words)"
    case .orNull(let shape): "\(shape.words) or null"
    case .map(let shape): "object: name to \(shape.words)"
    case .object(let name, _): "*\(name)*"
    }
  }
}

/// A key of a line, or of an object in it.
public struct EventField: Sendable, Equatable {
  public let name: String
  public let shape: EventShape
  public let isRequired: Bool
  /// What it holds: its dimensions, unit, and when it is absent.
  public let what: String

  /// A key that must be there.
  static func key(_ name: String, _ shape: EventShape, _ what: String) -> EventField {
    EventField(name: name, shape: shape, isRequired: true, what: what)
  }

  /// A key that may be absent.
  static func may(_ name: String, _ shape: EventShape, _ what: String) -> EventField {
    EventField(name: name, shape: shape, isRequired: false, what: what)
  }
}

/// What an event carries beside the common header.
public struct EventForm: Sendable, Equatable {
  /// What the event says, in a sentence.
  public let what: String
  /// The screens that show it.
  public let screens: String
  public let fields: [EventField]

  init(_ what: String, screens: String, _ fields: [EventField]) {
    self.what = what
    self.screens = screens
    self.fields = fields
  }

  /// The keys that every line has.
  public static let header: [EventField] = [
    .key("event", .text, "the kind, one of the headings below; others are skipped by readers"),
    .key("v", .count, "version of the form, \(Event.version)"),
    .key("run", .text, "name of the run, that of its folder"),
    .key("seq", .count, "number of the line, from 1 on, without gaps"),
    .key("t", .count, "ns since the run started, from a clock that never goes back"),
    .key("step", .count, "updates of the optimizer so far"),
    .key("epoch", .count, "the epoch, from 1 on"),
  ]

  /// Every kind of event with its form, in the order of the page.
  public static var all: [(kind: String, form: EventForm)] {
    EventRegistry.bodies.map { ($0.kind, $0.form) }
  }
}
