// Range checks of settings, which may come from a recipe.

/// Throws an `AudioError` that names the setting and the expected range.
enum SettingsCheck {
  static func range(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw AudioError(
        file: "",
        reason: "\(name) \(value); expected \(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// Checks the settings that all front ends with frames have.
  static func frames(sampleRate: Int, nFFT: Int, windowLength: Int, hopLength: Int) throws {
    try range("sampleRate", sampleRate, 1_000...768_000)
    try range("nFFT", nFFT, 2...(1 << 20))
    try range("windowLength", windowLength, 1...nFFT)
    try range("hopLength", hopLength, 1...(1 << 20))
  }

  /// Checks the edges of a filter bank in Hz.
  static func edges(_ fMin: Double, _ fMax: Double, sampleRate: Int) throws {
    let half = Double(sampleRate) / 2
    guard fMin >= 0, fMin < fMax, fMax <= half else {
      throw AudioError(
        file: "", reason: "fMin \(fMin) and fMax \(fMax) Hz; expected 0 <= fMin < fMax <= \(half)")
    }
  }
}
