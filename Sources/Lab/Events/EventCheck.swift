// Checks the log of a run line by line, whatever program wrote it.
import Formats
import Foundation

/// What is wrong in one line of a log.
public struct EventFault: Codable, Sendable, Equatable {
  /// From 1 on.
  public let line: Int
  /// Such as `terms[0].value`; nil for the line as a whole.
  public let field: String?
  /// What is wrong; what was expected.
  public let text: String
}

/// The result of reading a log line by line. Unknown events and keys are allowed, since later
/// builds may write them; they are counted by name.
public struct EventCheck: Codable, Sendable, Equatable {
  /// Lines of the log.
  public private(set) var lines = 0
  /// The known kinds that were found, with the number of lines.
  public private(set) var events: [String: Int] = [:]
  public private(set) var unknownEvents: [String: Int] = [:]
  /// `event.key` of known events.
  public private(set) var unknownKeys: [String: Int] = [:]
  /// The first ones; `faultCount` counts all.
  public private(set) var faults: [EventFault] = []
  public private(set) var faultCount = 0
  /// Whether the last line is cut off, as by a killed process: readers skip it.
  public private(set) var isTorn = false

  private var order = LogOrder()

  private enum CodingKeys: String, CodingKey {
    case lines, events, unknownEvents, unknownKeys, faults, faultCount, isTorn
  }

  /// Faults that are kept.
  public static let most = 100
  /// Names of unknown events and keys that are kept.
  private static let mostNames = 50
  /// The longest line that is read, in bytes.
  public static let longestLine = 16 << 20

  private static let forms = Dictionary(
    EventForm.all.map { ($0.kind, $0.form) }, uniquingKeysWith: { first, _ in first })

  public init() {}

