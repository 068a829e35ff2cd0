// Runs of other programs: all that is known of them stands in their event logs.
import Foundation

/// A run that was trained outside Scant: it has no recipe and no checkpoint of Scant.
public struct OutsideRun: Sendable, Equatable {
  /// The run's folder.
  public let folder: URL
  /// What its program says about it: name to value as text.
  public let settings: [String: String]

  public init(folder: URL, settings: [String: String]) {
    self.folder = folder
    self.settings = settings
  }
}

extension Recipe {
  /// What stands for the recipe of a run that another program trained. Data set, model and method
  /// are names of that program's choice.
  public init(
    outside run: OutsideRun, dataset: String, model: String, method: String, seed: Int
  ) {
    self.init(dataset: dataset, model: model, method: method, seed: seed)
    outside = run
  }

  /// Throws one line if the run was trained outside Scant.
  func demandOwn() throws {
    guard let outside else { return }
    throw LabError(
      "\(outside.folder.path): trained outside Scant; expected a run that scant has trained")
  }
}
