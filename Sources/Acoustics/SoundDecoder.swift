// What every decoder does: interleaved blocks until the sound ends.

/// Used by one thread.
protocol SoundDecoder: AnyObject {
  /// Before the first block: the header's words, not yet checked for plausibility.
  var header: AudioInfo { get }
  /// Frames that the header promises; nil where it makes no promise.
  var promised: Int? { get }
  /// Gives the next samples, channel by channel, and the number of channels. False at the end.
  func next(_ take: (UnsafeBufferPointer<Float>, Int) throws -> Void) throws -> Bool
}

extension AudioInfo {
  func with(frames: Int, isExact: Bool) -> AudioInfo {
    AudioInfo(
      frames: frames, sampleRate: sampleRate, channels: channels, format: format, isExact: isExact)
  }
}
