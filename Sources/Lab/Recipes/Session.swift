// An experiment: which methods run on which data with which seeds, and the table of its results.
// Read from `session.yaml`; its runs are in `runs/` beside that file.
import Formats
import Foundation
import Metrics

public struct Session: Sendable, Equatable {
  public struct Run: Sendable, Equatable {
    /// `b1-s0`, `b1-observed0.05-s0`; stable, so that a finished run is found again.
    public var name: String
    public var recipe: Recipe
    /// Swept recipe keys and their values as text.
    public var sweep: [String: String]
    /// The name of its row in the table, if that is not the method's.
    public var variant: String?
  }

  /// The name of its folder.
  public var name: String
  public var title: String
  public var folder: URL
  /// In the order of training: seed by seed, so that methods can be compared early.
  public var runs: [Run]
  public var caption: String
  /// Metric ids of the table as `session.yaml` names them, the main one first; empty if it names
  /// none.
  public var columns: [String]
  /// Row name → published value of the main metric.
  public var published: [String: Double]
  public var claims: [Claim]

  public init(
    name: String, title: String, folder: URL, runs: [Run], caption: String = "",
    columns: [String] = [], published: [String: Double] = [:], claims: [Claim] = []
  ) {
    self.name = name
    self.title = title
    self.folder = folder
    self.runs = runs
    self.caption = caption
    self.columns = columns
    self.published = published
    self.claims = claims
  }

  /// The columns of a table: those that are named, else those that fit the data.
  ///
  /// - Parameters:
  ///   - named: Metric ids, the main one first; may be empty.
  ///   - metrics: Ids of the metrics that runs were scored with. Accuracy is among them only if
  ///     exactly one class of each clip is positive.
  public static func columns(_ named: [String], among metrics: some Sequence<String>) -> [String] {
    guard named.isEmpty else { return named }
    let isSingleLabel = metrics.contains(Metric.accuracy.rawValue)
    let second = isSingleLabel ? Metric.f1Macro : .apMacro
    return [Metric.headline(isSingleLabel: isSingleLabel).rawValue, second.rawValue]
  }

  /// Replaces a setting in every run whose recipe has it; throws when none has.
  public func setting(_ key: String, to text: String) throws -> Session {
    var session = self
    var failure: (any Error)?
    var applied = 0
    for index in runs.indices {
      do {
        session.runs[index].recipe = try runs[index].recipe.setting(key, to: text)
        applied += 1
      } catch { failure = failure ?? error }
    }
    if applied == 0 || runs.allSatisfy({ $0.recipe[key] != nil }), let failure { throw failure }
    return session
  }
}

struct SessionPlan {
  /// A row of the table: a method, or a variant of one under a name of its own.
  struct Contender {
    let name: String?
    let method: String
    let line: Int
    let entries: [YAMLDocument.Entry]
  }

  let base: Recipe
  let contenders: [Contender]
  let sweeps: [[YAMLDocument.Entry]]
  let seeds: [(text: String, line: Int)]
  /// Test folds whose runs are averaged like those of seeds; empty: the recipe's fold alone.
  let folds: [(text: String, line: Int)]

  private static let most = 10_000

  /// Seed by seed, so that rows can be compared early. Throws `RecipeError`.
  func runs(_ document: YAMLDocument) throws -> [Session.Run] {
    let places = folds.isEmpty ? [nil] : folds.map { Optional($0) }
    guard seeds.count * places.count * sweeps.count * contenders.count <= Self.most else {
      throw document.error(line: 1, "makes over \(Self.most) runs; expected fewer")
    }
    let runs = try seeds.flatMap { seed in
      try places.flatMap { fold in
        try sweeps.flatMap { point in
          try contenders.map { try run($0, point, seed, fold, document.file) }
        }
      }
    }
    try checkNames(runs, document)
    return runs
  }

  private func run(
    _ contender: Contender, _ point: [YAMLDocument.Entry], _ seed: (text: String, line: Int),
    _ fold: (text: String, line: Int)?, _ file: String
  ) throws -> Session.Run {
    var entries = [
      YAMLDocument.Entry(key: "method.id", text: contender.method, line: contender.line),
      YAMLDocument.Entry(key: "seed", text: seed.text, line: seed.line),
    ]
    if let fold {
      entries.append(
        YAMLDocument.Entry(key: "dataset.testFold", text: fold.text, line: fold.line))
    }
    let recipe = try base.applying(entries, file: file)
      .applying(contender.entries, file: file).applying(point, file: file)
    var name = Self.fileSafe(contender.name ?? recipe.method)
    var sweep: [String: String] = [:]
    for entry in point {
      let value = recipe[entry.key] ?? entry.text
      sweep[entry.key] = value
      let key =
        entry.key.hasSuffix(".id") ? "" : entry.key.split(separator: ".").last.map(String.init)
      name += "-\(key ?? "")\(Self.fileSafe(value))"
    }
    if let fold { name += "-fold\(Self.fileSafe(fold.text))" }
    return Session.Run(
      name: "\(name)-s\(recipe.seed)", recipe: recipe, sweep: sweep, variant: contender.name)
  }

  private static func fileSafe(_ text: String) -> String {
    String(
      text.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0)) ? $0 : "_" })
  }

  private func checkNames(_ runs: [Session.Run], _ document: YAMLDocument) throws {
    var names: Set<String> = []
    for run in runs where !names.insert(run.name).inserted {
      throw document.error(
        line: 1, "two runs are called \(run.name); expected methods, seeds and values once each")
    }
  }
}

extension Session {
  /// Session folders in these directories and in folders of sessions there, by name; a name found
  /// twice counts where it came first.
  public static func all(in folders: [URL]) throws -> [URL] {
    var seen: Set<String> = []
    return try folders.flatMap { folder in
      try subfolders(folder).flatMap { place in
        try unlessForbidden {
          try holdsSession(place) ? [place] : subfolders(place).filter(holdsSession)
        }
      }
    }.filter { seen.insert($0.lastPathComponent).inserted }
  }

  /// Skips a folder among sessions that its owner has closed to others (`lost+found`).
  private static func unlessForbidden(_ look: () throws -> [URL]) throws -> [URL] {
    do { return try look() } catch let error as Problem where error.systemError == EACCES {
      return []
    }
  }

  private static func subfolders(_ folder: URL) throws -> [URL] {
    try StoredFile.names(in: folder).map { folder.appendingPathComponent($0) }
  }

  /// By path of a `session.yaml` or its folder, else by name in these directories; a session in a
  /// folder of sessions also by both names, `lessons/mean-teacher`.
  public static func find(_ name: String, in folders: [URL]) throws -> Session {
    let path = URL(fileURLWithPath: name)
    let isFile = path.pathExtension == "yaml"
    if try isFile || holdsSession(path) { return try read(path) }
    let nested = folders.map { $0.appendingPathComponent(name) }
    if let folder = try nested.first(where: holdsSession) { return try read(folder) }
    let known = try all(in: folders)
    if let folder = known.first(where: { $0.lastPathComponent == name }) { return try read(folder) }
    let places = folders.map(\.relativePath).joined(separator: ", ")
    let names = known.map(\.lastPathComponent)
    guard !names.isEmpty else {
      throw RecipeError(
        key: name, message: "no such session; expected a folder with session.yaml in \(places)")
    }
    throw RecipeError(key: name, message: RecipeError.unknown("session", name, among: names))
  }

  static func holdsSession(_ folder: URL) throws -> Bool {
    try StoredFile.exists(folder.appendingPathComponent("session.yaml"))
  }
}
