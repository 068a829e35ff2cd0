/// Which actions the last row offers, most useful first; what does not fit falls off the end.
extension Screen {
  public func hints(isTraining: Bool) -> [Action.ID] {
    let running: [Action.ID] = [.pause, .step]
    let run: [Action.ID] = isTraining ? running : [.run]
    switch self {
    case .data: return run + [.open, .nextPane, .classOrder, .fullScreen]
    case .method: return (isTraining ? [] : [.run]) + [.open, .edit, .initial, .nextPane] + running
    case .train:
      let plots: [Action.ID] = [.logY, .smoothing, .fullScreen, .checkpoint, .stop]
      return isTraining
        ? running + plots + [.xAxis, .inspect, .epoch, .nextPane, .warnings]
        : [.run, .logY, .smoothing, .xAxis, .inspect, .fullScreen, .nextPane, .warnings]
    case .clips: return run + [.search, .split, .play, .nextPane, .fullScreen]
    case .missing: return run + [.flipView, .open, .binSize, .clipOrder, .classOrder, .nextPane]
    case .compare, .sessions: return [.showData, .showTrain]
    }
  }
}
