import Canvas
import Lab

/// The clip list: filter, what is under the cursor, playing it.
extension Workbench {
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

  /// Asks for the sound and the predictions of the clip under the cursor, once.
  mutating func lookAtClip() -> [Effect] {
    guard let clip, inspected != clip.id else { return [] }
    inspected = clip.id
    return [.engine(.inspect(clip: clip.id))] + predictions() + askActivations()
  }

  /// Whether a model can be asked: of the run that is shown, else of the session's last finished.
  var hasModel: Bool {
    run.hello == nil ? !isTraining && session.contains { $0.state == "done" } : run.step > 0
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

  mutating func clipAction(_ id: Action.ID) -> [Effect] {
    switch id {
    case .search: clips.typing = clips.filter.words
    case .split:
      let names: [String?] = [nil] + (dataset?.splits.map(\.name) ?? [])
      let here = names.firstIndex(of: clips.filter.split) ?? 0
      clips.filter.split = names[(here + 1) % names.count]
      refilter()
      return lookAtClip()
    default: return playOrStop()
    }
    return []
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

  private mutating func playOrStop() -> [Effect] {
    if clips.playing != nil {
      clips.playing = nil
      return [.stopPlaying]
    }
    guard let sound, sound.clip == clip?.id, !sound.file.isEmpty else {
      say("no sound loaded for this clip yet")
      return []
    }
    clips.playing = ClipState.Playing(clip: sound.clip, since: now, seconds: sound.seconds)
    return [.play(file: sound.file)]
  }
}
