// The features of clips, in memory or read from the cache on demand.
import Acoustics
import Formats
import Synchronization

/// Features `[M, T]` by clip: in memory, or on disk if they exceed it.
public struct Features: Sendable {
  private let entries: [Clip.ID: StoredFeatures.Entry]
  private let faults = ReadFaults()
  /// One line for each clip without features, with the reason, and one for each fault of the cache.
  public let problems: [String]
  /// The digest of the sounds they were computed from; nil if no sound was read.
  public let sounds: SoundDigest?

  public init(
    _ spectrograms: [Clip.ID: Spectrogram], problems: [String] = [], sounds: SoundDigest? = nil
  ) {
    self.init(
      spectrograms.mapValues { StoredFeatures.Entry($0) }, problems: problems, sounds: sounds)
  }

  init(_ entries: [Clip.ID: StoredFeatures.Entry], problems: [String], sounds: SoundDigest?) {
    (self.entries, self.problems, self.sounds) = (entries, problems, sounds)
  }

  /// `[M, T]`; nil if the clip has no features.
  ///
  /// Features on disk are read on each access. If that fails, every value is NaN, so that training
  /// stops, and `fault` has the reason.
  public subscript(id: Clip.ID) -> Spectrogram? {
    guard let entry = entries[id] else { return nil }
    return entry.spectrogram ?? entry.place.map { faults.read($0) }
  }

  /// Why features could not be read from the cache: the first reason; nil if all could be read.
  public var fault: String? { faults.first }

  /// M and T of a clip's features, which are not read for it.
  public func size(of id: Clip.ID) -> InputSize? { entries[id]?.size }

  public var count: Int { entries.count }
  /// Whether features are read from disk on demand.
  public var isOnDisk: Bool { entries.values.contains { $0.spectrogram == nil } }
}

/// The first reason why features could not be read, for all threads.
private final class ReadFaults: Sendable {
  private let reason = Mutex<String?>(nil)

  var first: String? { reason.withLock { $0 } }

  func read(_ place: Safetensors.Place) -> Spectrogram {
    let (bands, frames) = (place.shape[0], place.shape[1])
    do {
      return Spectrogram(bands: bands, frames: frames, values: try place.read())
    } catch {
      reason.withLock { $0 = $0 ?? SystemWords.sentence(error) }
      let values = [Float](repeating: .nan, count: bands * frames)
      return Spectrogram(bands: bands, frames: frames, values: values)
    }
  }
}

/// The digest of the sounds of a data set, by split. Every run stores it, so that a changed sound
/// is noticed.
public struct SoundDigest: Sendable, Equatable {
  /// In the order of `Split.allCases`.
  private let parts: [String]

  /// Digests of the clips' sounds; nil for a clip without sound.
  init(of clips: [(clip: Clip, digest: String?)]) {
    parts = Split.allCases.map { split in
      var whole = Fingerprint()
      for (clip, digest) in clips where clip.split == split {
        whole = whole.adding("\(clip.id) \(digest ?? "-")")
      }
      return whole.text
    }
  }

  /// Parses `text`; nil for any other string.
  public init?(_ text: String) {
    let parts = text.split(separator: "-").map(String.init)
    guard parts.count == Split.allCases.count, parts.allSatisfy({ $0.utf8.count == 16 }) else {
      return nil
    }
    self.parts = parts
  }

  /// Three numbers of 16 hexadecimal digits, separated by hyphens.
  public var text: String { parts.joined(separator: "-") }

  /// The splits whose sounds differ.
  public func differences(from other: SoundDigest) -> [Split] {
    Split.allCases.filter { parts[$0.index] != other.parts[$0.index] }
  }
}
