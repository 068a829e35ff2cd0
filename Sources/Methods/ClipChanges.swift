// What augmentation does to one clip's spectrogram, once the dice have fallen.
import Foundation

/// M × T of a clip's input.
struct ClipSize {
  let bands: Int
  let frames: Int
  var count: Int { bands * frames }
}

/// Drawn changes of one clip, applied in place.
struct ClipChanges {
  /// Frames; positive is later.
  let shift: Int
  let gain: Float
  /// Stripes set to 0, after standardisation the mean of a band.
  let bands: Range<Int>
  let frames: Range<Int>

  /// `clip` holds [M, T], row-major.
  func apply(to clip: UnsafeMutableBufferPointer<Float>, _ size: ClipSize) {
    if shift != 0 { rotate(clip, size) }
    if gain != 0 { for i in clip.indices { clip[i] += gain } }
    for band in bands {
      for frame in 0..<size.frames { clip[band * size.frames + frame] = 0 }
    }
    for band in 0..<size.bands {
      for frame in frames { clip[band * size.frames + frame] = 0 }
    }
  }

  private func rotate(_ clip: UnsafeMutableBufferPointer<Float>, _ size: ClipSize) {
    let later = ((shift % size.frames) + size.frames) % size.frames
    for band in 0..<size.bands {
      let row = Array(clip[band * size.frames..<(band + 1) * size.frames])
      for frame in 0..<size.frames {
        clip[band * size.frames + (frame + later) % size.frames] = row[frame]
      }
    }
  }
}

/// base^exponent for base in 0…1.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
