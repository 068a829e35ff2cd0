// How many labels of each class are observed, by split.
import Datasets
import Foundation

/// The labels that runs of a recipe learn from and are scored on.
public struct LabelCounts: Sendable, Equatable {
  /// The observed labels of one class.
  public struct Counts: Sendable, Equatable {
    public var present: Int
    public var absent: Int

    public init(present: Int, absent: Int) { (self.present, self.absent) = (present, absent) }
  }

  /// One split; `classes` in the order of the data set.
  public struct Split: Sendable, Equatable {
    public var name: String
    public var clips: Int
    public var classes: [Counts]

    public init(name: String, clips: Int, classes: [Counts]) {
      (self.name, self.clips, self.classes) = (name, clips, classes)
    }
  }

  public var dataset: String
  public var classes: [String]
  /// Training, validation, test.
  public var splits: [Split]

  public init(dataset: String, classes: [String], splits: [Split]) {
    (self.dataset, self.classes, self.splits) = (dataset, classes, splits)
  }
}

extension RunExecutor {
  /// The labels of a recipe's data set, hidden as its runs have them; blocking. Needs no sound.
  ///
  /// - Throws: One line if the data set cannot be opened.
  public func labelCounts(_ recipe: Recipe) throws -> LabelCounts {
    let dataset = try data.open(recipe, progress: nil)
    let clips = recipe.hiding(dataset.clips)
    return LabelCounts(
      dataset: dataset.title, classes: dataset.classes,
      splits: Split.allCases.map { split in
        let members = clips.filter { $0.split == split }
        let counts = dataset.classes.indices.map { k in
          LabelCounts.Counts(
            present: members.count { LabelState($0.labels[k]).isPositive },
            absent: members.count { LabelState($0.labels[k]).isNegative })
        }
        return LabelCounts.Split(name: split.rawValue, clips: members.count, classes: counts)
      })
  }
}
