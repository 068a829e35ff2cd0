/// The seven places of the workbench.
public enum Screen: Int, Sendable, CaseIterable, Hashable {
  case data = 1, method, train, clips, missing, compare, sessions

  /// The name in the header, at 100 columns and more.
  public var title: String {
    switch self {
    case .data: "Data"
    case .method: "Method"
    case .train: "Train"
    case .clips: "Clips"
    case .missing: "Missing"
    case .compare: "Compare"
    case .sessions: "Sessions"
    }
  }

  /// What shows it.
  public var action: Action.ID {
    switch self {
    case .data: .showData
    case .method: .showMethod
    case .train: .showTrain
    case .clips: .showClips
    case .missing: .showMissing
    case .compare: .showCompare
    case .sessions: .showSessions
    }
  }

  /// The name in the header below 100 columns.
  public var shortTitle: String {
    switch self {
    case .compare: "Comp"
    case .sessions: "Sess"
    default: title
    }
  }
}
