/// A region of a screen that can have the focus. The order within a screen is that of `Tab`.
public enum Pane: String, Sendable, CaseIterable, Hashable {
  case datasets, classes, sample
  case methods, form, runs, explain
  case loss, metric, terms, scores, classScores, log
  case formula, phases, watched, batch
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
    case .clipList, .history, .spectrogram, .predictions: .clips
    case .map, .shares, .cell: .missing
    case .compared, .overlay, .differences, .deltas: .compare
    case .sessionList, .sessionDetail, .timeline: .sessions
    }
  }

  /// Shown while a run is walked through step by step, in place of the curves.
  var isOfStep: Bool { [.formula, .phases, .watched, .batch].contains(self) }

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
