// Decodes MPEG audio with libmpg123, which gets only frames of sound.
import CMpg123
import Foundation

/// libmpg123 stops where a tag says, and takes anything that looks like a header for a frame. It
/// sees neither here.
final class MPEGDecoder: SoundDecoder {
  let header: AudioInfo
  let promised: Int?
  private let frames: MPEGFrames
  private let view: SoundView
  private let handle: OpaquePointer  // mpg123_handle *; owned here, deleted once in deinit
  private var block = [Float](repeating: 0, count: 16_384)
  private var channels: Int
  private var hasEnded = false
  /// Samples per channel that the decoder returned, including those before the sound.
  private var position = 0

  init(_ frames: MPEGFrames, _ source: SoundSource) throws {
    self.frames = frames
    view = SoundView(source, frames.stretches.map { .file($0) })
    let first = frames.first
    channels = first.channels
    promised = frames.isWhole ? frames.kept.count : frames.tag?.frames.map { $0 * first.samples }
    header = AudioInfo(
      frames: frames.kept.count, sampleRate: first.sampleRate, channels: first.channels,
      format: "MPEG audio, layer \(first.layer)", isExact: frames.isWhole)
    guard let handle = mpg123_new(nil, nil) else {
      throw AudioError(source.url, ENOMEM, while: "decoded")
    }
    self.handle = handle
    try open()
  }

  deinit { mpg123_delete(handle) }

  private func open() throws {
    var wanted = MPG123_QUIET.rawValue | MPG123_FORCE_FLOAT.rawValue
    wanted |= MPG123_IGNORE_INFOFRAME.rawValue
    // A single frame is a stream too.
    if frames.count < 2 { wanted |= MPG123_NO_READAHEAD.rawValue }
    let unwanted = MPG123_GAPLESS.rawValue | MPG123_AUTO_RESAMPLE.rawValue
    mpg123_set(handle, Int32(MPG123_ADD_FLAGS.rawValue), Int(wanted))
    mpg123_set(handle, Int32(MPG123_REMOVE_FLAGS.rawValue), Int(unwanted))
    mpg123_replace_reader_handle(
      handle,
      { view, target, count in
        guard let view, let target else { return -1 }
        // The view lives as long as the decoder, which owns both.
        return Unmanaged<SoundView>.fromOpaque(view).takeUnretainedValue().read(target, count)
      },
      { view, offset, origin in
        guard let view else { return -1 }
        return off_t(
          Unmanaged<SoundView>.fromOpaque(view).takeUnretainedValue().seek(Int(offset), origin))
      }, nil)
    let pointer = Unmanaged.passUnretained(view).toOpaque()
    guard mpg123_open_handle(handle, pointer) == MPG123_OK.rawValue else { throw failure() }
  }

  func next(_ take: (UnsafeBufferPointer<Float>, Int) throws -> Void) throws -> Bool {
    guard !hasEnded else { return false }
    var bytes = 0
    let code = block.withUnsafeMutableBytes {
      mpg123_read(handle, $0.baseAddress, $0.count, &bytes)
    }
    let count = bytes / MemoryLayout<Float>.stride / channels
    let kept = frames.kept.clamped(to: position..<position + count)
    try block.withUnsafeBufferPointer { all in
      let first = (kept.lowerBound - position) * channels
      let part = UnsafeBufferPointer(rebasing: all[first..<first + kept.count * channels])
      if !part.isEmpty { try take(part, channels) }
    }
    position += count
    try note(code)
    return !hasEnded
  }

  /// Handles the end and a change between mono and stereo; anything else is an error.
  private func note(_ code: Int32) throws {
    switch code {
    case MPG123_OK.rawValue: break
    case MPG123_DONE.rawValue: hasEnded = true
    case MPG123_NEW_FORMAT.rawValue:
      var rate = 0
      var count: Int32 = 0
      var encoding: Int32 = 0
      mpg123_getformat(handle, &rate, &count, &encoding)
      channels = max(1, Int(count))
    default: throw failure()
    }
  }

  private func failure() -> AudioError {
    if let code = view.source.failure { return AudioError(view.source.url, code, while: "read") }
    let words = mpg123_strerror(handle).map { String(cString: $0) } ?? "broken stream"
    return AudioError(
      view.source.url, "\(words) after \(position) samples; expected \(frames.samples)")
  }
}
