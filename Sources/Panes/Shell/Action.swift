import Canvas

/// Something a person can do: one row of the table behind keys, footer, help and key scripts.
public struct Action: Sendable, Identifiable {
  /// The name used in key scripts.
  public enum ID: String, Sendable, CaseIterable {
    case showData, showMethod, showTrain, showClips, showMissing, showCompare, showSessions
    case up, down, left, right, pageUp, pageDown, first, last, open, back, leave
    case focusLeft, focusDown, focusUp, focusRight
    case nextPane, previousPane, fullScreen, resetLayout, help, palette
    case run, pause, step, phase, epoch, stop, checkpoint
    case theme, glyphs, color, redraw, suspend, export, copy, record, playMacro
    case wider, narrower, taller, shorter, fold
    case logY, xAxis, smoothing, inspect, warnings, zoomIn, zoomOut, zoomAll
    case distances
    case classOrder, edit, initial
    case search, split, play, disagreement, teacherOnly, watch, flipPicture
    case annotate, answerYes, answerNo, answerOpen, takeBack, exportQuestions, useAnswers
    case maskedOnly, activations, exportSound
    case flipView, binSize, clipOrder, maskMore, maskLess, keepShare, unmask, blink, moreLabels
    case addRun, pin, metric, align, allSettings, deltas, groupRuns, flipNetwork
    case openSession, replay, resumeRun, deleteRun
    case stepBack, previousMark, nextMark, faster, slower, bookmark, changes, goTo
  }

  /// Keys and the screens on which they mean this action.
  public struct Binding: Sendable {
    public let keys: [Key]
    public let screens: Set<Screen>
  }

  public let id: ID
  /// One or two words, for the footer.
  public let title: String
  /// One line, for the help overlay.
  public let help: String
  public let bindings: [Binding]

  init(
    _ id: ID, _ title: String, _ help: String, _ keys: [Key],
    on screens: [Screen] = Screen.allCases, or others: (keys: [Key], screens: [Screen])? = nil
  ) {
    self.id = id
    self.title = title
    self.help = help
    var bindings = [Binding(keys: keys, screens: Set(screens))]
    if let others { bindings.append(Binding(keys: others.keys, screens: Set(others.screens))) }
    self.bindings = bindings
  }

  /// Where the action means something.
  public var screens: Set<Screen> { bindings.reduce(into: []) { $0.formUnion($1.screens) } }

  /// The keys that mean this action on a screen, the one to print first.
  public func keys(on screen: Screen) -> [Key] {
    bindings.filter { $0.screens.contains(screen) }.flatMap(\.keys)
  }

  /// Whether the action is there on every screen.
  public var isEverywhere: Bool { screens.isSuperset(of: Screen.allCases) }
}
