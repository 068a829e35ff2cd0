import Canvas
import Lab

/// 4 Clips: clips as they sound and as models hear them, and missing labels to answer.
enum ClipScreen: ScreenModel {
  static let id = Screen.clips
  static let summary = "clips, spectrograms, predictions"

  static let panes = [
    PaneModel(
      .clipList, lines: { $0[.clips].visible.count }, moved: Annotation.pointAtQuestion,
      view: { if $0[.annotation].isOn { QuestionList(bench: $0) } else { ClipList(bench: $0) } }),
    PaneModel(.history, moves: .clipList, view: ClipHistory.init),
    PaneModel(.spectrogram, moves: .clipList, view: SpectrogramPane.init),
    PaneModel(
      .predictions, lines: { $0.dataset?.classes.count ?? 0 },
      view: {
        if $0[.clips].showsActivations {
          ActivationMap(bench: $0)
        } else {
          PredictionList(bench: $0)
        }
      }),
    PaneModel(.soundList, lines: { Holding.sounds($0)?.lines.count ?? 0 }, view: SoundList.init),
    PaneModel(.soundTimeline, moves: .soundList, view: SoundTimeline.init),
    PaneModel(.soundRegions, moves: .soundList, view: SoundRegions.init),
    PaneModel(
      .soundClasses, lines: { Holding.sounds($0)?.decision.classes.count ?? 0 },
      view: SoundClasses.init),
  ]

  /// Those of the clips, or those of other sound files.
  static func panes(in bench: Workbench) -> [PaneModel] {
    let ofSounds = Holding.sounds(bench) != nil
    let sounds: [Pane] = [.soundList, .soundTimeline, .soundRegions, .soundClasses]
    return panes.filter { sounds.contains($0.id) == ofSounds }
  }

  /// Most of them are about the clips of the data set, and refuse while other files are shown.
  static let actions =
    (listActions + modelActions + answerActions + soundActions).map { action in
      action.unless({ Holding.sounds($0) != nil }, "esc goes back to the clips of the data set")
    } + heldActions

  private static let listActions = [
    Action(
      .search, "search", "filter: words, class:x, missing:x, !not", .of("/"), as: .filter
    ) {
      $0[.clips].typing = $0[.clips].filter.words
      return []
    },
    Action(
      .sortClips, "sort", "sort: data set, name, label mistakes, T-S differences, questions",
      .of("s"), as: .sort, Predictions.askOrder),
    Action(.split, "split", "all clips, or one split", .of("%"), nextSplit),
  ]

  private static let heldActions = [
    Action(.play, "play", "play the clip, or stop", .of("p"), as: .play, playOrStop),
    Action(
      .scoreSounds, "open…", "predict other sound files and folders with the finished run",
      .of("o"), as: .open, Holding.askSounds),
  ]

  private static let modelActions = [
    Action(
      .teacherOnly, "teacher", "predictions of the teacher alone, or both", .of("t"),
      as: .network, Predictions.showTeacherOnly),
    Action(
      .watch, "watch", "watch this clip step by step (3 Train, P)", .of("w"),
      Predictions.watch),
    Action(
      .flipPicture, "view", "the clip, what the network makes of it, and the difference",
      .of("v"), as: .view, flipInput),
  ]

  private static let answerActions = [
    Action(
      .annotate, "annotate", "ask for missing labels, the most worth first; a or esc leaves",
      .of("a"), as: .add
    ) { $0[.annotation].isOn ? Annotation.end(&$0) : Annotation.begin(&$0) },
    Action(.answerYes, "yes", "annotate: the class is in the clip", .of("y")) {
      Annotation.answer(&$0, .yes)
    },
    Action(.answerNo, "no", "annotate: the class is not in the clip", .of("n")) {
      Annotation.answer(&$0, .no)
    },
    Action(.answerOpen, "skip", "annotate: leave it open, do not ask again", .of("x"), as: .take) {
      Annotation.answer(&$0, .open)
    },
    Action(
      .takeBack, "undo", "annotate: take the last answer back", .of("u"), as: .undo,
      Annotation.takeBack),
    Action(
      .exportQuestions, "list", "write what is worth labelling as to-label.csv", .of("O"),
      Annotation.exportQuestions),
    Action(
      .useAnswers, "learn", "the next run learns from the answers too, or not", .of("U"),
      on: [.clips, .method], Annotation.toggleAnswers),
  ]

