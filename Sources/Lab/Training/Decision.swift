// Which classes a run finds in a sound: decisions from probabilities, and where they hold.
import Foundation
import Metrics

/// Which classes are found, from calibrated probabilities and the threshold of each class.
public struct Decision: Sendable, Equatable {
  public let classes: [String]
  /// `student` or `teacher`: the network that is the method's result.
  public let network: String
  public let thresholds: [Float]
  /// Nil where nothing was chosen on validation clips.
  public let calibration: Calibration?
  /// Exactly one class is found, the most probable one.
  public let isSingleLabel: Bool

  /// Without a calibration, `threshold` is that of every class.
  public init(
    classes: [String], network: String, calibration: Calibration?, threshold: Float = 0.5,
    isSingleLabel: Bool
  ) {
    self.classes = classes
    self.network = network
    self.calibration = calibration
    self.isSingleLabel = isSingleLabel
    thresholds =
      calibration?.thresholds ?? [Float](repeating: threshold, count: classes.count)
  }

  /// With a `threshold`, no calibration is looked up. Otherwise reads the run's calibration, or
  /// makes it from the validation clips; if neither is possible, the threshold is 0.5 and `notice`
  /// is called with one line.
  ///
  /// - Throws: `Problem` for a damaged calibration; `CancellationError`.
  public init(
    _ folder: RunFolder, _ predictor: Predictor, threshold: Double? = nil,
    executor: RunExecutor = RunExecutor(), progress: PreparationHandler? = nil,
    notice: (String) -> Void
  ) throws {
    let classes = predictor.classes
    func found() throws -> RunCalibration? {
      if let stored = try RunCalibration.read(folder, classes: classes) { return stored }
      var why = "the validation labels are all of one kind"
      do {
        if let made = try executor.calibrate(folder, progress: progress) { return made }
      } catch let error as CancellationError { throw error } catch {
        why = reason(of: error)
      }
      notice("no thresholds could be chosen on validation clips (\(why)); 0.5 is used")
      return nil
    }
    self.init(
      classes: classes, network: predictor.result,
      calibration: threshold == nil ? try found()?.calibration : nil,
      threshold: Float(threshold ?? 0.5), isSingleLabel: predictor.isSingleLabel)
  }

  /// The calibrated probabilities of the method's result.
  public func probabilities(_ student: [Float], _ teacher: [Float]?) -> [Float] {
    let raw = network == "teacher" ? teacher ?? student : student
    return calibration?.calibrated(raw) ?? raw
  }

  /// Indices of the classes that are found.
  public func found(_ probabilities: [Float]) -> [Int] {
    if isSingleLabel {
      return probabilities.indices.max { probabilities[$0] < probabilities[$1] }.map { [$0] } ?? []
    }
    return probabilities.indices.filter { probabilities[$0] >= thresholds[$0] }
  }
}

/// Part of a recording in which a class was found.
public struct FoundRegion: Sendable, Equatable {
  /// In s from the beginning of the file.
  public let start, end: Double
  public let name: String

  /// Neighbouring and overlapping windows are joined. By start, then by the order of the classes.
  public static func all(in prediction: SoundPrediction, _ decision: Decision) -> [FoundRegion] {
    var regions: [[FoundRegion]] = decision.classes.map { _ in [] }
    for window in prediction.windows {
      let probabilities = decision.probabilities(window.student, window.teacher)
      for index in decision.found(probabilities) {
        let last = regions[index].last
        let joins = last.map { window.start <= $0.end + 1e-6 } ?? false
        if joins { regions[index].removeLast() }
        regions[index].append(
          FoundRegion(
            start: joins ? last?.start ?? window.start : window.start, end: window.end,
            name: decision.classes[index]))
      }
    }
    return regions.flatMap { $0 }.sorted { $0.start < $1.start }
  }

  /// Seconds as `1:02:03`, `2:03`, or `2:03.5` if the second is not whole.
  public static func clock(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    let (second, minute, hour) = (tenths / 10 % 60, tenths / 600 % 60, tenths / 36_000)
    let fraction = tenths % 10 == 0 ? "" : ".\(tenths % 10)"
    let rest = String(format: "%02d", second) + fraction
    return hour > 0
      ? "\(hour):" + String(format: "%02d:", minute) + rest : "\(minute):\(rest)"
  }
}
