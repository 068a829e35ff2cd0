// Long recordings as clips: where they are cut, and the files of these clips in the cache.
import Acoustics
import Formats
import Foundation

/// A recording of at least one and a half clip lengths is cut into clips of that length; what is
/// left at its end is a clip if it is at least half as long. Shorter recordings stay whole.
struct RecordingCuts: Sendable {
  /// Of a clip, in s.
  let length: Double

  /// The parts of a recording of `seconds` s that become clips, in s. One part: it is not cut.
  func parts(of seconds: Double) -> [Range<Double>] {
    guard seconds >= 1.5 * length else { return [0..<min(seconds, length)] }
    let whole = Int(seconds / length)
    var parts = (0..<whole).map { Double($0) * length..<Double($0 + 1) * length }
    let start = Double(whole) * length
    if seconds - start >= length / 2 { parts.append(start..<seconds) }
    return parts
  }

  /// The clips of a recording: one group, with the labels of their part. Of a recording that is
  /// not cut the clip keeps its id and its group.
  func clips(of recording: Clip, _ labels: Recording.Labels, _ classes: [String]) -> [Clip] {
    let parts = parts(of: recording.seconds)
    return parts.map { part in
      let isWhole = parts.count == 1
      let place = "@\(Self.text(part.lowerBound))-\(Self.text(part.upperBound))"
      return Clip(
        id: isWhole ? recording.id : recording.id + place, audio: recording.audio,
        split: recording.split,
        seconds: isWhole ? recording.seconds : part.upperBound - part.lowerBound,
        labels: labels.labels(classes, in: part),
        group: isWhole ? recording.group : recording.group ?? recording.id)
    }
  }

  /// Seconds to the millisecond, without zeros at the end.
  static func text(_ seconds: Double) -> String {
    let milliseconds = Int((seconds * 1000).rounded())
    guard milliseconds % 1000 != 0 else { return "\(milliseconds / 1000)" }
    var digits = String(milliseconds % 1000 + 1000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(milliseconds / 1000).\(digits)"
  }
}

// MARK: files

/// The files of one recording's clips, `cuts/CONTENT-LENGTH/0000.wav` and so on in the cache.
struct ClipFiles: Sendable {
  private let folder: URL
  private let recording: URL
  private let cuts: RecordingCuts
  private let count: Int

  /// `digest`: of the recording's content. `count`: of the clips.
  init(
    _ recording: URL, digest: String, count: Int, _ cuts: RecordingCuts, cache: URL?
  ) {
    let place = ClipFiles.place(cache)
    let key = Fingerprint(of: "\(digest) \(cuts.length)").text
    folder = place.appendingPathComponent(key, isDirectory: true)
    (self.recording, self.cuts, self.count) = (recording, cuts, count)
  }

  /// Where the files of all recordings lie.
  static func place(_ cache: URL?) -> URL {
    (cache ?? UserFolders().cache).appendingPathComponent("cuts", isDirectory: true)
  }

  /// One file a clip.
  var urls: [URL] {
    (0..<count).map { index in
      let digits = String(index)
      let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      return folder.appendingPathComponent("\(name).wav", isDirectory: false)
    }
  }

  /// Throws `Problem` where a file cannot be looked at.
  func areThere() throws -> Bool { try urls.allSatisfy { try StoredFile.isFile($0) } }

  /// Writes all clips. Memory does not grow with the length of the recording. Throws `AudioError`
  /// where the recording cannot be decoded, `Problem` where a file cannot be written.
  func write() throws {
    try Cache.make(folder)
    let urls = urls
    let frames = Int((cuts.length * Double(try AudioFile.info(recording).sampleRate)).rounded())
    var index = 0
    try AudioFile.forEachExcerpt(of: recording, frames: max(1, frames)) { excerpt in
      guard index < urls.count else { return false }
      // A file appears when it is complete; one that is lost with a power cut is written again.
      try AtomicFile.write(to: urls[index], isSynced: false) {
        try $0.write(contentsOf: AudioFile.wav(excerpt))
      }
      index += 1
      return true
    }
    guard index == urls.count else {
      throw AudioError(
        file: recording.path, reason: "\(index) clips; expected \(urls.count) by its length")
    }
  }
}
