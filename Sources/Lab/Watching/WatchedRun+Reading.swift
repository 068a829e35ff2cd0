// A watched run as lists, comparisons and replays take it.
import Foundation

extension WatchedRun {
  /// The whole log as events. Throws `Problem`.
  public func events() throws -> [Event] {
    var log = WatchedLog(self)
    var events: [Event] = []
    while true {
      let (new, hasMore) = try log.readOn()
      events += new
      if !hasMore { return events }
    }
  }

  /// Everything a screen shows of the log. Throws `Problem`.
  public func curves() throws -> RunState {
    var state = RunState()
    for event in try events() { state.apply(event) }
    return state
  }

  /// When the log begins, s since 1970: its file's last change less the time since the start.
  /// `last`: seconds from the first point to the last one.
  public func started(last: Double) throws -> Double {
    let changed = try stamp().changed ?? Date()
    return changed.timeIntervalSince1970 - last
  }

  /// The state of lists: nobody says whether the program that writes it still runs.
  static let state = "log"

  var summary: RunSummary {
    RunSummary(
      name: name, method: format.rawValue, model: "-", seed: 0, state: Self.state, scores: [:],
      otherScores: [:])
  }

  /// For a replay.
  func recording() throws -> Recording {
    let events = try events()
    guard events.contains(where: { $0.body is OtherLogPoints }) else {
      throw LabError("\(url.path): no scalars yet; expected a log that holds some")
    }
    return Recording(run: name, folder: url, recipe: nil, events: events, skipped: 0)
  }

  /// For a comparison: each curve under its own name, thinned to what a plot can show.
  func record() throws -> RunRecord {
    let state = try curves()
    return RunRecord(
      folder: url, summary: summary, settings: [:],
      curves: state.series.mapValues { Self.points($0, state) }, test: [:], seconds: nil,
      log: format)
  }

  private static let mostPoints = 4096

  private static func points(_ series: Series, _ state: RunState) -> [RunRecord.Point] {
    series.thinned(to: mostPoints).map { step, value in
      RunRecord.Point(
        step: step, epoch: state.epoch(at: step), seconds: state.seconds(at: step),
        value: Double(value))
    }
  }

  /// Its line in a list. A log that cannot be looked at is listed all the same.
  func row() -> RunRow {
    var row = RunRow(
      summary: summary, folder: url, step: 0, epoch: 0, age: nil, bytes: 0, log: format)
    do {
      let stamp = try stamp()
      row.bytes = stamp.bytes
      row.age = stamp.changed.map { max(0, -$0.timeIntervalSinceNow) }
    } catch { row.summary.state = RunFolder.State.unreadable.rawValue }
    return row
  }
}

extension RunState {
  /// The value of the curve `epoch` at a step; 0 without one.
  fileprivate func epoch(at step: Int) -> Int {
    guard let epochs = series["epoch"], !epochs.steps.isEmpty else { return 0 }
    var (low, high) = (0, epochs.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(epochs.steps[middle]) <= step { low = middle + 1 } else { high = middle }
    }
    return Int(exactly: epochs.values[max(0, low - 1)].rounded()) ?? 0
  }
}

extension WatchedFolder {
  /// As a session whose runs are the logs.
  func row() throws -> SessionRow {
    SessionRow(
      name: name, title: "logs of other programs in \(name)", folder: url,
      runs: try runs().map { $0.row() }, columns: [])
  }
}