  private static let soundActions = [
    Action(
      .maskedOnly, "masked", "clips with a masked label, or all clips", .of("M"), toggleMasked),
    Action(
      .activations, "in time", "class activations over time instead of predictions",
      .of("i"), as: .inspect
    ) {
      $0[.clips].showsActivations.toggle()
      return askActivations($0)
    },
  ]

  static func primary(in bench: Workbench) -> Pane {
    Holding.sounds(bench) == nil ? .spectrogram : .soundList
  }

  static func strip(_ bench: Workbench) -> (any Widget)? {
    let isAsking =
      bench[.annotation].isOn
      && (bench[.annotation].rule != nil || bench[.annotation].guesses != nil)
    let isWanted = bench[.held].progress != nil || isAsking
    return isWanted ? HeldStrip(bench: bench) : nil
  }

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    if Holding.sounds(bench) != nil { return sounds(body) }
    let side = body.width < 100 ? 28 : body.width < 160 ? 40 : 60
    let columns = body.columns(.fixed(side), .share(1))
    let right = columns[1].rows(.share(9), .share(body.width < 160 ? 11 : 10))
    let hasHistory = body.width >= 100 && body.height >= 30
    let left = columns[0].rows(.share(1), .fixed(hasHistory ? 8 : 0))
    return [
      (.clipList, left[0]), (.history, left[1]), (.spectrogram, right[0]), (.predictions, right[1]),
    ]
  }

  /// The whole file by time above the list of its windows, where there is room.
  private static func sounds(_ body: Rect) -> [Tile] {
    let hasTimeline = body.width >= 100 && body.height >= 28
    let rows = body.rows(.share(hasTimeline ? 1 : 0), hasTimeline ? .fixed(15) : .share(1))
    let columns = rows[1].columns(.fixed(body.width < 100 ? 36 : 44), .share(1))
    let right =
      hasTimeline
      ? columns[1].columns(.share(2), .share(3)) : columns[1].rows(.share(1), .share(1))
    return [
      (.soundTimeline, rows[0]), (.soundList, columns[0]), (.soundRegions, right[0]),
      (.soundClasses, right[1]),
    ]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    if Holding.sounds(bench) != nil {
      return [.export, .play, .scoreSounds, .back, .nextPane, .fullScreen]
    }
    if bench[.annotation].isOn {
      let rule: [Action.ID] = bench[.annotation].rule == nil ? [] : [.sortClips]
      return [.answerYes, .answerNo, .answerOpen, .takeBack] + rule
        + [.play, .exportQuestions, .back]
    }
    if bench.answering != nil {
      return [
        .annotate, .scoreSounds, .sortClips, .search, .play, .split, .teacherOnly,
        .activations, .nextPane, .fullScreen, .flipPicture,
      ]
    }
    return bench.offered(
      [
        .search, .play, .sortClips, .watch, .annotate, .split, .teacherOnly, .maskedOnly,
        .activations, .nextPane, .fullScreen, .flipPicture,
      ], early: changesInput(bench) ? [.flipPicture] : [])
  }

  static func exports(_ bench: Workbench, _ name: String) -> [Menu.Choice] {
    if let sounds = Holding.sounds(bench) {
      guard !sounds.found.isEmpty else { return [] }
      return [Menu.Choice("p", "predictions of these sound files…", effects: Holding.askExport)]
    }
    guard bench.screen == id, clip(bench) != nil else { return [] }
    return [Menu.Choice("w", "the clip's sound as a WAV file", effects: exportSound)]
  }

  static func typingHints(_ bench: Workbench) -> [Offer]? {
    bench[.clips].typing.map {
      [
        Offer("/" + $0 + "_", "", .key(.enter)), Offer("enter", "keeps", .key(.enter)),
        Offer("esc", "clears", .key(.escape)),
      ]
    }
  }

  static func type(_ key: Key, _ bench: inout Workbench) -> [Effect] { typeSearch(&bench, key) }

  static func arrive(_ bench: inout Workbench) -> [Effect] {
    lookAtClip(&bench) + Holding.ask(&bench)
  }

  static func settle(_ bench: inout Workbench) -> [Effect] { Holding.ask(&bench) }

  static func leave(_ bench: inout Workbench) -> [Effect]? {
    if Holding.sounds(bench) != nil { return Holding.leaveSounds(&bench) }
    if bench[.annotation].isOn { return Annotation.end(&bench) }
    guard !bench[.clips].filter.isEmpty else { return nil }
    bench[.clips].filter = ClipFilter()
    refilter(&bench)
    return lookAtClip(&bench)
  }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    switch news {
    case .dataset:
      forgetClips(&bench)
      bench[.annotation].guesses = nil
      return (bench.screen == id ? lookAtClip(&bench) : []) + Holding.ask(&bench)
    case .run(let isNew):
      Predictions.forget(&bench)
      bench[.clips].followed = [:]
      if isNew { bench[.clips].reprogrammed = nil } else { bench[.clips].before = [:] }
      if isNew { bench[.held] = HeldState() }
    case .started(let started):
      // Its checkpoint will be another one.
      if bench.replay == nil { bench[.held] = HeldState() }
      Annotation.begin(&bench, started)
    case .prediction(let new, let step): Predictions.remember(&bench, new, at: step)
    case .predictions: return sortAgain(&bench)
    case .scores:
      Predictions.forget(&bench)
      return (bench.screen == id ? predictions(bench) : [])
        + Predictions.ask(&bench, bench[.clips].watched)
    case .held:
      return (bench.isStepping ? Predictions.askWatched(bench) : []) + reprogramming(bench)
    case .message(.held(let message)): return Holding.hear(message, &bench)
    case .message(let message): take(&bench, message)
    case .begin, .mask, .stepping, .runs: break
    }
    return []
  }

  /// New predictions change the order of questions, and of clips by disagreement.
  static func sortAgain(_ bench: inout Workbench) -> [Effect] {
    if bench[.annotation].isOn {
      Annotation.rank(&bench)
    } else if bench[.clips].order.needsPredictions {
      Predictions.sort(&bench)
    } else {
      return []
    }
    return bench.screen == id ? Annotation.pointAtQuestion(&bench) : []
  }

  private static func take(_ bench: inout Workbench, _ message: Message) {
    switch message {
    case .sound(let sound): bench[.clips].sound = sound
    case .reprogrammed(let input): bench[.clips].reprogrammed = input
    case .activations(let found): bench[.clips].activations = found
    case .guesses(let guesses): bench[.annotation].guesses = guesses
    case .patch(let answers, let file): Annotation.take(&bench, answers, file: file)
    case .problem(let problem) where problem.code == .labels:
      bench[.annotation].pending = [:]
    case .problem(let problem) where problem.code == .held: Holding.fail(&bench)
    default: break
    }
  }

  static func tick(_ bench: inout Workbench) {
    if let playing = bench[.clips].playing, bench.now >= playing.since + playing.seconds {
      bench[.clips].playing = nil
    }
  }

  static func nextTick(_ bench: Workbench) -> Double? {
    bench[.clips].playing == nil ? nil : bench.now + 0.25
  }
}

extension Screen {
  public static let clips = Screen("Clips")
}

extension Pane {
  static let clipList = Pane("clipList"), history = Pane("history")
  static let spectrogram = Pane("spectrogram"), predictions = Pane("predictions")
  static let soundList = Pane("soundList"), soundRegions = Pane("soundRegions")
  static let soundTimeline = Pane("soundTimeline"), soundClasses = Pane("soundClasses")
}

extension Action.ID {
  public static let showClips = Screen.clips.action
  public static let search = Self("search"), split = Self("split"), play = Self("play")
  public static let sortClips = Self("sortClips"), teacherOnly = Self("teacherOnly")
  public static let watch = Self("watch"), flipPicture = Self("flipPicture")
  public static let annotate = Self("annotate"), answerYes = Self("answerYes")
  public static let answerNo = Self("answerNo"), answerOpen = Self("answerOpen")
  public static let scoreSounds = Self("scoreSounds")
  public static let takeBack = Self("takeBack"), exportQuestions = Self("exportQuestions")
  public static let useAnswers = Self("useAnswers"), maskedOnly = Self("maskedOnly")
  public static let activations = Self("activations")
}
