// Decodes every sound of a data set and reports unreadable, silent and duplicate ones.
import Acoustics
import Foundation

/// The check of the sounds.
struct SoundCheck {
  private let subject: TableCheck
  private let settings: DatasetSettings
  /// The indices of the clips with a sound.
  private let sounds: [Int]
  /// One step of 16 bit; a sound below it is silent.
  private static let silence: Float = 1 / 32_768

  init(_ subject: TableCheck, _ settings: DatasetSettings) {
    self.subject = subject
    self.settings = settings
    sounds = subject.clips.indices.filter { subject.clips[$0].audio != nil }
  }

  private enum Finding {
    case fault(String)
    case silent(channels: Int)
  }

  /// Returns the number of sounds that could be decoded. Throws `AudioError` or `Problem` if the
  /// system fails to read one, and `CancellationError`.
  func run(_ log: inout IssueLog, _ progress: ProgressHandler?) throws -> Int {
    let (clips, sounds) = (subject.clips, sounds)
    let threads = settings.threads ?? Parallel.cores
    let findings = try Parallel.map(
      sounds.count, threads: threads, "Opening sounds", progress: progress, worker: {},
      work: { _, n in [try SoundCheck.finding(clips[sounds[n]])] }
    ).map { $0.first ?? nil }
    var faults = 0
    for (i, finding) in zip(sounds, findings) {
      switch finding {
      case .fault(let reason):
        faults += 1
        log.error(subject.places[i], reason)
      case .silent(let channels):
        let mixed = channels > 1 ? " when mixed to mono, as \(channels) channels are read" : ""
        log.warn(subject.places[i], "\(subject.names[i]) is silent\(mixed)")
      case nil: break
      }
    }
    try lookForCopies(&log, threads, progress)
    return findings.count - faults
  }

  private static func finding(_ clip: Clip) throws -> Finding? {
    guard let url = clip.audio else { return nil }
    do {
      let wave = try AudioFile.read(url)
      if wave.samples.isEmpty { return .fault("\(url.path): no samples; expected sound") }
      guard wave.samples.allSatisfy(\.isFinite) else {
        return .fault("\(url.path): samples that are not finite; expected sound")
      }
      let isSilent = wave.samples.allSatisfy { abs($0) < silence }
      return isSilent ? .silent(channels: try AudioFile.info(url).channels) : nil
    } catch let error as AudioError {
      if error.isUnavailable { throw error }
      return .fault("\(error)")
    }
  }

  /// Reports sounds with the same bytes in two splits, so that test data were trained on.
  private func lookForCopies(
    _ log: inout IssueLog, _ threads: Int, _ progress: ProgressHandler?
  ) throws {
    let (digests, warnings) = try SoundIndex(cache: settings.cache).digests(
      of: sounds.map { subject.clips[$0].audio?.path }, threads: threads, progress: progress)
    for warning in warnings { log.warn(subject.root, warning) }
    var first: [String: [Split: Int]] = [:]
    for (i, digest) in zip(sounds, digests) {
      guard let digest else { continue }
      let split = subject.clips[i].split
      if let other = first[digest]?.filter({ $0.key != split }).values.min() {
        log.warn(
          subject.places[i],
          "\(subject.names[i]) in \(split.rawValue) has the same bytes as \(subject.names[other])"
            + " in \(subject.clips[other].split.rawValue)")
      }
      if first[digest]?[split] == nil { first[digest, default: [:]][split] = i }
    }
  }
}
