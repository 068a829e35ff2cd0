// The calibration of a run: temperature and decision thresholds, chosen on validation clips and
// kept in the run's folder.
import Datasets
import Formats
import Foundation
import Layers
import Methods
import Metrics

/// What `calibration.json` in a run's folder holds.
public struct RunCalibration: Codable, Sendable, Equatable {
  /// `student` or `teacher`: the network that is the method's result.
  public let network: String
  public let classes: [String]
  public let calibration: Calibration

  /// Reads the file of a run; nil if there is none. Throws `Problem` if it is not a calibration.
  public static func read(_ folder: RunFolder, classes: [String]) throws -> RunCalibration? {
    guard let data = try StoredFile.bytes(folder.calibration) else { return nil }
    let found: RunCalibration
    do { found = try JSONDecoder().decode(RunCalibration.self, from: data) } catch {
      throw Problem(
        folder.calibration.path, "not a calibration; expected the file as written, or none")
    }
    guard found.classes == classes, found.calibration.thresholds.count == classes.count else {
      throw Problem(
        folder.calibration.path, "other classes than the run's; expected the file as written")
    }
    return found
  }

  /// The calibration of a method's result on validation clips; nil if there is no clip, or if the
  /// labels are all of one kind.
  init?(of labelled: LabelledScores, _ network: NetworkName, classes: [String]) {
    guard let calibration = Calibration(fitting: labelled) else { return nil }
    self.network = network.rawValue
    self.classes = classes
    self.calibration = calibration
  }

  func write(_ folder: RunFolder) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(try encoder.encode(self), to: folder.calibration)
  }
}

extension RunExecutor {
  /// Chooses temperature and thresholds on the run's validation clips and writes them into its
  /// folder; blocking. Nil, and nothing written, where the validation labels are all of one kind.
  ///
  /// - Throws: One line if the data set cannot be opened or there is no validation clip.
  public func calibrate(
    _ folder: RunFolder, progress: PreparationHandler? = nil
  ) throws -> RunCalibration? {
    let model = try TrainedModel(folder)
    configureThreads(model.recipe)
    let prepared = try data.prepare(model.recipe, training: false, progress: progress)
    guard prepared.dataset.classes == model.classes else {
      throw LabError("\(folder.url.path): the data set has other classes than the run")
    }
    let loader = model.loader(
      prepared.clips(model.recipe).filter { $0.split == .validation }, prepared)
    guard loader.count > 0 else {
      throw LabError("\(folder.url.path): no validation clip; expected some to calibrate on")
    }
    let network = model.result
    guard let classifier = model[network] else { return nil }
    let found = RunCalibration(
      of: try loader.labelled(by: classifier, of: model), network, classes: model.classes)
    try found?.write(folder)
    return found
  }
}
