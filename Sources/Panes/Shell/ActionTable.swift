import Canvas

/// All actions. A key that is not here does nothing; a key that is here is documented.
extension Action {
  public static let all: [Action] =
    screenActions + moving + training + shell + own + labels + sessions + compare

  public static func named(_ id: ID) -> Action? { all.first { $0.id == id } }

  private static func key(_ text: String) -> [Key] { text.map { Key.character($0) } }

  private static let screenActions: [Action] = [
    Action(.showData, "data", "data sets, classes, splits", key("1")),
    Action(.showMethod, "method", "method, model, settings, runs", key("2")),
    Action(.showTrain, "train", "the run that trains", key("3")),
    Action(.showClips, "clips", "clips, spectrograms, predictions", key("4")),
    Action(.showMissing, "missing", "which labels are missing", key("5")),
    Action(.showCompare, "compare", "runs side by side", key("6")),
    Action(.showSessions, "sessions", "sessions, their runs, time travel", key("7")),
  ]

  private static let moving: [Action] = [
    Action(.down, "down", "next line; next curve in a plot", key("j") + [.down]),
    Action(.up, "up", "previous line; previous curve", key("k") + [.up]),
    Action(.left, "left", "left: choices, cells, inspect cursor", key("h") + [.left]),
    Action(.right, "right", "right", key("l") + [.right]),
    Action(.pageDown, "page down", "a page down", [.pageDown, .ctrl("d")]),
    Action(.pageUp, "page up", "a page up", [.pageUp, .ctrl("u")]),
    Action(.first, "first", "to the first line", key("g") + [.home]),
    Action(.last, "last", "to the last line", key("G") + [.end]),
    Action(.open, "open", "choose, open, edit what is under the cursor", [.enter]),
    Action(.back, "back", "out one layer: dialog, text, full screen, filter", [.escape]),
    Action(.leave, "quit", "out one layer, then quit (asks while training)", key("q")),
    Action(
      .nextPane, "pane", "focus the next pane", [.tab],
      on: Screen.allCases.filter { $0 != .missing },
      or: ([.ctrl("w")], [.missing])),
    Action(.previousPane, "pane back", "focus the previous pane", [.backTab]),
    Action(.focusLeft, "pane left", "focus the pane at the left", key("H")),
    Action(.focusDown, "pane below", "focus the pane below", key("J")),
    Action(.focusUp, "pane above", "focus the pane above", key("K")),
    Action(.focusRight, "pane right", "focus the pane at the right", key("L")),
    Action(.fullScreen, "full", "the focused pane alone, and back", key("f")),
    Action(.resetLayout, "reset layout", "all panes as they were made, first focus", key("0")),
    Action(.help, "help", "keys and legend of this screen; / searches it", key("?") + [.f(1)]),
    Action(.palette, "palette", "every action by name: type, enter", key(":") + [.ctrl("p")]),
  ]

  private static let training: [Action] = [
    Action(
      .run, "run", "train every unfinished run; on 2 Method: the recipe shown", key("R"),
      on: Screen.allCases.filter { $0 != .sessions }),
    Action(
      .pause, "pause", "pause or go on, at a batch boundary", key(" "),
      on: Screen.allCases.filter { $0 != .compare }),
    Action(.step, "step", "train one batch and hold; 5. trains five", key(".")),
    Action(
      .phase, "phase", "a phase of a batch: batch, forward, losses, backward, update", key("P"),
      on: [.train]),
    Action(.epoch, "epoch", "train to the end of the epoch and hold", key(">")),
    Action(.stop, "stop…", "ways to end the run", key("S")),
    Action(.checkpoint, "ckpt", "write a checkpoint now", key("c")),
  ]

  private static let shell: [Action] = [
    Action(.theme, "theme", "next theme", key("T")),
    Action(.glyphs, "glyphs", "next glyph tier: unicode, block, ascii", key("A")),
    Action(.color, "colours", "next number of colours: none, 16, 256", key("C")),
    Action(
      .export, "export…", "curves, this frame, the mask or a recording to a file", key("E")),
    Action(
      .copy, "copy", "this pane to the clipboard; on 2 Method the command line", [.ctrl("y")]),
    Action(.record, "record", "record keys, or end it", [.ctrl("r")]),
    Action(.playMacro, "play keys", "press the recorded keys again; 3@ three times", key("@")),
    Action(.wider, "wider", "the focused pane wider; drag a border too", key(")")),
    Action(.narrower, "narrower", "the focused pane narrower", key("(")),
    Action(.taller, "taller", "the focused pane taller", key("}")),
    Action(.shorter, "shorter", "the focused pane shorter", key("{")),
    Action(.fold, "fold", "fold the focused pane away; 0 brings all back", key("F")),
    Action(.redraw, "redraw", "repaint the screen", [.ctrl("l")]),
    Action(.suspend, "suspend", "back to the shell; training stops too; fg returns", [.ctrl("z")]),
  ]

