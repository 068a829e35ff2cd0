import Canvas
import Lab

/// What is chosen on 4 Clips.
struct ClipState: ScreenState {
  var filter = ClipFilter()
  /// Indices of the clips that pass the filter.
  var visible: [Int] = []
  /// What is being typed after `/`.
  var typing: String?
  var playing: Playing?
  /// Clips in the order of the largest difference between teacher and student.
  var byDisagreement = false
  /// Predictions give way to classes by time.
  var showsActivations = false
  /// Predictions show the teacher alone.
  var teacherOnly = false
  var picture = Picture.original
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

  /// What of a clip the spectrogram shows, where a network changes it before it looks.
  enum Picture: Sendable, CaseIterable {
    case original, reprogrammed, difference
  }

  struct Playing: Sendable, Equatable {
    var clip: String
    /// In the clock given to `tick`, s.
    var since: Double
    var seconds: Double
  }
}

/// The clip list: filter, what is under the cursor, playing it.
extension Workbench {
  var clips: ClipState {
    get { states[ClipState.self] }
    _modify { yield &states[ClipState.self] }
  }

  /// The clip under the cursor of the clip list.
  var clip: ClipRow? {
    guard let dataset, clips.visible.indices.contains(cursor(.clipList)) else { return nil }
    let index = clips.visible[cursor(.clipList)]
    return dataset.clips.indices.contains(index) ? dataset.clips[index] : nil
  }

  mutating func refilter() {
    clips.visible = dataset.map { clips.filter.clips(of: $0.snapshot) } ?? []
    cursors[.clipList] = 0
    if clips.byDisagreement { sortByDisagreement() }
    if annotation.isOn {
      annotation.given = []
      annotation.questions = []
      askQuestions()
    }
  }

  /// Another data set is open.
  mutating func forgetClips() {
    annotation = AnnotationState()
    sound = nil
    inspected = nil
    clips.filter = ClipFilter()
    refilter()
    for pane in [Pane.clipList, .predictions] { cursors[pane] = 0 }
    clips.watched = []
    forgetPredictions()
  }

  /// Asks for the sound and the predictions of the clip under the cursor, once.
  mutating func lookAtClip() -> [Effect] {
    guard let clip, inspected != clip.id else { return [] }
    inspected = clip.id
    return [.engine(.inspect(clip: clip.id))] + predictions() + askActivations()
  }

  /// Whether a model can be asked: of the run that is shown, else of the session's last finished.
  var hasModel: Bool {
    run.started == nil ? !isTraining && session.contains { $0.state == "done" } : run.step > 0
  }

  /// A new model wants new predictions.
  func predictions() -> [Effect] {
    guard replay == nil, let clip, hasModel else { return reprogramming() }
    return [.engine(.run(.predict(clips: [clip.id])))] + reprogramming()
  }

  mutating func openClips(_ filter: ClipFilter) -> [Effect] {
    annotation.isOn = false
    clips.filter = filter
    refilter()
    screen = .clips
    isFull = false
    return lookAtClip()
  }

  mutating func nextSplit() -> [Effect] {
    let names: [String?] = [nil] + (dataset?.splits.map(\.name) ?? [])
    let here = names.firstIndex(of: clips.filter.split) ?? 0
    clips.filter.split = names[(here + 1) % names.count]
    refilter()
    return lookAtClip()
  }

  mutating func typeSearch(_ key: Key) -> [Effect] {
    switch key {
    case .enter:
      clips.typing = nil
      return lookAtClip()
    case .escape:
      clips.typing = nil
      clips.filter.words = ""
    default:
      clips.filter.words = LineEditing.apply(key, to: clips.filter.words)
      clips.typing = clips.filter.words
    }
    refilter()
    return lookAtClip()
  }

  mutating func playOrStop() -> [Effect] {
    if clips.playing != nil {
      clips.playing = nil
      return [.stopPlaying]
    }
    guard let sound, sound.clip == clip?.id, !sound.file.isEmpty else {
      return said("no sound loaded for this clip yet")
    }
    clips.playing = ClipState.Playing(clip: sound.clip, since: now, seconds: sound.seconds)
    return [.play(file: sound.file)]
  }

  mutating func exportSound() -> [Effect] {
    guard let clip else { return said("no clip under the cursor") }
    return [.engine(.exportSound(clip: clip.id))]
  }

  private static let maskedTitle = "masked"

  mutating func toggleMasked() -> [Effect] {
    guard clips.filter.scope?.title != Self.maskedTitle else {
      clips.filter.scope = nil
      refilter()
      return lookAtClip()
    }
    guard let dataset, let mask = missing.mask, !mask.scores.isEmpty else {
      return said("this run masks nothing; label enhancing does, once its teacher is trained")
    }
    let numbers = Set(mask.scores.keys.map { $0 / max(1, dataset.classes.count) })
    let found = numbers.sorted().map { dataset.trainingClips[$0] }
    clips.filter.scope = ClipFilter.Scope(title: Self.maskedTitle, clips: found)
    refilter()
    return lookAtClip()
  }

  /// Asks for what the model says along the clip, where that is shown.
  func askActivations() -> [Effect] {
    guard clips.showsActivations, replay == nil, let clip, hasModel else { return [] }
    return [.engine(.activations(clip: clip.id))]
  }
}

/// What a network makes of a clip before it looks at it: flipping to it, asking for it.
extension Workbench {
  /// Whether the run's network has a part in front that changes its input.
  var changesInput: Bool {
    run.started?.capabilities.contains(RunStarted.reprogramsInput) == true
  }

  /// What the spectrogram shows.
  var shownPicture: ClipState.Picture { changesInput ? clips.picture : .original }

  /// The answer about the clip under the cursor, if it is in.
  var shownReprogramming: ReprogrammedInput? {
    reprogrammed.flatMap { $0.clip == clip?.id ? $0 : nil }
  }

  mutating func flipPicture() -> [Effect] {
    guard changesInput else {
      say(
        run.started == nil
          ? "no network yet; reprogram-cnn and reprogram-unet change what theirs sees"
          : "this run's network sees clips as they are; reprogram-cnn and -unet change them")
      return []
    }
    let all = ClipState.Picture.allCases
    clips.picture = all[((all.firstIndex(of: clips.picture) ?? 0) + 1) % all.count]
    // Training has gone on since the picture was looked at last.
    return clips.picture == .reprogrammed || shownReprogramming == nil ? reprogramming() : []
  }

  /// Asks what the network makes of the clip now, where that is shown.
  func reprogramming() -> [Effect] {
    guard screen == .clips, shownPicture != .original, replay == nil, let clip else { return [] }
    return [.engine(.reprogram(clip: clip.id))]
  }
}
