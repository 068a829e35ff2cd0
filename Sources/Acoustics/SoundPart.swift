// Determines what a file contains before decoding: one sound, or several in a chain.

/// A stream of a file, with a function that opens its decoder.
struct SoundPart {
  let open: () throws -> any SoundDecoder

  /// The parts of `source` in order; at least one. Throws `AudioError`.
  static func all(_ source: SoundSource) throws -> [SoundPart] {
    let parts = Result { try find(source) }
    // A failed read is not a property of the sound.
    try source.checkFailure()
    return try parts.get()
  }

  private static func find(_ source: SoundSource) throws -> [SoundPart] {
    let bounds = SoundTags.sound(in: source)
    if let stream = FLACStream(source, bounds) { return [try flac(stream, source)] }
    if let links = OggLinks(source, bounds) { return try ogg(links, source) }
    if let wave = WAVEHeader(source, bounds) { return [try self.wave(wave, source)] }
    if source.word(at: bounds.lowerBound).flatMap(MPEGHeader.init) != nil {
      return [try mpeg(source, bounds)]
    }
    return [other(source, bounds)]
  }

  private static func mpeg(_ source: SoundSource, _ bounds: Range<Int>) throws -> SoundPart {
    guard let frames = try MPEGFrames(source, bounds, search: 1 << 16) else {
      try source.checkFailure()
      throw AudioError(source.url, "no whole MPEG frame; \(SoundSource.formats)")
    }
    return SoundPart { try MPEGDecoder(frames, source) }
  }

  private static func flac(_ stream: FLACStream, _ source: SoundSource) throws -> SoundPart {
    guard [8, 16, 24].contains(stream.bits) else {
      throw AudioError(
        source.url, "FLAC with \(stream.bits)-bit samples; expected 8, 16 or 24 bits")
    }
    return SoundPart {
      try SndfileDecoder(stream.view(), promised: stream.promised, isExact: stream.isConfirmed)
    }
  }

  private static func ogg(_ links: OggLinks, _ source: SoundSource) throws -> [SoundPart] {
    if links.isCut {
      throw AudioError(source.url, "ends within a page, so cut short; expected a complete file")
    }
    return links.links.map { pages in
      SoundPart {
        let view = SoundView(source, pages.map { .file($0) })
        let decoder = try SndfileDecoder(view, isExact: !links.hasGaps)
        guard decoder.promised != nil else {
          throw AudioError(source.url, "no end of stream, so cut short; expected a complete file")
        }
        return decoder
      }
    }
  }

  private static func wave(_ wave: WAVEHeader, _ source: SoundSource) throws -> SoundPart {
    if let fault = wave.fault { throw AudioError(source.url, fault) }
    return SoundPart { try SndfileDecoder(wave.view()) }
  }

  /// Formats that libsndfile knows; otherwise an MPEG stream that starts in the middle of a frame.
  private static func other(_ source: SoundSource, _ bounds: Range<Int>) -> SoundPart {
    SoundPart {
      do {
        return try SndfileDecoder(SoundView(source, [.file(bounds)]))
      } catch let error as AudioError where !error.isUnavailable {
        guard let frames = try MPEGFrames(source, bounds, search: 1 << 16) else { throw error }
        try source.checkFailure()
        return try MPEGDecoder(frames, source)
      }
    }
  }
}
