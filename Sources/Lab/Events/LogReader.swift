// From the bytes of a log to its events, line by line.
import Foundation

/// Keeps what lines share; one reader reads one log.
struct LogReader {
  private(set) var events: [Event] = []
  /// Lines that are no events.
  private(set) var skipped = 0
  private let kinds: Set<Event.Body.Kind>?
  /// How lines of the wanted kinds look; one of these is in each of them.
  private let marks: [[UInt8]]
  private let decoder = Event.decoder()
  private var scanner = ScalarsScanner()

  /// `kinds`: only those; nil for all.
  init(_ kinds: Set<Event.Body.Kind>? = nil) {
    self.kinds = kinds
    marks = kinds?.map { Array("\"event\":\"\($0.rawValue)\"".utf8) } ?? []
  }

  /// Whole lines, the last one perhaps torn.
  mutating func read(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    var start = 0
    while start < bytes.count {
      let left = bytes.count - start
      let found = memchr(base + start, Int32(EventLog.newline), left)
      let end = found.map { UnsafeRawPointer($0) - base } ?? bytes.count
      if end > start { take(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) }
      start = end + 1
    }
  }

  /// The events read so far, which are forgotten.
  mutating func take() -> [Event] {
    defer { events = [] }
    return events
  }

  private mutating func take(_ line: UnsafeRawBufferPointer) {
    guard kinds == nil || marks.contains(where: { Self.holds(line, $0) }) else { return }
    if let event = scanner.event(line) {
      append(event)
    } else if let event = try? decoder.decode(Event.self, from: Data(line)) {
      append(event)
    } else {
      skipped += 1
    }
  }

  private mutating func append(_ event: Event) {
    if kinds?.contains(event.body.kind) ?? true { events.append(event) }
  }

  private static func holds(_ line: UnsafeRawBufferPointer, _ mark: [UInt8]) -> Bool {
    guard let base = line.baseAddress, let lead = mark.first else { return false }
    var at = 0
    while at + mark.count <= line.count {
      guard let found = memchr(base + at, Int32(lead), line.count - mark.count - at + 1) else {
        return false
      }
      if memcmp(found, mark, mark.count) == 0 { return true }
      at = UnsafeRawPointer(found) - base + 1
    }
    return false
  }
}
