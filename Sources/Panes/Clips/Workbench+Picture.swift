import Lab

/// What a network makes of a clip before it looks at it: flipping to it, asking for it.
extension Workbench {
  /// Whether the run's network has a part in front that changes its input.
  var changesInput: Bool {
    run.hello?.capabilities.contains(Hello.reprogramsInput) == true
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
        run.hello == nil
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
