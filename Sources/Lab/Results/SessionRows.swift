// Sessions and their runs as a screen lists them, read from their folders.
import Formats
import Foundation
import Metrics

/// A session and its runs.
public struct SessionRow: Codable, Sendable, Equatable {
  public var name: String
  public var title: String
  public var folder: URL
  public var runs: [RunRow]
  /// Metric ids of its table, the main one first; empty where it names none and no run is scored.
  public var columns: [String]
  /// Why its `session.yaml` cannot be read.
  public var problem: String?
  /// Recipe keys that the session sweeps, sorted.
  public var sweptKeys: [String]?
  /// The beginning of its `README.md`; nil without one.
  public var readme: String?
  /// The session's claims with what the kept table says about them; nil without claims.
  public var findings: [Finding]?

  /// Whether it is a folder with logs of other programs.
  public var isWatched: Bool { runs.contains { $0.log != nil } }

  /// Whether it teaches one idea: its folder is in a folder of lessons.
  public var isLesson: Bool { folder.deletingLastPathComponent().lastPathComponent == "lessons" }
}

/// A run and how far it got.
public struct RunRow: Codable, Sendable, Equatable {
  public var summary: RunSummary
  public var folder: URL
  public var step: Int
  public var epoch: Int
  /// Seconds since its log was last written; nil without a log.
  public var age: Double?
  /// Of all its files.
  public var bytes: Int
  /// What a person noted about it; nil without a note.
  public var note: String?
  /// The id of its data set.
  public var dataset: String?
  /// The name of its row in the table, if that is not the method's.
  public var variant: String?
  /// Swept keys of its session and their values; nil for a run that the session does not name.
  public var sweep: [String: String]?
  /// Settings in which the runs of its session differ: dotted key to value as text.
  public var settings: [String: String]?
  public var plannedEpochs: Int?
  /// Seconds of training, evaluation included; nil unless the run is finished.
  public var seconds: Double?
  /// The form of a log of another program; nil for a run of our own.
  public var log: LogFormat?
}

extension SessionRow {
  /// Every session in these directories, by name. The one in the folder `open` comes first if it is
  /// elsewhere, and replaces another of its name.
  public static func all(in folders: [URL], open: URL? = nil) throws -> [SessionRow] {
    let found = try Session.all(in: folders)
    guard let open, try Session.holdsSession(open) || holdsRuns(open),
      !found.contains(where: { $0.standardizedFileURL.path == open.standardizedFileURL.path })
    else { return found.map(SessionRow.init(in:)) }
    let others = found.filter { $0.lastPathComponent != open.lastPathComponent }
    return ([open] + others).map(SessionRow.init(in:))
  }

  /// A folder of runs without a session: of `scant train`, or of other programs.
  private static func holdsRuns(_ folder: URL) throws -> Bool {
    let runs = folder.appendingPathComponent("runs")
    return try StoredFile.names(in: runs).contains {
      try RunFolder(runs.appendingPathComponent($0)).holdsRun
    }
  }

  private init(in folder: URL) {
    do {
      let name = folder.standardizedFileURL.lastPathComponent
      let isSession = try Session.holdsSession(folder)
      self.init(
        try isSession
          ? Session.read(folder) : Session(name: name, title: name, folder: folder, runs: []))
    } catch {
      let name = folder.lastPathComponent
      self.init(
        name: name, title: name, folder: folder, runs: [], columns: [],
        problem: reason(of: error), readme: Self.readme(folder))
    }
  }

  /// The session's own runs in its order, then other runs in its folder.
  package init(_ session: Session) {
    var runs = session.runs.map { run in
      var row = RunRow(session.runFolder(run), run.recipe)
      (row.variant, row.sweep) = (run.variant, run.sweep)
      return row
    }
    var recipes = session.runs.map(\.recipe)
    let known = Set(session.runs.map(\.name))
    let folder = session.folder.appendingPathComponent("runs")
    var problem: String?
    do {
      for name in try StoredFile.names(in: folder) where !known.contains(name) {
        let run = RunFolder(folder.appendingPathComponent(name))
        guard try run.holdsRun else { continue }
        do {
          let recipe = try run.readRecipe()
          runs.append(RunRow(run, recipe))
          recipes.append(recipe)
        } catch { problem = problem ?? reason(of: error) }
      }
    } catch { problem = reason(of: error) }
    for (place, texts) in Recipe.differences(recipes).enumerated() { runs[place].settings = texts }
    let scored = runs.flatMap(\.summary.scores.keys)
    // Lists show what a run is scored with, not what is computed after training.
    let named = session.columns.filter { !AfterTraining.ids.contains($0) }
    self.init(
      name: session.name, title: session.title, folder: session.folder, runs: runs,
      columns: scored.isEmpty ? named : Session.columns(named, among: scored),
      problem: problem, sweptKeys: Set(session.runs.flatMap(\.sweep.keys)).sorted(),
      readme: Self.readme(session.folder))
    guard !session.claims.isEmpty else { return }
    do { findings = try session.keptFindings() } catch {
      self.problem = self.problem ?? reason(of: error)
    }
  }

  /// As much of the text as a pane can show; nil if there is none. Where it cannot be read, the
  /// problem stands in its place, so that the session is listed all the same.
  private static func readme(_ folder: URL) -> String? {
    do {
      return try StoredFile.text(folder.appendingPathComponent("README.md"))
        .map { String($0.prefix(mostReadme)) }
    } catch {
      return "\(error)"
    }
  }

  private static let mostReadme = 6000
}

extension RunRow {
  init(_ folder: RunFolder, _ recipe: Recipe) {
    self.init(
      summary: folder.summary(of: recipe), folder: folder.url, step: 0, epoch: 0, age: nil,
      bytes: 0, note: nil, dataset: recipe.dataset,
      plannedEpochs: recipe["training.epochs"].flatMap { Int($0) })
    do { try look(into: folder) } catch { summary.state = RunFolder.State.unreadable.rawValue }
  }

  private mutating func look(into folder: RunFolder) throws {
    for name in try StoredFile.names(in: folder.url) {
      bytes += try StoredFile.stamp(folder.url.appendingPathComponent(name))?.bytes ?? 0
    }
    age = try StoredFile.stamp(folder.events).map { max(0, -$0.changed.timeIntervalSinceNow) }
    do { note = try folder.note()?.text } catch { note = "! \(reason(of: error))" }
    guard let last = try EventLog.last(in: folder.events) else { return }
    (step, epoch) = (last.step, last.epoch)
    if let ended = last.body as? RunEnded, ended.reason == .done { seconds = ended.wall }
  }
}
