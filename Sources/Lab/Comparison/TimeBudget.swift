// The time that a comparison may take.

/// A budget of time for a comparison, at least a second.
public struct TimeBudget: Codable, Sendable, Equatable {
  public let seconds: Double

  public static let usual = TimeBudget(seconds: 15 * 60)
  /// The longest, s.
  static let longest = 7 * 24 * 3600.0
  /// A run that is not finished after this share of the budget is stopped. What follows, reading
  /// the predictions and the verdict, ends before a share of 1.2.
  static let stop = 1.12
  /// Share of the budget that is kept for the verdict.
  static let reserve = 0.03

  init(seconds: Double) { self.seconds = seconds }

  /// `90s`, `10m`, `1.5h`; nil for anything else, and outside of one second to seven days.
  public init?(_ text: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()),
      text.first?.isNumber == true, (1...Self.longest).contains(number * unit)
    else { return nil }
    seconds = number * unit
  }

  /// "90 s", "15 min".
  package var text: String {
    let (value, unit) = seconds < 120 ? (seconds, "s") : (seconds / 60, "min")
    return value == value.rounded() ? "\(Int(value)) \(unit)" : "\(value) \(unit)"
  }
}
