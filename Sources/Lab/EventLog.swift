// Reading `events.jsonl`: one JSON object a line. A line that is no event (as a rule the last
// one, torn by a kill) is skipped and counted.
import Foundation

public enum EventLog {
  /// All events of the log, or those of `kinds`, in order. Throws where the file cannot be read.
  public static func read(
    _ url: URL, kinds: Set<Event.Body.Kind>? = nil
  ) throws -> (events: [Event], skipped: Int) {
    let wanted = kinds?.map { Data("\"event\":\"\($0.rawValue)\"".utf8) }
    var events: [Event] = []
    var skipped = 0
    for line in try Data(contentsOf: url, options: .mappedIfSafe).split(separator: newline) {
      if let wanted, !wanted.contains(where: { line.range(of: $0) != nil }) { continue }
      guard let event = try? Event(line: line) else {
        skipped += 1
        continue
      }
      if kinds?.contains(event.body.kind) ?? true { events.append(event) }
    }
    return (events, skipped)
  }

  /// The last line that is an event; looks at the end of the file only.
  public static func last(in url: URL) -> Event? {
    guard let file = try? FileHandle(forReadingFrom: url) else { return nil }
    defer { try? file.close() }
    guard let end = try? file.seekToEnd() else { return nil }
    var reach: UInt64 = 64 << 10
    while true {
      let start = end > reach ? end - reach : 0
      guard (try? file.seek(toOffset: start)) != nil, let tail = try? file.readToEnd() else {
        return nil
      }
      for line in tail.split(separator: newline).reversed() {
        if let event = try? Event(line: line) { return event }
      }
      if start == 0 { return nil }
      reach *= 8
    }
  }

  static let newline = UInt8(ascii: "\n")
}
