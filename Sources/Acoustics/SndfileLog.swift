// The log of libsndfile, which contains facts that its interface does not report.
import CSndfile
import Foundation

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
