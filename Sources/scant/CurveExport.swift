// What `scant export --what scalars` writes: the curves of a run of our own, or of a log of another
// program.
import ArgumentParser
import Formats
import Foundation
import Lab
import Output

/// The curves of a run, and when it began.
struct ExportedCurves {
  let state: RunState
  /// Seconds since 1970.
  let start: Double

  /// `path`: the folder of a run, or a log of another program. Throws one line if there is none.
  init(_ path: String) throws {
    let folder = RunFolder(URL(fileURLWithPath: path, isDirectory: true))
    guard try !StoredFile.exists(folder.recipe), let other = try Self.other(path) else {
      self = try Self(own: RunFolder(argument: path))
      return
    }
    state = try other.curves()
    complain(state)
    start = try other.started(last: Double(state.t) / 1e9)
  }

  private init(own folder: RunFolder) throws {
    let (events, skipped) = try EventLog.read(
      folder.events, only: [RunStarted.self, Scalars.self, EvalEnd.self, Distances.self])
    var state = RunState()
    for event in events { state.apply(event) }
    self.state = state
    // The log says how long after the start its last line was written.
    let written = try StoredFile.stamp(folder.events)?.changed ?? Date()
    start = written.timeIntervalSince1970 - Double(state.t) / 1e9
    if skipped > 0 {
      Console.shared.complain("\(folder.events.path): \(skipped) lines are no events; skipped")
    }
  }

  /// The only log there; nil if there is none.
  private static func other(_ path: String) throws -> WatchedRun? {
    guard try StoredFile.exists(URL(fileURLWithPath: path)) else { return nil }
    let runs = try WatchedFolder(path).runs()
    guard runs.count > 1 else { return runs.first }
    let names = runs.prefix(5).map(\.name).joined(separator: ", ")
    let more = runs.count > 5 ? ", …" : ""
    throw LabError("\(path): \(runs.count) logs (\(names)\(more)); expected the folder of one")
  }

  private var curves: [(key: String, value: Series)] {
    state.series.sorted { $0.key < $1.key }
  }

  /// Each curve as `NAME/step` and `NAME/value`.
  func npz() throws -> Data {
    var archive = NPZWriter()
    for (name, series) in curves {
      try archive.add(NPY.encoded(series.steps), as: "\(name)/step")
      try archive.add(NPY.encoded(series.values, shape: [series.count]), as: "\(name)/value")
    }
    return Data(archive.bytes)
  }

  /// An event file whose points have the times of the run.
  func tfevents() -> Data {
    var places = curves.map { (name: $0.key, series: $0.value, next: 0) }
    var bytes = EventFileWriter.head(time: start)
    // Step by step, as a training writes them.
    while let step = places.compactMap({ $0.series.steps.dropFirst($0.next).first }).min() {
      let time = start + state.seconds(at: Int(step))
      for i in places.indices where places[i].series.steps.dropFirst(places[i].next).first == step {
        let value = places[i].series.values[places[i].next]
        bytes += EventFileWriter.record(
          places[i].name, step: Int64(step), value: value, time: time)
        places[i].next += 1
      }
    }
    return Data(bytes)
  }

  /// As TensorBoard looks for it.
  var eventFileName: String {
    EventFileWriter.fileName(time: start, host: ProcessInfo.processInfo.hostName)
  }
}
