// Sessions and their runs as a screen lists them: read from their folders, nothing is trained.
import Foundation

/// A session and its runs.
public struct SessionRow: Sendable, Equatable {
  public var name: String
  public var title: String
  public var folder: URL
  public var runs: [RunRow]
  /// Metric ids of its table, the main one first.
  public var columns: [String]
  /// Why its `session.yaml` cannot be read.
  public var problem: String?

  public init(
    name: String, title: String, folder: URL, runs: [RunRow],
    columns: [String] = Session.defaultColumns, problem: String? = nil
  ) {
    self.columns = columns
    self.name = name
    self.title = title
    self.folder = folder
    self.runs = runs
    self.problem = problem
  }
}

/// A run and how far it got.
public struct RunRow: Sendable, Equatable {
  public var summary: RunSummary
  public var folder: URL
  public var step: Int
  public var epoch: Int
  /// Seconds since its log was written last; nil where there is none.
  public var age: Double?
  /// Of all its files.
  public var bytes: Int

  public init(
    summary: RunSummary, folder: URL, step: Int, epoch: Int, age: Double?, bytes: Int
  ) {
    self.summary = summary
    self.folder = folder
    self.step = step
    self.epoch = epoch
    self.age = age
    self.bytes = bytes
  }
}

extension SessionRow {
  /// Every session in these directories, by name; the one in `open` first if it lies elsewhere, in
  /// place of another of its name.
  public static func all(in folders: [URL], open: URL? = nil) -> [SessionRow] {
    let found = Session.all(in: folders)
    guard let open, Session.holdsSession(open),
      !found.contains(where: { $0.standardizedFileURL.path == open.standardizedFileURL.path })
    else { return found.map(SessionRow.init(in:)) }
    let others = found.filter { $0.lastPathComponent != open.lastPathComponent }
    return ([open] + others).map(SessionRow.init(in:))
  }

  private init(in folder: URL) {
    do { self.init(try Session.read(folder)) } catch {
      let name = folder.lastPathComponent
      self.init(name: name, title: name, folder: folder, runs: [], problem: reason(of: error))
    }
  }

  /// The session's own runs in its order, then those that were added beside them.
  package init(_ session: Session) {
    let own = session.runs.map { RunRow(session.runFolder($0), $0.recipe) }
    let known = Set(session.runs.map(\.name))
    let folder = session.folder.appendingPathComponent("runs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let added = names.filter { !known.contains($0) }.sorted().compactMap { name -> RunRow? in
      let run = RunFolder(folder.appendingPathComponent(name))
      guard let recipe = try? run.readRecipe() else { return nil }
      return RunRow(run, recipe)
    }
    self.init(
      name: session.name, title: session.title, folder: session.folder, runs: own + added,
      columns: session.columns)
  }
}

extension RunRow {
  init(_ folder: RunFolder, _ recipe: Recipe) {
    let last = EventLog.last(in: folder.events)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.url.path)) ?? []
    let bytes = files.reduce(0) { sum, name in
      let path = folder.url.appendingPathComponent(name).path
      let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
      return sum + (size ?? 0)
    }
    let written =
      (try? FileManager.default.attributesOfItem(atPath: folder.events.path))?[.modificationDate]
      as? Date
    self.init(
      summary: folder.summary(of: recipe), folder: folder.url, step: last?.step ?? 0,
      epoch: last?.epoch ?? 0, age: written.map { max(0, -$0.timeIntervalSinceNow) }, bytes: bytes)
  }
}

extension RunFolder {
  /// The recipe the run was made with. Throws where it is missing or cannot be read.
  public func readRecipe() throws -> Recipe {
    guard let text = try? String(contentsOf: recipe, encoding: .utf8) else {
      throw LabError("\(recipe.path): cannot be read; expected the recipe of a run")
    }
    return try Recipe(yaml: text, file: recipe.path)
  }
}
