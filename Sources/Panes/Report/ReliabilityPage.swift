import Canvas
import Lab
import Metrics

/// The reliability diagram of all classes of a finished run, with and without a temperature, as
/// lines of text.
struct ReliabilityPage {
  private let found: AfterTraining?
  private let split: String
  private let width: Int
  private let glyphs: GlyphSet

  init(_ found: AfterTraining?, split: String, width: Int, glyphs: GlyphSet) {
    (self.found, self.split) = (found, split)
    (self.width, self.glyphs) = (width, glyphs)
  }

  var lines: [StyledText] {
    guard let raw = diagram(.none), let scaled = diagram(.temperature) else {
      return [
        "this run has no reliability diagram: its validation labels are of one kind,",
        "or it was trained by an earlier build; scant evaluate RUN --calibrate temperature",
      ].map { StyledText($0, .muted) }
    }
    let title = "probability    labels predicted observed    temperature: labels pred. obs."
    return [StyledText(errors), StyledText(sharing, .muted), StyledText(title, .muted)]
      + zip(raw.bins, scaled.bins).map(line)
  }

  private func diagram(_ calibration: Recalibration) -> Reliability? {
    found?.diagrams.first { $0.split == split && $0.calibration == calibration }?.diagram
  }

  /// `test, calibration error: 0.113; with temperature 0.041, platt 0.035`
  private var errors: String {
    func error(_ calibration: Recalibration) -> String { text(diagram(calibration)?.error, 3) }
    return "\(split), calibration error \(error(.none)); with temperature "
      + "\(error(.temperature)), Platt \(error(.platt))"
  }

  private var sharing: String {
    if split == "validation" { return "each half of the clips is calibrated by the other half" }
    guard let found, found.sharing > 0 else { return "chosen on validation clips" }
    return "chosen on validation clips; classes with too few labels there: \(found.sharing)"
  }

  private func line(_ raw: ClassReport.Bin, _ scaled: ClassReport.Bin) -> StyledText {
    let place = "\(raw.low.fixed(1)) to \(raw.high.fixed(1))"
    let numbers =
      "\(raw.count)".padded(to: 9, .right) + text(raw.score, 2).padded(to: 10, .right)
      + text(raw.share, 2).padded(to: 9, .right) + "\(scaled.count)".padded(to: 23, .right)
      + text(scaled.score, 2).padded(to: 6, .right) + text(scaled.share, 2).padded(to: 5, .right)
    return StyledText(
      place.padded(to: 12) + numbers, raw.count + scaled.count == 0 ? .muted : .text)
  }

  private func text(_ value: Double?, _ digits: Int) -> String { value?.fixed(digits) ?? "-" }
}
