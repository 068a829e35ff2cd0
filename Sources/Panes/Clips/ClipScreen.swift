import Canvas
import Lab

/// 4 Clips: clips as they sound and as models hear them, and missing labels to answer.
enum ClipScreen: ScreenModel {
  static let id = Screen.clips
  static let summary = "clips, spectrograms, predictions"

  static let panes = [
    PaneModel(
      .clipList, lines: { $0.clips.visible.count }, moved: { $0.pointAtQuestion() },
      view: { bench, glyphs in
        if bench.annotation.isOn { return QuestionList(bench: bench, glyphs: glyphs) }
        return ClipList(bench: bench, glyphs: glyphs)
      }),
    PaneModel(.history, moves: .clipList, view: { ClipHistory(bench: $0, glyphs: $1) }),
    PaneModel(.spectrogram, moves: .clipList, view: { SpectrogramPane(bench: $0, glyphs: $1) }),
    PaneModel(
      .predictions, lines: { $0.dataset?.classes.count ?? 0 },
      view: { bench, glyphs in
        if bench.clips.showsActivations { return ActivationMap(bench: bench, glyphs: glyphs) }
        return PredictionList(bench: bench, glyphs: glyphs)
      }),
  ]

  static let actions = listActions + modelActions + answerActions + soundActions

  private static let listActions = [
    Action(.search, "search", "filter: words, class:x, missing:x, !not", .of("/")) {
      $0.clips.typing = $0.clips.filter.words
      return []
    },
    Action(.split, "split", "all clips, or one split", .of("s")) { $0.nextSplit() },
    Action(.play, "play", "play the clip, or stop", .of("p")) { $0.playOrStop() },
  ]

  private static let modelActions = [
    Action(
      .disagreement, "disagree", "clips where teacher and student differ most first", .of("D")
    ) { $0.sortOrNotByDisagreement() },
    Action(.teacherOnly, "teacher", "predictions of the teacher alone, or both", .of("t")) {
      $0.showTeacherOnly()
    },
    Action(.watch, "watch", "follow this clip from step to step (3 Train, P)", .of("w")) {
      $0.watch()
    },
    Action(
      .flipPicture, "picture", "the clip, what the network makes of it, and the difference",
      .of("v")
    ) { $0.flipPicture() },
  ]

  private static let answerActions = [
    Action(
      .annotate, "annotate", "ask for missing labels, the most worth first; a or esc leaves",
      .of("a")
    ) { $0.annotation.isOn ? $0.endAnnotation() : $0.beginAnnotation() },
    Action(.answerYes, "yes", "annotate: the class is in the clip", .of("y")) { $0.answer(.yes) },
    Action(.answerNo, "no", "annotate: the class is not in the clip", .of("n")) {
      $0.answer(.no)
    },
    Action(.answerOpen, "skip", "annotate: leave it open, do not ask again", .of("-")) {
      $0.answer(.open)
    },
    Action(.takeBack, "undo", "annotate: take the last answer back", .of("u")) { $0.takeBack() },
    Action(.exportQuestions, "list", "write what is worth labelling as to-label.csv", .of("O")) {
      $0.exportQuestions()
    },
    Action(
      .useAnswers, "learn", "the next run learns from the answers too, or not", .of("U"),
      on: [.clips, .method]
    ) { $0.toggleAnswers() },
  ]

  private static let soundActions = [
    Action(.maskedOnly, "masked", "clips with a masked label, or all", .of("M")) {
      $0.toggleMasked()
    },
    Action(
      .activations, "in time", "classes by time in place of predictions, where the model says so",
      .of("i")
    ) {
      $0.clips.showsActivations.toggle()
      return $0.askActivations()
    },
    Action(.exportSound, "wav", "write the clip's sound as a WAV file", .of("x")) {
      $0.exportSound()
    },
  ]

  static func primary(in bench: Workbench) -> Pane { .spectrogram }

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    let side = body.width < 100 ? 28 : body.width < 160 ? 40 : 60
    let columns = body.columns(.fixed(side), .share(1))
    let right = columns[1].rows(.share(9), .share(body.width < 160 ? 11 : 10))
    let hasHistory = body.width >= 100 && body.height >= 30
    let left = columns[0].rows(.share(1), .fixed(hasHistory ? 8 : 0))
    return [
      (.clipList, left[0]), (.history, left[1]), (.spectrogram, right[0]), (.predictions, right[1]),
    ]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    if bench.annotation.isOn {
      return [.answerYes, .answerNo, .answerOpen, .takeBack, .play, .exportQuestions, .back]
    }
    return bench.offered(
      [
        .search, .play, .disagreement, .watch, .annotate, .split, .teacherOnly, .maskedOnly,
        .activations, .nextPane, .fullScreen, .flipPicture,
      ], early: bench.changesInput ? [.flipPicture] : [])
  }

  static func typingHints(_ bench: Workbench) -> [Offer]? {
    bench.clips.typing.map {
      [
        Offer("/" + $0 + "_", "", .key(.enter)), Offer("enter", "keeps", .key(.enter)),
        Offer("esc", "clears", .key(.escape)),
      ]
    }
  }

  static func type(_ key: Key, _ bench: inout Workbench) -> [Effect] { bench.typeSearch(key) }

  static func arrive(_ bench: inout Workbench) -> [Effect] { bench.lookAtClip() }

  static func leave(_ bench: inout Workbench) -> [Effect]? {
    if bench.annotation.isOn { return bench.endAnnotation() }
    guard !bench.clips.filter.isEmpty else { return nil }
    bench.clips.filter = ClipFilter()
    bench.refilter()
    return bench.lookAtClip()
  }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    switch news {
    case .dataset:
      bench.forgetClips()
      return bench.screen == id ? bench.lookAtClip() : []
    case .scores: return bench.screen == id ? bench.predictions() : []
    case .predictions:
      if bench.annotation.isOn {
        bench.askQuestions()
      } else if bench.clips.byDisagreement {
        bench.sortByDisagreement()
      } else {
        return []
      }
      return bench.screen == id ? bench.pointAtQuestion() : []
    case .runs: return []
    }
  }
}

extension Screen {
  public static let clips = Screen("Clips")
}

extension Pane {
  static let clipList = Pane("clipList"), history = Pane("history")
  static let spectrogram = Pane("spectrogram"), predictions = Pane("predictions")
}

extension Action.ID {
  public static let showClips = Screen.clips.action
  public static let search = Self("search"), split = Self("split"), play = Self("play")
  public static let disagreement = Self("disagreement"), teacherOnly = Self("teacherOnly")
  public static let watch = Self("watch"), flipPicture = Self("flipPicture")
  public static let annotate = Self("annotate"), answerYes = Self("answerYes")
  public static let answerNo = Self("answerNo"), answerOpen = Self("answerOpen")
  public static let takeBack = Self("takeBack"), exportQuestions = Self("exportQuestions")
  public static let useAnswers = Self("useAnswers"), maskedOnly = Self("maskedOnly")
  public static let activations = Self("activations"), exportSound = Self("exportSound")
}
