// The augmentation of a single spectrogram, after the random draws.

/// The size M × T of a spectrogram.
struct ClipSize {
  let bands: Int
  let frames: Int
  var count: Int { bands * frames }
}

/// The drawn changes of a clip, applied in place.
struct ClipChanges {
  /// The circular shift in frames; positive is later.
  let shift: Int
  let gain: Float
  /// The masked bands and frames, set to 0: the mean of a band after standardization.
  let bands: Range<Int>
  let frames: Range<Int>

  /// `clip` holds [M, T], row-major.
  func apply(to clip: inout ArraySlice<Float>, _ size: ClipSize) {
    if shift != 0 { rotate(&clip, size) }
    if gain != 0 { for i in clip.indices { clip[i] += gain } }
    let start = clip.startIndex
    for band in bands {
      for frame in 0..<size.frames { clip[start + band * size.frames + frame] = 0 }
    }
    for band in 0..<size.bands {
      for frame in frames { clip[start + band * size.frames + frame] = 0 }
    }
  }

  private func rotate(_ clip: inout ArraySlice<Float>, _ size: ClipSize) {
    let earlier = ((-shift % size.frames) + size.frames) % size.frames
    for band in 0..<size.bands {
      let row = clip.startIndex + band * size.frames
      let line = Array(clip[row..<row + size.frames])
      let moved = line[earlier...] + line[..<earlier]
      for (frame, value) in moved.enumerated() { clip[row + frame] = value }
    }
  }
}
