/// Which actions the last row offers, most useful first; what does not fit falls off the end.
extension Screen {
  /// While a recorded run is shown, on the screens that travel through it.
  static let replayHints: [Action.ID] = [
    .pause, .step, .stepBack, .epoch, .previousMark, .nextMark, .changes, .back, .goTo, .faster,
    .slower, .bookmark,
  ]

  /// While a run is walked through step by step.
  static let stepHints: [Action.ID] = [
    .step, .stepBack, .phase, .pause, .epoch, .nextPane, .fullScreen, .back, .checkpoint, .stop,
  ]

  /// While matrices of distances are shown.
  static let distanceHints: [Action.ID] = [
    .distances, .down, .nextPane, .fullScreen, .pause, .epoch, .back, .checkpoint, .stop,
  ]

  /// While missing labels are asked for.
  static let annotationHints: [Action.ID] = [
    .answerYes, .answerNo, .answerOpen, .takeBack, .play, .exportQuestions, .back,
  ]

  /// While another masked share is tried.
  static let previewHints: [Action.ID] = [.maskMore, .maskLess, .keepShare, .flipView, .back]

  public func hints(isTraining: Bool) -> [Action.ID] {
    let lead: [Action.ID] = isTraining ? [.pause, .step] : [.run]
    switch self {
    case .data: return lead + [.open, .nextPane, .classOrder, .fullScreen]
    case .method: return lead + [.open, .edit, .initial, .nextPane, .fullScreen]
    case .train:
      return isTraining
        ? lead + [
          .logY, .smoothing, .fullScreen, .checkpoint, .stop, .phase, .xAxis, .inspect, .zoomIn,
          .epoch, .nextPane, .warnings, .distances,
        ]
        : lead + [
          .phase, .logY, .smoothing, .xAxis, .inspect, .zoomIn, .fullScreen, .nextPane, .warnings,
          .distances,
        ]
    case .clips:
      return lead + [
        .search, .play, .disagreement, .watch, .annotate, .split, .teacherOnly, .maskedOnly,
        .activations, .nextPane, .fullScreen, .flipPicture,
      ]
    case .missing:
      return lead + [
        .flipView, .open, .binSize, .clipOrder, .maskMore, .blink, .classOrder, .nextPane,
      ]
    case .compare:
      return [
        .addRun, .pin, .metric, .align, .allSettings, .deltas, .flipNetwork, .groupRuns,
        .moreLabels, .nextPane,
      ]
    case .sessions:
      return [.open, .resumeRun, .replay, .openSession, .deleteRun, .nextPane, .fullScreen]
    }
  }
}
