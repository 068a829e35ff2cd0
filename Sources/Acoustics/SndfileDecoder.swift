// Decodes a view of a file with libsndfile.
import CSndfile
import Foundation
import Synchronization

final class SndfileDecoder: SoundDecoder {
  let header: AudioInfo
  let promised: Int?
  /// The bytes of samples that the header states and that exist, if some are missing.
  let missing: (claimed: Int, present: Int)?
  private let view: SoundView
  private let handle: OpaquePointer  // SNDFILE *; owned here, closed once in deinit
  private var block: [Float] = []
  private var decoded = 0

  /// libsndfile stores the reason of a failed opening in a global variable, so only one thread
  /// opens a file at a time.
  private static let opening = Mutex<Void>(())

  /// `promised` and `isExact` override libsndfile, if the caller knows better.
  init(_ view: SoundView, promised: Int? = nil, isExact: Bool? = nil) throws {
    self.view = view
    var info = SF_INFO()
    handle = try Self.open(view, &info)
    let frames = info.frames < Int64.max ? Int(info.frames) : nil
    self.promised = promised ?? frames
    header = AudioInfo(
      frames: promised ?? frames ?? 0, sampleRate: Int(info.samplerate),
      channels: Int(info.channels), format: SoundFormat.name(info.format),
      isExact: frames != nil && isExact ?? SoundFormat.isPlain(info.format))
    missing = SndfileLog(handle, info).missing
  }

  deinit { sf_close(handle) }

  func next(_ take: (UnsafeBufferPointer<Float>, Int) throws -> Void) throws -> Bool {
    let channels = header.channels
    let frames = max(1, 65_536 / channels)
    if block.isEmpty { block = [Float](repeating: 0, count: frames * channels) }
    let read = Int(sf_readf_float(handle, &block, sf_count_t(frames)))
    guard read > 0 else {
      try checkEnd()
      return false
    }
    decoded += read
    try block.withUnsafeBufferPointer {
      try take(UnsafeBufferPointer(rebasing: $0[..<(read * channels)]), channels)
    }
    return true
  }

  private func checkEnd() throws {
    try view.source.checkFailure()
    guard sf_error(handle) != 0 else { return }
    let reason = Self.sentence(String(cString: sf_strerror(handle)))
    let expected = promised.map { "\($0)" } ?? "sound to the end"
    throw AudioError(view.source.url, "\(reason) after \(decoded) samples; expected \(expected)")
  }
}

extension SndfileDecoder {
  private static func open(_ view: SoundView, _ info: inout SF_INFO) throws -> OpaquePointer {
    var calls = SF_VIRTUAL_IO(
      get_filelen: { SndfileDecoder.view($0).map { sf_count_t($0.length) } ?? -1 },
      seek: { offset, origin, view in
        SndfileDecoder.view(view).map { sf_count_t($0.seek(Int(offset), origin)) } ?? -1
      },
      read: { target, count, view in
        guard let target, let view = SndfileDecoder.view(view) else { return 0 }
        return sf_count_t(max(0, view.read(target, Int(count))))
      },
      write: nil,
      tell: { SndfileDecoder.view($0).map { sf_count_t($0.position) } ?? -1 })
    // libsndfile copies the callbacks. The view lives as long as the decoder, which owns both.
    let pointer = Unmanaged.passUnretained(view).toOpaque()
    var handle: OpaquePointer?
    let code = opening.withLock { _ in
      handle = sf_open_virtual(&calls, Int32(SFM_READ), &info, pointer)
      return handle == nil ? sf_error(nil) : 0
    }
    if let handle { return handle }
    try view.source.checkFailure()
    throw AudioError(view.source.url, reason(code))
  }

  private static func view(_ pointer: UnsafeMutableRawPointer?) -> SoundView? {
    pointer.map { Unmanaged<SoundView>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func reason(_ code: Int32) -> String {
    let words = sentence(String(cString: sf_error_number(code)))
    guard !words.hasPrefix("Internal error") else {
      return "no usable sample rate or number of channels in the header; "
        + "expected 1000 to 768000 Hz and 1 to 1024 channels"
    }
    return "\(words); \(SoundSource.formats)"
  }

  /// libsndfile's message as part of a sentence: one line without a full stop.
  private static func sentence(_ reason: String) -> String {
    let line = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.trimmingCharacters(in: CharacterSet(charactersIn: " ."))
  }
}

struct SndfileLog {
  /// Lines of the form `name : number`, or `name : number (should be number)`.
  private var lines: [(name: Substring, claimed: Int, present: Int?)] = []

  private let info: SF_INFO

  /// The log of the file that `handle` has just opened.
  init(_ handle: OpaquePointer, _ info: SF_INFO) {
    self.info = info
    let container = Int(info.format) & SF_FORMAT_TYPEMASK
    let isLarge = container == SF_FORMAT_W64 || container == SF_FORMAT_RF64
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { text in
      guard let base = text.baseAddress else { return }
      base.pointee = 0
      sf_command(handle, Int32(SFC_GET_LOG_INFO), base, Int32(text.count))
      // A fast path: most logs have no relevant line, and data sets have many files.
      guard isLarge || strstr(base, "(should be ") != nil else { return }
      lines = String(cString: base).split(separator: "\n").compactMap(SndfileLog.line)
    }
  }

  private static func line(_ text: Substring) -> (name: Substring, claimed: Int, present: Int?)? {
    let sides = text.split(separator: ":", maxSplits: 1)
    guard sides.count == 2 else { return nil }
    let words = sides[1].split(separator: " ")
    guard let claimed = words.first.flatMap({ Int($0) }), claimed >= 0 else { return nil }
    let isOff = words.count == 4 && words[1] == "(should" && words[2] == "be"
    let name = sides[0].drop { $0 == " " }.prefix { $0 != ":" }
    let end = name.lastIndex { $0 != " " }.map(name.index(after:)) ?? name.startIndex
    return (name[..<end], claimed, isOff ? Int(words[3].dropLast()).map { max(0, $0) } : nil)
  }

  /// The bytes of samples that the header states and that exist, if the file is too short.
  ///
  /// libsndfile silently adapts the number of frames and logs `data : 264600 (should be 132279)`.
  /// For W64 and RF64 it logs only the size in the header. Sizes near 2 or 4 GiB mean "unknown" and
  /// come from streaming writers. A recorder that stops between two writes may lose one frame,
  /// which is not reported.
  var missing: (claimed: Int, present: Int)? {
    let frame = SoundFormat.sampleSize(info.format) * Int(info.channels)
    let held = max(0, Int(info.frames).multipliedReportingOverflow(by: frame).partialValue)
    for line in lines {
      switch (line.name, Int(info.format) & SF_FORMAT_TYPEMASK, line.present) {
      case ("data", _, let present?), ("SSND", _, let present?), ("Data Size", _, let present?):
        guard line.claimed - present > frame, line.claimed < 0x7fff_0000 else { return nil }
        return (line.claimed, present)
      case ("data", SF_FORMAT_W64, nil) where frame > 0:
        return SndfileLog.gap(line.claimed - 24, held, frame)
      case ("Data size", SF_FORMAT_RF64, nil) where frame > 0:
        return SndfileLog.gap(line.claimed, held, frame)
      default: break
      }
    }
    return nil
  }

  private static func gap(_ claimed: Int, _ held: Int, _ frame: Int) -> (Int, Int)? {
    claimed - held > frame && claimed < 1 << 48 ? (claimed, held) : nil
  }
}
