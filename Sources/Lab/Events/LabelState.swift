/// Where a label comes from, one letter each; the letters are those of the ASCII screens, where an
/// answer given by hand is `h` whatever it says.
public enum LabelState: UInt8, Sendable, CaseIterable {
  case missing, positive, negative, masked, teacher, answeredYes, answeredNo

  public var letter: Character {
    switch self {
    case .missing: "."
    case .positive: "P"
    case .negative: "n"
    case .masked: "x"
    case .teacher: "t"
    case .answeredYes: "H"
    case .answeredNo: "h"
    }
  }

  /// Given by hand after the data set was made: an entry of a label patch.
  public var isAnswered: Bool { self == .answeredYes || self == .answeredNo }

  public var isPositive: Bool { self == .positive || self == .answeredYes }

  public var isNegative: Bool { self == .negative || self == .answeredNo }

  /// Somebody has said yes or no.
  public var isObserved: Bool { isPositive || isNegative }
}