  private static let own: [Action] = [
    Action(.logY, "log y", "logarithmic or linear y axis", key("y"), on: [.train]),
    Action(
      .xAxis, "x axis", "x axis: steps, epochs, seconds, labels seen, log steps", key("x"),
      on: [.train]),
    Action(.smoothing, "smooth", "smoothing 0, .3, .6, .9, .97", key("s"), on: [.train]),
    Action(
      .inspect, "inspect", "read values at a cursor (h l move it, enter pins)", key("i"),
      on: [.train]),
    Action(.zoomIn, "zoom", "enlarge the x axis around the cursor", key("z"), on: [.train]),
    Action(.zoomOut, "zoom out", "see twice as much of the x axis", key("Z"), on: [.train]),
    Action(.zoomAll, "zoom reset", "see the whole x axis", key("="), on: [.train]),
    Action(.warnings, "warnings", "log: warnings only, or all", key("!"), on: [.train]),
    Action(
      .distances, "distances", "distances between clips: the model's, and its features'", key("d"),
      on: [.train]),
    Action(.classOrder, "sort", "order of the classes", key("s"), on: [.data, .missing]),
    Action(.edit, "edit", "change the field under the cursor", key("e"), on: [.method]),
    Action(.initial, "default", "give the field its default value back", key("u"), on: [.method]),
    Action(.search, "search", "filter: words, class:x, missing:x, !not", key("/"), on: [.clips]),
    Action(.split, "split", "all clips, or one split", key("s"), on: [.clips]),
    Action(.play, "play", "play the clip, or stop", key("p"), on: [.clips]),
    Action(
      .disagreement, "disagree", "clips where teacher and student differ most first", key("D"),
      on: [.clips]),
    Action(
      .teacherOnly, "teacher", "predictions of the teacher alone, or both", key("t"),
      on: [.clips]),
    Action(
      .watch, "watch", "follow this clip from step to step (3 Train, P)", key("w"),
      on: [.clips]),
    Action(
      .flipPicture, "picture", "the clip, what the network makes of it, and the difference",
      key("v"), on: [.clips]),
    Action(.flipView, "flip view", "given, masked, teacher, truth", [.tab], on: [.missing]),
    Action(.binSize, "bin", "clips a column: fit, 1, 4, 16, 64", key("b"), on: [.missing]),
    Action(.clipOrder, "order", "clips by data set or by missing labels", key("o"), on: [.missing]),
  ]

  private static let sessions: [Action] = [
    Action(
      .openSession, "open session", "take the session under the cursor", key("o"), on: [.sessions]),
    Action(.resumeRun, "resume", "go on training the run", key("r"), on: [.sessions]),
    Action(.replay, "replay", "play the run's log from its start", key("R"), on: [.sessions]),
    Action(.deleteRun, "delete…", "delete the run's files (asks)", key("x"), on: [.sessions]),
    Action(
      .stepBack, "step back", "replay or held run: one step back; 5, goes back five", key(","),
      on: [.train, .sessions]),
    Action(
      .previousMark, "event back", "replay: to the event before", key("["),
      on: [.train, .sessions]),
    Action(.nextMark, "event", "replay: to the next event", key("]"), on: [.train, .sessions]),
    Action(.faster, "faster", "replay: four times as fast", key("+"), on: [.train, .sessions]),
    Action(.slower, "slower", "replay: a quarter as fast", key("-"), on: [.train, .sessions]),
    Action(.bookmark, "bookmark", "replay: mark this place", key("b"), on: [.train, .sessions]),
    Action(
      .changes, "changes", "replay: what changed since the event before", key("D"),
      on: [.train, .sessions]),
    Action(
      .goTo, "go to", "replay: to a step by its number; 120# goes there", key("#"),
      on: [.train, .sessions]),
  ]

  private static let compare: [Action] = [
    Action(
      .addRun, "add", "put the run beside the others, or take it out", key(" "), on: [.compare]),
    Action(.pin, "pin", "on top, and what the others are measured by", key("p"), on: [.compare]),
    Action(.metric, "metric", "the next score", key("m"), on: [.compare]),
    Action(.align, "align", "by step, epoch or seconds of training", key("x"), on: [.compare]),
    Action(
      .allSettings, "settings", "settings that differ, or all", key("d"), on: [.compare]),
    Action(.deltas, "classes", "per class instead of settings", key("D"), on: [.compare]),
    Action(
      .flipNetwork, "network", "each method's result, or the network beside it", key("t"),
      on: [.compare]),
    Action(.groupRuns, "group", "means by method, by model or by both", key("b"), on: [.compare]),
  ]
}
