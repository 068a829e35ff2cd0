/// The origin of a label, for drawing. The raw values follow the order of Lab's `LabelState`, which
/// this half of the program does not import.
public enum LabelMark: UInt8, Sendable, CaseIterable, Hashable {
  case missing, positive, negative, masked, teacher, human

  public var role: Role {
    switch self {
    case .missing: .missing
    case .positive: .positive
    case .negative: .negative
    case .masked: .masked
    case .teacher: .teacher
    case .human: .human
    }
  }
}
