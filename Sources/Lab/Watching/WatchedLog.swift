// Reads the files of another program's run as they grow, and turns their points into events.
import Formats
import Foundation

/// The log of a watched run, as far as it has been read.
struct WatchedLog: Sendable {
  let run: WatchedRun
  private var tables: [PlacedReader<LogTableReader>] = []
  private var records: [PlacedReader<EventFileReader>] = []
  private var assembly: EventAssembly
  private var told: LogLosses?

  init(_ run: WatchedRun) {
    self.run = run
    assembly = EventAssembly(run: run.name, format: run.format)
  }

  /// Events of what is new, at most about `limit` bytes of it. `hasMore`: there is more to read at
  /// once. Throws `Problem`.
  mutating func readOn(limit: Int = 1 << 20) throws -> (events: [Event], hasMore: Bool) {
    let files = try run.files()
    var events: [Event] = []
    let isGone = !Set(urls).isSubset(of: files)
    if try isGone || isReplaced() { (tables, records, told) = ([], [], nil) }
    let known = Set(urls)
    if known.isEmpty { events.append(assembly.opened(files: files.count)) }
    for url in files where !known.contains(url) { add(url) }
    var hasMore = false
    for place in tables.indices {
      hasMore = try tables[place].readOn(limit, &assembly, &events) || hasMore
    }
    for place in records.indices {
      // The files of one run follow each other.
      if !hasMore { hasMore = try records[place].readOn(limit, &assembly, &events) }
    }
    if !hasMore {
      events += remark()
      assembly.isBacklog = false
    }
    return (events, hasMore)
  }

  private var urls: [URL] { tables.map(\.file.url) + records.map(\.file.url) }

  private mutating func add(_ url: URL) {
    switch run.format {
    case .csv: tables.append(PlacedReader(url))
    case .tensorBoard: records.append(PlacedReader(url))
    }
  }

  private func isReplaced() throws -> Bool {
    for reader in tables where try reader.file.isReplaced() { return true }
    for reader in records where try reader.file.isReplaced() { return true }
    return false
  }

  /// What was left out, when that has changed.
  private mutating func remark() -> [Event] {
    var losses = LogLosses()
    for reader in tables { losses.add(reader.reader.losses) }
    for reader in records { losses.add(reader.named(reader.reader.losses)) }
    guard losses != told ?? LogLosses() else { return [] }
    let isWorse =
      losses.damaged != (told?.damaged ?? 0) || losses.unnamed != (told?.unnamed ?? 0)
      || losses.end != told?.end
    told = losses
    return [assembly.remark(losses.sentence, isWarning: isWorse)]
  }
}

/// A file of a log, with what is read of it.
private struct PlacedReader<Reader: PointReader>: Sendable {
  var file: GrowingFile
  var reader = Reader()
  /// For each name of the file its number among those of the run.
  private var places: [Int32] = []

  init(_ url: URL) { file = GrowingFile(url) }

  mutating func readOn(
    _ limit: Int, _ assembly: inout EventAssembly, _ events: inout [Event]
  ) throws -> Bool {
    let hasMore = try file.readOn(&reader, limit: limit)
    var points = reader.takePoints()
    let new = reader.tags.names.dropFirst(places.count)
    places += new.map { assembly.place(of: $0) }
    for place in points.indices { points[place].tag = places[Int(points[place].tag)] }
    assembly.add(points, to: &events)
    return hasMore
  }

  /// The end with the name of the file.
  func named(_ losses: LogLosses) -> LogLosses {
    var losses = losses
    losses.end = losses.end.map { "\(file.url.lastPathComponent): \($0)" }
    return losses
  }
}

extension LogLosses {
  /// One line about what is not shown.
  var sentence: String {
    func count(_ number: Int, _ one: String, _ many: String) -> String? {
      number == 0 ? nil : number == 1 ? "1 \(one)" : "\(number) \(many)"
    }
    let parts = [
      count(others, "value that is no scalar", "values that are no scalars"),
      count(damaged, "damaged or impossible record", "damaged or impossible records"),
      count(
        unnamed, "value of a name too long or too many", "values of names too long or too many"),
    ].compactMap { $0 }
    let left = parts.isEmpty ? [] : ["not shown: \(parts.joined(separator: ", "))"]
    return (left + [end].compactMap { $0 }).joined(separator: "; ")
  }
}

/// Makes events of points: a stretch of the log each.
struct EventAssembly: Sendable {
  private let run: String
  private let format: LogFormat
  private var names: [String] = []
  private var places: [String: Int32] = [:]
  private var seq: UInt64 = 0
  private var step = 0, epoch = 0
  /// The curve called `epoch`, if there is one.
  private var epochTag: Int32?
  /// The time of the first point, s since 1970, and of the latest event since then, ns.
  private var start: Double?
  private var t: UInt64 = 0
  /// Until all that stood in the log at first has been read.
  var isBacklog = true

  /// Points of an event, which ends with a step; at most `longest` of them.
  private static let usual = 64, longest = 4096

  init(run: String, format: LogFormat) { (self.run, self.format) = (run, format) }

  /// The number of a curve's name.
  mutating func place(of name: String) -> Int32 {
    if let known = places[name] { return known }
    let place = Int32(clamping: names.count)
    names.append(name)
    places[name] = place
    if name == "epoch" { epochTag = place }
    return place
  }

  /// The log begins, or begins anew.
  mutating func opened(files: Int) -> Event {
    (names, places, epochTag, start) = ([], [:], nil, nil)
    (step, epoch, t) = (0, 0, 0)
    return event(OtherLogOpened(format: format, files: files))
  }

  mutating func remark(_ text: String, isWarning: Bool) -> Event {
    event(LogLine(level: isWarning ? .warn : .info, code: LogLine.leftOut, text: text))
  }

  mutating func add(_ points: [LoggedPoint], to events: inout [Event]) {
    var first = points.startIndex
    for place in points.indices {
      let isEnd = place + 1 == points.endIndex
      let count = place + 1 - first
      let ends = !isEnd && count >= Self.usual && points[place + 1].step != points[place].step
      guard isEnd || ends || count == Self.longest else { continue }
      events.append(stretch(points[first...place]))
      first = place + 1
    }
  }

  private mutating func stretch(_ points: ArraySlice<LoggedPoint>) -> Event {
    for point in points {
      step = max(step, Int(point.step))
      if point.tag == epochTag, let value = Int(exactly: point.value.rounded()) { epoch = value }
    }
    if let time = points.last?.time, time.isFinite {
      let begin = start ?? points.first.map(\.time).flatMap { $0.isFinite ? $0 : nil } ?? time
      start = begin
      t = max(t, UInt64(min(max(0, time - begin), Self.longestTime) * 1e9))
    }
    var body = OtherLogPoints(names: names, points: points)
    body.isBacklog = isBacklog
    return event(body)
  }

  /// A hundred years, in seconds.
  private static let longestTime = 3.2e9

  private mutating func event(_ body: any EventBody) -> Event {
    seq += 1
    return Event(run: run, seq: seq, t: t, step: step, epoch: epoch, body: body)
  }
}
