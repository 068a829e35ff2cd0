// The data of a run that another program trained: the clips in its log.
import Acoustics
import Formats
import Foundation

/// Clips, labels and sound files that a run of another program logged.
struct OutsideData: Sendable {
  let snapshot: DatasetSnapshot
  private let folder: URL
  private var files: [String: String] = [:]

  /// Throws if the log cannot be read or does not begin as the log of a run.
  init(_ run: OutsideRun) throws {
    folder = run.folder
    let log = try EventLog.read(
      RunFolder(folder).events, only: [RunStarted.self, LoggedClips.self])
    let bodies = log.events.map(\.body)
    guard let started = bodies.lazy.compactMap({ $0 as? RunStarted }).first else {
      throw LabError("\(folder.path): no event hello; expected it on the first line of the log")
    }
    var rows = LoggedRows(classes: started.classes.count)
    for case let clips as LoggedClips in bodies {
      rows.add(clips)
      for (id, file) in zip(clips.clips, clips.files ?? []) { files[id] = file }
    }
    snapshot = DatasetSnapshot(
      id: started.dataset, title: "\(started.dataset), trained outside Scant",
      classes: started.classes, clips: rows.clips, problems: rows.problems, featuresCached: true)
  }

  /// The sound file of a clip. Throws if the log names none, or none that is a file.
  func sound(of id: String) throws -> URL {
    guard let name = files[id] else {
      throw LabError("\(id): no sound in the log of the run; expected 'files' in its event clips")
    }
    let url = URL(fileURLWithPath: name, relativeTo: folder).standardizedFileURL
    guard try StoredFile.isFile(url) else {
      throw LabError("\(url.path): no such file; expected the sound of \(id)")
    }
    return url
  }

  /// The front end of the spectrogram of a clip: that of the reference network.
  static func frontEnd(seconds: Double) -> FrontEnd {
    var frontEnd = FrontEnd.band
    frontEnd.seconds = seconds > 0 ? min(seconds, longest) : nil
    return frontEnd
  }

  /// As much of a long recording as a screen shows, in s.
  private static let longest = 60.0
}

/// Clips as rows, and what is wrong with them.
private struct LoggedRows {
  let classes: Int
  private(set) var clips: [ClipRow] = []
  private(set) var problems: [String] = []
  private var seen: Set<String> = []

  init(classes: Int) { self.classes = classes }

  mutating func add(_ logged: LoggedClips) {
    for (place, id) in logged.clips.enumerated() {
      guard seen.insert(id).inserted else {
        problems.append("\(id): logged twice; the first one counts")
        continue
      }
      let truth = logged.truth.flatMap { states($0, place, id) }
      clips.append(
        ClipRow(
          id: id, split: logged.split, seconds: max(0, item(logged.seconds, place) ?? 0),
          labels: states(logged.labels, place, id)
            ?? [LabelState](repeating: .missing, count: classes),
          truth: truth?.map(\.isPositive)))
    }
  }

  /// A state a class; nil, and a problem, where the text is not one.
  private mutating func states(_ texts: [String], _ place: Int, _ id: String) -> [LabelState]? {
    let states = (item(texts, place) ?? "").map(LabelState.init(letter:))
    let known = states.compactMap { $0 }
    guard known.count == classes, states.count == classes else {
      problems.append("\(id): labels are not \(classes) letters of P n . x t H h; left out")
      return nil
    }
    return known
  }

  private func item<Value>(_ values: [Value]?, _ place: Int) -> Value? {
    guard let values, values.indices.contains(place) else { return nil }
    return values[place]
  }
}
