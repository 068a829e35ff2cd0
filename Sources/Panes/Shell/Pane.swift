/// A region of a screen that can have the focus. The order within a screen is that of `Tab`.
public enum Pane: String, Sendable, CaseIterable, Hashable {
  case datasets, classes, sample
  case methods, form, runs, explain
  case loss, metric, terms, scores, classScores, log
  case formula, phases, watched, batch
  case ownDistances, theirDistances, distanceGap, agreement
  case clipList, history, spectrogram, predictions
  case map, shares, cell
  case compared, overlay, differences, deltas
  case sessionList, sessionDetail, timeline

  public var screen: Screen {
    switch self {
    case .datasets, .classes, .sample: .data
    case .methods, .form, .runs, .explain: .method
    case .loss, .metric, .terms, .scores, .classScores, .log: .train
    case .formula, .phases, .watched, .batch: .train
    case .ownDistances, .theirDistances, .distanceGap, .agreement: .train
    case .clipList, .history, .spectrogram, .predictions: .clips
    case .map, .shares, .cell: .missing
    case .compared, .overlay, .differences, .deltas: .compare
    case .sessionList, .sessionDetail, .timeline: .sessions
    }
  }

  /// What the Train screen has to show for the pane to be there; `.curves` on other screens.
  var trainView: TrainView {
    switch self {
    case .formula, .phases, .watched, .batch: .step
    case .ownDistances, .theirDistances, .distanceGap, .agreement: .distances
    default: .curves
    }
  }

  /// The pane that is left when there is room for one only.
  public static func primary(of screen: Screen) -> Pane {
    switch screen {
    case .data: .datasets
    case .method: .form
    case .clips: .spectrogram
    case .missing: .map
    case .train: .loss
    case .compare: .overlay
    case .sessions: .sessionList
    }
  }
}
