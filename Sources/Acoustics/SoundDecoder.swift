// The interface of decoders: interleaved blocks until the end of the sound.

/// Used by one thread.
protocol SoundDecoder: AnyObject {
  /// The header, before the first block and before plausibility checks.
  var header: AudioInfo { get }
  /// The number of frames in the header; nil if it does not state one.
  var promised: Int? { get }
  /// Passes on the next samples, interleaved, with the number of channels. False at the end.
  func next(_ take: (UnsafeBufferPointer<Float>, Int) throws -> Void) throws -> Bool
}

extension AudioInfo {
  func with(frames: Int, isExact: Bool) -> AudioInfo {
    AudioInfo(
      frames: frames, sampleRate: sampleRate, channels: channels, format: format, isExact: isExact)
  }
}
