// An open file with buffered reads at any position. It keeps the reason of a failed read.
import Foundation

/// Used by one thread from opening to closing.
final class SoundSource {
  let url: URL
  /// Bytes.
  let size: Int
  /// The `errno` of the first failed read. A decoder takes a failed read for the end of the file,
  /// so check this afterwards.
  private(set) var failure: Int32?

  private let descriptor: Int32
  private static let capacity = 16_384
  private let buffer: UnsafeMutableRawPointer
  private var held = 0..<0

  /// Throws `AudioError` if the file is missing, cannot be opened, is not a regular file, or is
  /// empty.
  init(_ url: URL) throws {
    self.url = url
    var status = stat()
    guard stat(url.path, &status) == 0 else { throw AudioError(url, errno, while: "opened") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw AudioError(url, "not a regular file; expected a sound file")
    }
    descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AudioError(url, errno, while: "opened") }
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw AudioError(url, code, while: "opened")
    }
    size = Int(status.st_size)
    buffer = .allocate(byteCount: SoundSource.capacity, alignment: 16)
    guard size > 0 else {
      // All properties are set, so `deinit` closes the file. A second close could hit a file that
      // another thread has opened meanwhile.
      throw AudioError(url, "empty file (0 bytes); \(SoundSource.formats)")
    }
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  static let formats = "expected WAV, AIFF, FLAC, Ogg Vorbis, Opus or MP3"

  /// Copies up to `count` bytes at `position` and returns how many: fewer at the end and after a
  /// failure.
  func read(_ target: UnsafeMutableRawPointer, _ count: Int, at position: Int) -> Int {
    var done = 0
    while done < count {
      let place = position + done
      if held.contains(place) {
        let share = min(count - done, held.upperBound - place)
        memcpy(target + done, buffer + (place - held.lowerBound), share)
        done += share
      } else if count - done >= SoundSource.capacity {
        let got = fetch(target + done, count - done, at: place)
        guard got > 0 else { break }
        done += got
      } else {
        held = place..<place + fetch(buffer, SoundSource.capacity, at: place)
        if held.isEmpty { break }
      }
    }
    return done
  }

  private func fetch(_ target: UnsafeMutableRawPointer, _ count: Int, at position: Int) -> Int {
    while failure == nil {
      let got = pread(descriptor, target, count, off_t(position))
      if got >= 0 { return got }
      if errno != EINTR { failure = errno }
    }
    return 0
  }

  /// Throws if a read failed, since then the sound is unreadable and not damaged.
  func checkFailure() throws {
    if let failure { throw AudioError(url, failure, while: "read") }
  }
}

extension SoundSource {
  /// The bytes at `position`; fewer at the end of the file.
  func bytes(at position: Int, _ count: Int) -> [UInt8] {
    let present = max(0, min(count, size - position))
    return [UInt8](unsafeUninitializedCapacity: present) { target, filled in
      guard let base = target.baseAddress else { return }
      filled = read(base, present, at: position)
    }
  }

  /// Four bytes as a big-endian number; nil if they are not all there.
  func word(at position: Int) -> UInt32? {
    var word: UInt32 = 0
    let got = withUnsafeMutableBytes(of: &word) { bytes in
      bytes.baseAddress.map { read($0, 4, at: position) } ?? 0
    }
    return got == 4 ? UInt32(bigEndian: word) : nil
  }
}

extension [UInt8] {
  /// `count` bytes from `index` as a big-endian number.
  func big(_ index: Int, _ count: Int) -> Int {
    self[index..<index + count].reduce(0) { $0 << 8 | Int($1) }
  }

  /// The same as a little-endian number.
  func little(_ index: Int, _ count: Int) -> Int {
    self[index..<index + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Whether `text` is at `index`.
  func holds(_ text: String, at index: Int = 0) -> Bool { dropFirst(index).starts(with: text.utf8) }
}

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
