import Canvas

/// Actions of every screen: moving about, the run, the shell around the screens.
extension Action.ID {
  public static let up = Self("up"), down = Self("down"), left = Self("left")
  public static let right = Self("right"), pageUp = Self("pageUp"), pageDown = Self("pageDown")
  public static let first = Self("first"), last = Self("last"), open = Self("open")
  public static let back = Self("back"), leave = Self("leave")
  public static let nextPane = Self("nextPane"), previousPane = Self("previousPane")
  public static let focusLeft = Self("focusLeft"), focusDown = Self("focusDown")
  public static let focusUp = Self("focusUp"), focusRight = Self("focusRight")
  public static let fullScreen = Self("fullScreen"), resetLayout = Self("resetLayout")
  public static let help = Self("help"), palette = Self("palette")

  public static let run = Self("run"), pause = Self("pause"), step = Self("step")
  public static let phase = Self("phase"), epoch = Self("epoch"), stop = Self("stop")
  public static let checkpoint = Self("checkpoint"), queue = Self("queue")

  public static let theme = Self("theme"), glyphs = Self("glyphs"), color = Self("color")
  public static let export = Self("export"), copy = Self("copy")
  public static let record = Self("record"), playMacro = Self("playMacro")
  public static let wider = Self("wider"), narrower = Self("narrower")
  public static let taller = Self("taller"), shorter = Self("shorter"), fold = Self("fold")
  public static let redraw = Self("redraw"), suspend = Self("suspend")
}

extension Action {
  static let shell =
    cursors + focus + lists + training + surroundings
    + [StartOverlay.action, Guide.action, ColumnsOverlay.action]

  private static let cursors: [Action] = [
    Action(.down, "down", "next line; next curve in a plot", .of("j") + [.down]) {
      $0.moveCursor(by: 1)
    },
    Action(.up, "up", "previous line; previous curve", .of("k") + [.up]) {
      $0.moveCursor(by: -1)
    },
    Action(.left, "left", "left: choices, cells, inspect cursor", .of("h") + [.left]) {
      $0.moveAcross(-1)
    },
    Action(.right, "right", "right", .of("l") + [.right]) { $0.moveAcross(1) },
    Action(.pageDown, "page down", "a page down", [.pageDown, .ctrl("d")]) {
      $0.moveCursor(by: $0.page)
    },
    Action(.pageUp, "page up", "a page up", [.pageUp, .ctrl("u")]) {
      $0.moveCursor(by: -$0.page)
    },
    Action(.first, "first", "to the first line", .of("g") + [.home]) {
      $0.moveCursor(by: Int.min / 2)
    },
    Action(.last, "last", "to the last line", .of("G") + [.end]) {
      $0.moveCursor(by: Int.max / 2)
    },
    Action(.open, "open", "choose, open or edit what is under the cursor", [.enter]) {
      $0.openSelection()
    },
    Action(.back, "back", "close the dialog, text, full screen or filter", [.escape]) {
      $0.leave()
    },
    Action(.leave, "quit", "close a layer, then quit (asks while training)", .of("q")) {
      $0.leave(quits: true)
    },
  ]

  private static let focus: [Action] = [
    Action(.nextPane, "pane", "focus the next pane", [.tab]) { $0.focusNext(by: 1) },
    Action(.previousPane, "pane back", "focus the previous pane", [.backTab]) {
      $0.focusNext(by: -1)
    },
    Action(.focusLeft, "pane left", "focus the pane at the left", .of("H")) {
      $0.focusBeside(.focusLeft)
    },
    Action(.focusDown, "pane below", "focus the pane below", .of("J")) {
      $0.focusBeside(.focusDown)
    },
    Action(.focusUp, "pane above", "focus the pane above", .of("K")) {
      $0.focusBeside(.focusUp)
    },
    Action(.focusRight, "pane right", "focus the pane at the right", .of("L")) {
      $0.focusBeside(.focusRight)
    },
    Action(.fullScreen, "full", "show the focused pane alone, or all panes", .of("f")) {
      $0.isFull.toggle()
      return []
    },
    Action(.resetLayout, "reset layout", "reset the panes of this screen", .of("0")) {
      $0.resetLayout()
    },
    Action(.help, "help", "keys and legend of this screen; / searches it", .of("?") + [.f(1)]) {
      $0.overlay = HelpOverlay()
      return []
    },
    Action(.palette, "palette", "every action by name: type, enter", .of(":") + [.ctrl("p")]) {
      $0.overlay = CommandPalette()
      return []
    },
  ]

  private static let training: [Action] = [
    Action(
      .run, "run", "train all unfinished runs; on 2 Method the recipe shown", .of("R")
    ) { $0.control(.run) },
    Action(.pause, "pause", "pause or resume, between two batches", .of(" ")) {
      $0.control(.pause)
    },
    Action(.step, "step", "train one batch and pause; 5. trains five", .of(".")) {
      $0.control(.step)
    },
    Action(.epoch, "epoch", "train to the end of the epoch and pause", .of(">")) {
      $0.control(.epoch)
    },
    Action(.stop, "stop…", "choose how to stop the run", .of("S")) { $0.control(.stop) },
    Action(.checkpoint, "ckpt", "write a checkpoint now", .of("c")) { $0.control(.checkpoint) },
    Action(.queue, "queue", "the runs that wait: order, skip, remaining time", .of("Q")) {
      QueueOverlay.open(&$0)
    },
  ]

  private static let surroundings: [Action] = [
    Action(.theme, "theme…", "themes by name, shown while you choose", .of("T")) {
      ThemeOverlay.open(&$0)
    },
    Action(.glyphs, "glyphs", "next glyph tier: unicode, block, ascii", .of("A")) { _ in
      [.cycleGlyphs]
    },
    Action(.color, "colours", "next number of colours: none, 16, 256", .of("C")) { _ in
      [.cycleColor]
    },
    Action(
      .export, "export…", "write curves, this frame, the mask, a sound or a recording to a file",
      .of("E")
    ) { $0.askExport() },
    Action(
      .copy, "copy", "copy this pane; on 2 Method the command line", [.ctrl("y")]
    ) { $0.copy() },
    Action(.record, "record", "start or stop recording keys", [.ctrl("r")]) { $0.recordKeys() },
    Action(
      .playMacro, "play keys", "replay the recorded keys; 3@ replays them three times", .of("@")
    ) {
      $0.playKeys()
    },
    Action(.wider, "wider", "the focused pane wider; drag a border too", .of(")")) {
      $0.changeLayout { $0.widen($1, by: PaneLayout.step) }
    },
    Action(.narrower, "narrower", "the focused pane narrower", .of("(")) {
      $0.changeLayout { $0.widen($1, by: -PaneLayout.step) }
    },
    Action(.taller, "taller", "the focused pane taller", .of("}")) {
      $0.changeLayout { $0.heighten($1, by: PaneLayout.step) }
    },
    Action(.shorter, "shorter", "the focused pane shorter", .of("{")) {
      $0.changeLayout { $0.heighten($1, by: -PaneLayout.step) }
    },
    Action(.fold, "fold", "fold the focused pane; 0 unfolds all", .of("F")) {
      $0.fold()
    },
    Action(.redraw, "redraw", "repaint the screen", [.ctrl("l")]) { _ in [.redraw] },
    Action(
      .suspend, "suspend", "suspend to the shell, training included; fg resumes", [.ctrl("z")]
    ) { _ in [.suspend] },
  ]
}