  /// Reads a file to its end, with one line in memory at a time. Throws if it cannot be read.
  public init(reading url: URL) throws {
    let file: FileHandle
    do { file = try FileHandle(forReadingFrom: url) } catch {
      throw LabError("\(url.path): \(SystemWords.of(error)); expected an event log")
    }
    defer { try? file.close() }  // It was only read.
    var splitter = LineSplitter(longest: Self.longestLine)
    while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
      splitter.feed(data) { add($0) }
    }
    splitter.end { rest in
      let before = faultCount
      add(rest)
      guard faultCount > before, faults.last?.field == nil, !rest.isTooLong else { return }
      (isTorn, faultCount) = (true, before)
      faults = Array(faults.prefix(before))
    }
    if lines == 0 { note(nil, "no line; expected the event hello") }
  }

  /// Checks the next line, without its newline.
  public mutating func add(_ line: [UInt8]) { add(LogLineBytes(bytes: line, isTooLong: false)) }

  fileprivate mutating func add(_ line: LogLineBytes) {
    lines += 1
    guard !line.isTooLong else {
      return note(nil, "over \(Self.longestLine >> 20) MiB; expected a shorter line")
    }
    let value: JSONValue
    do { value = try JSONValue(reading: line.bytes) } catch {
      return note(nil, "no JSON at byte \(error.byte): \(error.message)")
    }
    guard let fields = value.object else {
      return note(nil, "is \(value.kind); expected an object")
    }
    check(fields)
  }

  private mutating func check(_ fields: [String: JSONValue]) {
    guard let kind = fields["event"]?.text else {
      return note("event", "no kind of event; expected text")
    }
    if let form = Self.forms[kind] {
      events[kind, default: 0] += 1
      check(fields, EventForm.header + form.fields, "", of: kind)
      for (field, text) in order.faults(kind, fields) { note(field, text) }
    } else {
      Self.count(kind, &unknownEvents)
      check(fields, EventForm.header, "", of: nil)
      for (field, text) in order.faults(nil, fields) { note(field, text) }
    }
  }

  // MARK: shapes

  /// `kind`: nil where unknown keys are not counted.
  private mutating func check(
    _ fields: [String: JSONValue], _ form: [EventField], _ path: String, of kind: String?
  ) {
    for field in form {
      guard let value = fields[field.name] else {
        if field.isRequired { note(path + field.name, "absent; expected \(field.shape.words)") }
        continue
      }
      check(value, field.shape, path + field.name, of: kind)
    }
    guard let kind else { return }
    for key in fields.keys where !form.contains(where: { $0.name == key }) {
      Self.count("\(kind).\(path)\(key)", &unknownKeys)
    }
  }

  private mutating func check(
    _ value: JSONValue, _ shape: EventShape, _ path: String, of kind: String?
  ) {
    switch shape {
    case .text: if value.text == nil { expect(shape, path, value) }
    case .word(let words):
      if value.text.map(words.contains) != true { expect(shape, path, value) }
    case .count: if value.count.flatMap({ Int(exactly: $0) }) == nil { expect(shape, path, value) }
    case .number:
      guard !value.isNumber else { return }
      if value.text.map(["nan", "inf", "-inf"].contains) != true { expect(shape, path, value) }
    case .flag: if case .flag = value {} else { expect(shape, path, value) }
    case .orNull(let inner): if value != .null { check(value, inner, path, of: kind) }
    case .list(let inner): checkItems(value, inner, shape, path, of: kind)
    case .map(let inner):
      guard let fields = value.object else { return expect(shape, path, value) }
      for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
        check(value, inner, "\(path).\(name)", of: kind)
      }
    case .object(_, let form):
      guard let fields = value.object else { return expect(shape, path, value) }
      check(fields, form, "\(path).", of: kind)
    }
  }

  /// One fault a list is enough.
  private mutating func checkItems(
    _ value: JSONValue, _ inner: EventShape, _ shape: EventShape, _ path: String, of kind: String?
  ) {
    guard let items = value.list else { return expect(shape, path, value) }
    let before = faultCount
    for (place, item) in items.enumerated() where faultCount == before {
      check(item, inner, "\(path)[\(place)]", of: kind)
    }
  }

  private mutating func expect(_ shape: EventShape, _ path: String, _ value: JSONValue) {
    var shown = value.kind
    switch value {
    case .number(let text): shown = String(text.prefix(20))
    case .text(let text): shown = "'\(text.prefix(40))'"
    default: break
    }
    note(path, "is \(shown); expected \(shape.words)")
  }

  private mutating func note(_ field: String?, _ text: String) {
    faultCount += 1
    guard faults.count < Self.most else { return }
    let short = field.map { $0.count > 200 ? "\($0.prefix(200))…" : $0 }
    faults.append(EventFault(line: max(1, lines), field: short, text: text))
  }

  private static func count(_ name: String, _ counts: inout [String: Int]) {
    let short = String(name.prefix(100))
    guard counts.count < mostNames || counts[short] != nil else { return }
    counts[short, default: 0] += 1
  }
}

/// A line of a file; empty bytes for one that is too long.
struct LogLineBytes {
  let bytes: [UInt8]
  let isTooLong: Bool
}

/// Cuts data into lines and drops what is too long.
private struct LineSplitter {
  let longest: Int
  private var rest: [UInt8] = []
  private var isTooLong = false

  init(longest: Int) { self.longest = longest }

  mutating func feed(_ data: Data, _ take: (LogLineBytes) -> Void) {
    for (place, part) in data.split(
      separator: EventLog.newline, omittingEmptySubsequences: false
    ).enumerated() {
      if place > 0 { finish(take) }
      guard !isTooLong, rest.count + part.count <= longest else {
        (isTooLong, rest) = (true, [])
        continue
      }
      rest += part
    }
  }

  mutating func end(_ take: (LogLineBytes) -> Void) {
    if !rest.isEmpty || isTooLong { finish(take) }
  }

  private mutating func finish(_ take: (LogLineBytes) -> Void) {
    take(LogLineBytes(bytes: rest, isTooLong: isTooLong))
    (rest, isTooLong) = ([], false)
  }
}
