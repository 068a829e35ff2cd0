// An experiment: which methods run on which data with which seeds, and the table that comes of
// it. Read from `session.yaml`; its runs lie in `runs/` beside that file.
import Foundation

public struct Session: Sendable, Equatable {
  public struct Run: Sendable, Equatable {
    /// `b1-s0`, `b1-observed0.05-s0`; stable, so that a finished run is found again.
    public var name: String
    public var recipe: Recipe
    /// Swept recipe keys and their values as text.
    public var sweep: [String: String]
    /// The name it goes by in the table, where that is not the method's: one row a name.
    public var variant: String?

    public init(name: String, recipe: Recipe, sweep: [String: String], variant: String? = nil) {
      self.name = name
      self.recipe = recipe
      self.sweep = sweep
      self.variant = variant
    }
  }

  /// The name of its folder.
  public var name: String
  public var title: String
  public var folder: URL
  /// In the order they are trained: seed by seed, so that methods can be compared early.
  public var runs: [Run]
  public var caption: String
  /// Metric ids of the table, the main one first.
  public var columns: [String]
  /// Row name → published value of the main metric.
  public var published: [String: Double]

  public init(
    name: String, title: String, folder: URL, runs: [Run], caption: String = "",
    columns: [String] = Self.defaultColumns, published: [String: Double] = [:]
  ) {
    self.name = name
    self.title = title
    self.folder = folder
    self.runs = runs
    self.caption = caption
    self.columns = columns
    self.published = published
  }

  public static let defaultColumns = ["f1-macro-both", "ap-macro"]

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
