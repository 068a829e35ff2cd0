import Canvas
import Lab

/// What is chosen on 4 Clips.
struct ClipState: ScreenState {
  var filter = ClipFilter()
  /// Indices of the clips that pass the filter.
  var visible: [Int] = []
  /// The search text while it is typed after `/`.
  var typing: String?
  var playing: Playing?
  var order = Order.dataset
  /// Predictions give way to classes by time.
  var showsActivations = false
  /// Predictions show the teacher alone.
  var teacherOnly = false
  var inputView = InputView.original
  /// Clips whose predictions are followed from step to step.
  var watched: [String] = []
  static let mostWatched = 16
  /// Clips whose predictions were asked for since the model changed last.
  var asked: Set<String> = []
  /// Those of them that are not answered yet.
  var awaited: Set<String> = []
  /// What was predicted before the newest answer, by model and clip, and at which step that
  /// answer came.
  var before: [String: ClipPrediction] = [:]
  var answeredAt: [String: Int] = [:]
  /// Of watched clips, the answers of the last epochs, by model and clip.
  var followed: [String: [FollowedAnswer]] = [:]

  // told by the engine
  var sound: ClipSound?
  /// The newest input that a network has reprogrammed.
  var reprogrammed: ReprogrammedInput?
  var activations: ClipActivations?
  /// The clip whose sound was requested last.
  var inspected: String?

  /// The spectrogram of a clip to show, if the network reprograms its input.
  enum InputView: Sendable, CaseIterable {
    case original, reprogrammed, difference
  }

  /// The order of the clip list.
  enum Order: Sendable {
    case dataset
    case name
    /// The largest difference between teacher and student first.
    case disagreement
    /// The largest difference between the run's result and an observed label first.
    case mistakes

    var needsPredictions: Bool { self == .disagreement || self == .mistakes }
  }

  struct Playing: Sendable, Equatable {
    var clip: String
    /// In the clock given to `tick`, s.
    var since: Double
    var seconds: Double
  }
}

extension StateKey<ClipState> {
  static var clips: Self { Self() }
}

/// The clip list: its filter, the clip under the cursor, playback.
extension ClipScreen {
  /// The clip under the cursor of the clip list.
  static func clip(_ bench: Workbench) -> ClipRow? {
    guard let index = bench[.clips].visible[at: bench.cursor(.clipList)] else { return nil }
    return bench.dataset?.clips[at: index]
  }

  static func refilter(_ bench: inout Workbench) {
    bench[.clips].visible = bench.dataset.map { bench[.clips].filter.clips(of: $0.snapshot) } ?? []
    bench.cursors[.clipList] = 0
    Predictions.sort(&bench)
    if bench[.annotation].rule != nil {
      bench[.clips].visible = bench[.annotation].questions.map(\.cell.clip)
    } else if bench[.annotation].isOn {
      bench[.annotation].given = []
      bench[.annotation].questions = []
      Annotation.rank(&bench)
    }
  }

  /// Another data set is open.
  static func forgetClips(_ bench: inout Workbench) {
    bench[.annotation] = AnnotationState()
    bench[.clips].sound = nil
    bench[.clips].inspected = nil
    bench[.clips].filter = ClipFilter()
    refilter(&bench)
    for pane in [Pane.clipList, .predictions] { bench.cursors[pane] = 0 }
    bench[.clips].watched = []
    Predictions.forget(&bench)
  }

  /// Asks for the sound and the predictions of the clip under the cursor, once.
  static func lookAtClip(_ bench: inout Workbench) -> [Effect] {
    guard let clip = clip(bench), bench[.clips].inspected != clip.id else { return [] }
    bench[.clips].inspected = clip.id
    return [.engine(.inspect(clip: clip.id))] + predictions(bench) + askActivations(bench)
  }

  /// Whether a model can be asked: of the run that is shown, else of the session's last finished.
  static func hasModel(_ bench: Workbench) -> Bool {
    guard bench.runSeesDataset else { return false }
    return bench.run.started == nil
      ? !bench.isTraining && bench.session.contains { $0.state == "done" } : bench.run.step > 0
  }

  /// A new model wants new predictions.
  static func predictions(_ bench: Workbench) -> [Effect] {
    guard bench.replay == nil, bench.answering == nil, let clip = clip(bench), hasModel(bench)
    else { return reprogramming(bench) }
    return [.engine(.run(.predict(clips: [clip.id])))] + reprogramming(bench)
  }

  static func openClips(_ bench: inout Workbench, _ filter: ClipFilter) -> [Effect] {
    (bench[.annotation].isOn, bench[.annotation].rule) = (false, nil)
    bench[.held].sounds?.isShown = false
    bench[.clips].filter = filter
    refilter(&bench)
    bench.screen = .clips
    bench.isFull = false
    return lookAtClip(&bench)
  }

