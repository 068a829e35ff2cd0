/// Where a label comes from, one letter each; the letters are those of the ASCII screens.
public enum LabelState: UInt8, Sendable, CaseIterable {
  case missing, positive, negative, masked, teacher, human

  public var letter: Character {
    switch self {
    case .missing: "."
    case .positive: "P"
    case .negative: "n"
    case .masked: "x"
    case .teacher: "t"
    case .human: "h"
    }
  }
}
