// Reads `events.jsonl`: one JSON object a line. A line that is not an event (usually the last one,
// cut off when the process was killed) is skipped and counted.
import Formats
import Foundation

public enum EventLog {
  /// All events of the log, or those with bodies of these types, in order. Throws where the file
  /// cannot be read.
  public static func read(
    _ url: URL, only types: [any EventBody.Type]? = nil
  ) throws -> (events: [Event], skipped: Int) {
    var reader = LogReader(only: types)
    try Data(contentsOf: url, options: .mappedIfSafe).withUnsafeBytes { reader.read($0) }
    return (reader.events, reader.skipped)
  }

  /// Bytes at the end of a log that are read first.
  static let tail = 256 << 10

  /// The first line's event and those of the last `tail` bytes: enough for a screen to show how far
  /// a run got. `isWhole`: the log holds nothing else.
  static func ends(of url: URL) throws -> (events: [Event], skipped: Int, isWhole: Bool) {
    var reader = LogReader()
    let isWhole = try Data(contentsOf: url, options: .mappedIfSafe).withUnsafeBytes { bytes in
      let head = (bytes.firstIndex(of: newline) ?? bytes.count - 1) + 1
      guard bytes.count - tail > head,
        let start = bytes[(bytes.count - tail)...].firstIndex(of: newline)
      else {
        reader.read(bytes)
        return true
      }
      reader.read(UnsafeRawBufferPointer(rebasing: bytes[..<head]))
      reader.read(UnsafeRawBufferPointer(rebasing: bytes[start...]))
      return false
    }
    return (reader.events, reader.skipped, isWhole)
  }

  /// The event of the first line; nil without a log or if that line is no event.
  static func first(in url: URL) throws -> Event? {
    var reader = LogReader()
    try Data(contentsOf: url, options: .mappedIfSafe).withUnsafeBytes { bytes in
      let end = bytes.firstIndex(of: newline) ?? bytes.count
      reader.read(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
    }
    return reader.events.first
  }

  /// The last line that is an event; reads the end of the file only. `nil` without a log, or
  /// without an event in it. Throws if that cannot be determined.
  public static func last(in url: URL) throws -> Event? {
    guard try StoredFile.exists(url) else { return nil }
    let file = try FileHandle(forReadingFrom: url)
    defer { try? file.close() }  // It was only read.
    let end = try file.seekToEnd()
    if end == 0 { return nil }
    var reach: UInt64 = 64 << 10
    while true {
      let start = end > reach ? end - reach : 0
      try file.seek(toOffset: start)
      guard let tail = try file.readToEnd() else { return nil }
      for line in tail.split(separator: newline).reversed() {
        var reader = LogReader()
        line.withUnsafeBytes { reader.read($0) }
        if let event = reader.events.last { return event }
      }
      if start == 0 { return nil }
      reach *= 8
    }
  }

  static let newline = UInt8(ascii: "\n")
}

/// Keeps what lines share; one reader reads one log.
struct LogReader {
  private(set) var events: [Event] = []
  /// Lines that are not events.
  private(set) var skipped = 0
  /// The kinds that are wanted; nil for all.
  private let kinds: Set<String>?
  /// A line of a wanted kind contains one of these; other programs may write spaces around it.
  private let marks: [[UInt8]]
  private let decoder = Event.decoder()
  private var scanner = ScalarsScanner()

  /// `types`: of the bodies that are wanted; nil for all.
  init(only types: [any EventBody.Type]? = nil) {
    kinds = types.map { Set($0.map { $0.kind }) }
    marks = kinds?.map { Array("\"\($0)\"".utf8) } ?? []
  }

  /// Reads whole lines; the last one may be cut off.
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

  /// Removes and returns the events read so far.
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
