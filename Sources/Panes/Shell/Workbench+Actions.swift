import Lab

/// What each action does. Keys, the footer and key scripts all come through `perform`.
extension Workbench {
  public mutating func perform(_ id: Action.ID) -> [Effect] {
    switch id {
    case .showData, .showMethod, .showTrain, .showClips, .showMissing, .showCompare, .showSessions:
      return show(id)
    case .up, .down, .left, .right, .pageUp, .pageDown, .first, .last: return move(id)
    case .open: return openSelection()
    case .back, .leave: return leave(id)
    case .nextPane, .previousPane, .fullScreen, .resetLayout, .help, .palette: return arrange(id)
    case .focusLeft, .focusDown, .focusUp, .focusRight: return focusBeside(id)
    case .addRun, .pin, .metric, .align, .allSettings, .deltas, .groupRuns, .flipNetwork:
      return compareAction(id)
    case .openSession, .replay, .resumeRun, .deleteRun: return sessionAction(id)
    case .stepBack: return replay == nil ? stepBack() : controlReplay(id)
    case .changes: return showChanges()
    case .goTo: return goTo()
    case .previousMark, .nextMark, .faster, .slower, .bookmark: return travel(id)
    case .run, .pause, .step, .phase, .epoch, .stop, .checkpoint:
      return replay == nil ? control(id) : controlReplay(id)
    case .theme: return [.cycleTheme]
    case .glyphs: return [.cycleGlyphs]
    case .color: return [.cycleColor]
    case .wider, .narrower, .taller, .shorter, .fold: return changeLayout(id)
    case .export: return askExport()
    case .copy: return copy()
    case .record, .playMacro: return macroAction(id)
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .logY, .xAxis, .smoothing, .inspect, .warnings, .zoomIn, .zoomOut, .zoomAll:
      return adjustPlots(id)
    case .distances: return flipDistances()
    case .classOrder, .flipView, .binSize, .clipOrder: return reorder(id)
    case .edit, .initial: return editField(id)
    case .maskMore, .maskLess, .keepShare, .blink: return maskAction(id)
    case .annotate, .answerYes, .answerNo, .answerOpen, .takeBack, .exportQuestions, .useAnswers:
      return annotateAction(id)
    case .maskedOnly, .activations, .exportSound: return clipView(id)
    case .unmask: return unmask()
    case .moreLabels: return queueMoreLabels()
    case .search, .split, .play: return clipAction(id)
    case .flipPicture: return flipPicture()
    case .disagreement, .teacherOnly, .watch: return compareModels(id)
    }
  }

  private mutating func show(_ id: Action.ID) -> [Effect] {
    guard let place = Screen.allCases.first(where: { $0.action == id }) else { return [] }
    screen = place
    isFull = false
    if place != .missing { dropPreview() }
    return arrive()
  }

  /// What the screen that is shown needs to be told.
  public mutating func arrive() -> [Effect] {
    switch screen {
    case .missing:
      resumStale()
      return askTeacher()
    case .clips: return lookAtClip()
    case .compare, .sessions: return [.engine(.sessions(.list))]
    case .data, .method, .train: return []
    }
  }

  /// Out one layer; the last layer is the program itself.
  private mutating func leave(_ id: Action.ID) -> [Effect] {
    if isFull {
      isFull = false
    } else if screen == .train, train.inspect != nil {
      train.inspect = nil
    } else if trainView != .curves {
      (train.showsStep, train.showsDistances) = (false, false)
    } else if screen == .train, run.fault != nil, !train.faultSeen {
      train.faultSeen = true
    } else if let effects = leaveMode() {
      return effects
    } else if replay != nil, screen == .train || screen == .sessions {
      return endReplay()
    } else if id == .leave {
      guard isTraining else { return [.engine(.shutDown), .quit] }
      overlay = .menu(isAttached ? .quitAttached : .quit(isHeld: run.lifecycle.state == .paused))
    } else {
      say("nothing to leave here; q quits")
    }
    return []
  }

  /// Out of what a screen shows for a while; nil where it shows nothing of the kind.
  private mutating func leaveMode() -> [Effect]? {
    if screen == .missing, missing.preview != nil {
      dropPreview()
    } else if screen == .missing, missing.blinks {
      missing.blinks = false
    } else if screen == .clips, annotation.isOn {
      return endAnnotation()
    } else if screen == .clips, !clips.filter.isEmpty {
      clips.filter = ClipFilter()
      refilter()
      return lookAtClip()
    } else {
      return nil
    }
    return []
  }

  private mutating func arrange(_ id: Action.ID) -> [Effect] {
    switch id {
    case .nextPane: focusNext(by: 1)
    case .previousPane: focusNext(by: -1)
    case .fullScreen: isFull.toggle()
    case .help: overlay = .help(HelpState())
    case .palette: overlay = .palette(PaletteState())
    default: resetLayout()
    }
    return []
  }

  /// The pane that has the keys.
  var focused: Pane {
    let shown = visiblePanes
    guard let wanted = focus[screen] else { return shown.first ?? .primary(of: screen) }
    return shown.contains(wanted) ? wanted : shown.first ?? wanted
  }

  /// In `Tab` order: what the screen's size shows, or every pane while one is shown alone.
  var visiblePanes: [Pane] {
    let all = Pane.allCases.filter { $0.screen == screen && $0.trainView == trainView }
    if isFull { return all }
    let shown = Arrangement(of: self, width: size.width, height: size.height).panes.map(\.pane)
    return shown.isEmpty ? all : shown
  }

  private mutating func focusNext(by step: Int) {
    let panes = visiblePanes
    guard let here = panes.firstIndex(of: focused) else { return }
    focus[screen] = panes[(here + step + panes.count) % panes.count]
  }
}
