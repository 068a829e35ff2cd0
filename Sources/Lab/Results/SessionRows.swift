// Sessions and their runs as a screen lists them: read from their folders, nothing is trained.
import Formats
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
  public static func all(in folders: [URL], open: URL? = nil) throws -> [SessionRow] {
    let found = try Session.all(in: folders)
    guard let open, try Session.holdsSession(open),
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
    var added: [RunRow] = []
    var problem: String?
    do {
      for name in try StoredFile.names(in: folder) where !known.contains(name) {
        let run = RunFolder(folder.appendingPathComponent(name))
        guard try StoredFile.exists(run.recipe) else { continue }
        do { added.append(RunRow(run, try run.readRecipe())) } catch {
          problem = problem ?? reason(of: error)
        }
      }
    } catch { problem = reason(of: error) }
    self.init(
      name: session.name, title: session.title, folder: session.folder, runs: own + added,
      columns: session.columns, problem: problem)
  }
}

extension RunRow {
  init(_ folder: RunFolder, _ recipe: Recipe) {
    self.init(
      summary: folder.summary(of: recipe), folder: folder.url, step: 0, epoch: 0, age: nil,
      bytes: 0)
    do { try look(into: folder) } catch { summary.state = RunFolder.State.unreadable.rawValue }
  }

  private mutating func look(into folder: RunFolder) throws {
    for name in try StoredFile.names(in: folder.url) {
      bytes += try StoredFile.stamp(folder.url.appendingPathComponent(name))?.bytes ?? 0
    }
    age = try StoredFile.stamp(folder.events).map { max(0, -$0.changed.timeIntervalSinceNow) }
    guard let last = try EventLog.last(in: folder.events) else { return }
    (step, epoch) = (last.step, last.epoch)
  }
}

extension RunFolder {
  /// The recipe the run was made with. Throws where it is missing or cannot be read.
  public func readRecipe() throws -> Recipe {
    guard let recipe = try storedRecipe() else {
      throw LabError("\(recipe.path): no such file; expected the recipe of a run")
    }
    return recipe
  }

  /// The same; `nil` where the folder holds none.
  public func storedRecipe() throws -> Recipe? {
    guard try StoredFile.exists(recipe) else { return nil }
    let text = try YAMLDocument.text(of: recipe, expecting: "the recipe of a run")
    return try Recipe(yaml: text, file: recipe.path)
  }
}
