// Walks an MPEG audio stream from header to header and counts its frames.

/// The positions of the frames. Counts in tags may be wrong; these are the frames that a decoder
/// will find.
struct MPEGFrames {
  let first: MPEGHeader
  private(set) var tag: MPEGInfoTag?
  /// Ranges of contiguous frames. The bytes between them are not sound.
  private(set) var stretches: [Range<Int>] = []
  private(set) var count = 0
  /// Samples per channel in all frames.
  private(set) var samples = 0
  /// Bytes from the frame of the tag, or from the first frame, to the end of the stream.
  private let present: Int

  private let source: SoundSource
  private let bounds: Range<Int>
  /// The bytes of an unpadded frame in free format.
  private var freeSize: Int?

  /// nil if no stream begins within `search` bytes of `bounds`. Throws `AudioError` if the sample
  /// rate changes.
  init?(_ source: SoundSource, _ bounds: Range<Int>, search: Int) throws {
    self.source = source
    self.bounds = bounds
    let last = min(bounds.upperBound - 4, bounds.lowerBound + search)
    guard bounds.lowerBound <= last,
      let start = (bounds.lowerBound...last).first(where: {
        MPEGFrames.begins(source, bounds, $0)
      }),
      let first = source.word(at: start).flatMap(MPEGHeader.init)
    else { return nil }
    self.first = first
    present = bounds.upperBound - start
    freeSize = MPEGFrames.freeSize(source, bounds, start, first)
    try walk(from: start)
    guard count > 0 else { return nil }
  }

  /// Whether the stream is complete, according to the count or the bytes in its tag.
  var isWhole: Bool {
    guard let tag, let frames = tag.frames else { return true }
    return frames <= count || tag.bytes.map { $0 <= present } ?? (frames == count + 1)
  }

  /// The samples of the sound, without the delay and the padding of encoder and decoder.
  var kept: Range<Int> {
    guard let tag, let delay = tag.delay else { return 0..<samples }
    let isAll = tag.frames == count || tag.bytes == present
    let start = min(delay, samples)
    return start..<max(start, isAll ? samples - tag.padding : samples)
  }

  private mutating func walk(from start: Int) throws {
    var position = start
    while position + 4 <= bounds.upperBound {
      guard let header = header(at: position), let size = size(header) else {
        guard let next = resync(after: position) else { return }
        position = next
        continue
      }
      if header.sampleRate != first.sampleRate {
        let change = "from \(first.sampleRate) to \(header.sampleRate) Hz after \(samples) samples"
        throw AudioError(source.url, "sample rate changes \(change); expected one rate")
      }
      // A truncated stream ends in a partial frame, which no decoder can use.
      guard position + size <= bounds.upperBound else { return }
      let end = position + size
      if position == start, let found = MPEGInfoTag(source.bytes(at: start, size), header) {
        tag = found
      } else {
        add(position..<end, header)
      }
      position = end
    }
  }

  private mutating func add(_ frame: Range<Int>, _ header: MPEGHeader) {
    if let last = stretches.last, last.upperBound == frame.lowerBound {
      stretches[stretches.count - 1] = last.lowerBound..<frame.upperBound
    } else {
      stretches.append(frame)
    }
    count += 1
    samples += header.samples
  }

  private func size(_ header: MPEGHeader) -> Int? {
    header.size ?? freeSize.map { $0 + header.padding }
  }

  /// A header of the same kind, or of another kind that the next header confirms.
  private func header(at position: Int) -> MPEGHeader? {
    guard let header = source.word(at: position).flatMap(MPEGHeader.init), let size = size(header)
    else { return nil }
    if header.kind == first.kind { return header }
    let next = source.word(at: position + size).flatMap(MPEGHeader.init)
    return next?.kind == header.kind && position + size + 4 <= bounds.upperBound ? header : nil
  }

  /// The next header after bytes that are not a frame, if another header follows it.
  private func resync(after position: Int) -> Int? {
    var place = SoundTags.skipID3(source, from: position)
    if place == position { place += 1 }
    while place + 4 <= bounds.upperBound {
      if let header = header(at: place), let size = size(header),
        place + size == bounds.upperBound
          || source.word(at: place + size).flatMap(MPEGHeader.init)?.kind == header.kind
      {
        return place
      }
      place += 1
    }
    return nil
  }
}

extension MPEGFrames {
  /// Whether a header is at `position` and two of the same kind follow, unless the file ends.
  private static func begins(
    _ source: SoundSource, _ bounds: Range<Int>, _ position: Int
  ) -> Bool {
    guard let header = source.word(at: position).flatMap(MPEGHeader.init),
      let size = header.size
        ?? freeSize(source, bounds, position, header).map({ $0 + header.padding })
    else { return false }
    let second = position + size
    guard follows(source, bounds, header, second) else { return false }
    guard second + 4 <= bounds.upperBound,
      let next = source.word(at: second).flatMap(MPEGHeader.init)
    else { return position == bounds.lowerBound }
    return follows(
      source, bounds, header, second + (next.size ?? size - header.padding + next.padding))
  }

  /// Whether the file ends, or the next frame of the same kind begins, at `position`.
  private static func follows(
    _ source: SoundSource, _ bounds: Range<Int>, _ header: MPEGHeader, _ position: Int
  ) -> Bool {
    guard position + 4 <= bounds.upperBound else { return true }
    return source.word(at: position).flatMap(MPEGHeader.init)?.kind == header.kind
  }

  /// In free format, the distance to the next header of the same kind, confirmed by a third one.
  private static func freeSize(
    _ source: SoundSource, _ bounds: Range<Int>, _ position: Int, _ header: MPEGHeader
  ) -> Int? {
    guard header.size == nil else { return nil }
    for distance in 24...largestFrame {
      guard position + distance + 4 <= bounds.upperBound else { return nil }
      guard let next = source.word(at: position + distance).flatMap(MPEGHeader.init),
        next.kind == header.kind, next.size == nil
      else { continue }
      let size = distance - header.padding
      if follows(source, bounds, header, position + distance + size + next.padding) { return size }
    }
    return nil
  }

  /// The maximum bytes of a frame that decoders accept.
  private static let largestFrame = 3456
}