  static func nextSplit(_ bench: inout Workbench) -> [Effect] {
    let names: [String?] = [nil] + (bench.dataset?.splits.map(\.name) ?? [])
    bench[.clips].filter.split = names.next(after: bench[.clips].filter.split)
    refilter(&bench)
    return lookAtClip(&bench)
  }

  static func typeSearch(_ bench: inout Workbench, _ key: Key) -> [Effect] {
    switch key {
    case .enter:
      bench[.clips].typing = nil
      return lookAtClip(&bench)
    case .escape:
      bench[.clips].typing = nil
      bench[.clips].filter.words = ""
    default:
      bench[.clips].filter.words = LineEditing.apply(key, to: bench[.clips].filter.words)
      bench[.clips].typing = bench[.clips].filter.words
    }
    refilter(&bench)
    return lookAtClip(&bench)
  }

  static func playOrStop(_ bench: inout Workbench) -> [Effect] {
    if bench[.clips].playing != nil {
      bench[.clips].playing = nil
      return [.stopPlaying]
    }
    if Holding.sounds(bench) != nil { return Holding.play(&bench) }
    guard let sound = bench[.clips].sound, sound.clip == clip(bench)?.id, !sound.file.isEmpty else {
      return bench.said("no sound loaded for this clip yet")
    }
    bench[.clips].playing = ClipState.Playing(
      clip: sound.clip, since: bench.now, seconds: sound.seconds)
    return [.play(file: sound.file)]
  }

  static func exportSound(_ bench: inout Workbench) -> [Effect] {
    guard let clip = clip(bench) else { return bench.said("no clip under the cursor") }
    return [.engine(.exportSound(clip: clip.id))]
  }

  private static let maskedTitle = "masked"

  static func toggleMasked(_ bench: inout Workbench) -> [Effect] {
    guard bench[.clips].filter.scope?.title != Self.maskedTitle else {
      bench[.clips].filter.scope = nil
      refilter(&bench)
      return lookAtClip(&bench)
    }
    guard let dataset = bench.dataset, let mask = bench[.missing].mask, !mask.scores.isEmpty else {
      return bench.said("this run masks nothing; label enhancing does, once its teacher is trained")
    }
    let numbers = Set(mask.scores.keys.map { $0 / max(1, dataset.classes.count) })
    let found = numbers.sorted().map { dataset.trainingClips[$0] }
    bench[.clips].filter.scope = ClipFilter.Scope(title: Self.maskedTitle, clips: found)
    refilter(&bench)
    return lookAtClip(&bench)
  }

  /// Asks for what the model says along the clip, where that is shown.
  static func askActivations(_ bench: Workbench) -> [Effect] {
    guard bench[.clips].showsActivations, let clip = clip(bench) else { return [] }
    if bench.answering != nil { return [.engine(.held(.activations(clip: clip.id)))] }
    guard bench.replay == nil, hasModel(bench) else { return [] }
    return [.engine(.activations(clip: clip.id))]
  }
}

/// The reprogrammed input of a clip: switching to it, requesting it.
extension ClipScreen {
  /// Whether the run's network has a part in front that changes its input.
  static func changesInput(_ bench: Workbench) -> Bool {
    bench.run.started?.capabilities.contains(RunStarted.reprogramsInput) == true
  }

  /// The spectrogram that is shown.
  static func shownInput(_ bench: Workbench) -> ClipState.InputView {
    changesInput(bench) ? bench[.clips].inputView : .original
  }

  /// The answer about the clip under the cursor, if it is in.
  static func shownReprogramming(_ bench: Workbench) -> ReprogrammedInput? {
    bench[.clips].reprogrammed.flatMap { $0.clip == clip(bench)?.id ? $0 : nil }
  }

  static func flipInput(_ bench: inout Workbench) -> [Effect] {
    guard changesInput(bench) else {
      bench.say(
        bench.run.started == nil
          ? "no network yet; reprogram-cnn and reprogram-unet change what theirs sees"
          : "this run's network sees clips as they are; reprogram-cnn and -unet change them")
      return []
    }
    bench[.clips].inputView = bench[.clips].inputView.next
    // Training has gone on since it was looked at last.
    return bench[.clips].inputView == .reprogrammed || shownReprogramming(bench) == nil
      ? reprogramming(bench) : []
  }

  /// Asks what the network makes of the clip now, where that is shown.
  static func reprogramming(_ bench: Workbench) -> [Effect] {
    guard bench.screen == .clips, shownInput(bench) != .original, let clip = clip(bench) else {
      return []
    }
    if bench.answering != nil { return [.engine(.held(.reprogram(clip: clip.id)))] }
    guard bench.replay == nil, bench.runSeesDataset else { return [] }
    return [.engine(.reprogram(clip: clip.id))]
  }
}
