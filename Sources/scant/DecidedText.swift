// Scores before and after calibration and chosen thresholds, as `scant evaluate` prints them.
import Canvas
import Foundation
import Lab
import Metrics
import Output

struct DecidedText {
  private let found: DecidedEvaluation

  init(_ found: DecidedEvaluation) { self.found = found }

  /// What was chosen, a table of scores, a reliability diagram, notes.
  var lines: [String] {
    [heading, "", scores, "", "reliability, observed labels of all classes:", diagram] + found.notes
  }

  /// `calibration platt, thresholds f1, chosen on 200 validation clips`
  private var heading: String {
    let temperature = found.temperature.map { " \($0.fixed(2))" } ?? ""
    let clips = found.validationClips
    return "calibration \(found.calibration.rawValue)\(temperature), thresholds "
      + "\(found.thresholdRule.rawValue), chosen on \(clips) validation "
      + "clip\(clips == 1 ? "" : "s")"
  }

  private var scores: String {
    var table = ConsoleTable(
      ["\(found.split), \(found.network)", "before", "after"], numbers: [1, 2])
    for (id, value) in found.before.sorted(by: { $0.key < $1.key }) {
      table.append([id, value.fixed(4), text(found.after?[id], 4)])
    }
    table.append(
      ["ece", text(found.diagramBefore.error, 4), text(found.diagramAfter?.error, 4)])
    return table.text
  }

  /// Thresholds change no probability: without a calibration there is nothing to show after it.
  private var diagram: String {
    let isCalibrated = found.calibration != .none
    let after = isCalibrated ? ["after: labels", "predicted", "observed"] : []
    var table = ConsoleTable(
      ["probability", "labels", "predicted", "observed"] + after + [""],
      numbers: Set(1..<4 + after.count))
    for (place, bin) in found.diagramBefore.bins.enumerated() {
      let other = found.diagramAfter?.bins[place]
      let scaled = isCalibrated ? other.map(cells) ?? ["–", "–", "–"] : []
      let shown = isCalibrated ? other ?? bin : bin
      table.append(
        ["\(bin.low.fixed(1)) to \(bin.high.fixed(1))"] + cells(bin) + scaled
          + [bar(shown.share)])
    }
    return table.text
  }

  private func cells(_ bin: ClassReport.Bin) -> [String] {
    ["\(bin.count)", text(bin.score, 2), text(bin.share, 2)]
  }

  /// A mark for every twentieth of a share.
  private func bar(_ share: Double?) -> String {
    String(repeating: "#", count: Int(((share ?? 0) * 20).rounded()))
  }

  private func text(_ value: Double?, _ digits: Int) -> String { value?.fixed(digits) ?? "–" }
}
