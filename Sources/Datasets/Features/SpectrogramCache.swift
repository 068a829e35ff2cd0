// Spectrograms by what they were made of: in memory as long as they fit, else where they lie on
// disk.
import Acoustics
import Formats
import Foundation
import Synchronization

/// A spectrogram in a file of the feature cache.
struct PackedFeatures: Sendable {
  private let place: Safetensors.Place

  /// Nil for what is no spectrogram.
  init?(_ place: Safetensors.Place) {
    guard place.shape.count == 2 else { return nil }
    self.place = place
  }

  var bands: Int { place.shape[0] }
  var frames: Int { place.shape[1] }

  /// Read anew each time. Where that fails every value is NaN, and `faults` has the reason: the
  /// training that meets such an input stops.
  func read(_ faults: ReadFaults) -> Spectrogram {
    let values: [Float]
    do { values = try place.read() } catch {
      faults.note(error)
      values = [Float](repeating: .nan, count: bands * frames)
    }
    return Spectrogram(bands: bands, frames: frames, values: values)
  }
}

/// Why spectrograms could not be read: the first reason, seen by all threads.
final class ReadFaults: Sendable {
  private let reason = Mutex<String?>(nil)

  var first: String? { reason.withLock { $0 } }

  func note(_ error: any Error) {
    reason.withLock { $0 = $0 ?? SystemWords.sentence(error) }
  }
}

/// What one call for features has found so far, by digest of the sound.
struct SpectrogramCache: Sendable {
  /// Bytes of spectrograms held in memory at most, as long as the others are on disk.
  private let limit: Int
  private(set) var spectrograms: [String: Spectrogram] = [:]
  private(set) var places: [String: PackedFeatures] = [:]
  private var bytes = 0

  init(limit: Int) { self.limit = limit }

  var digests: Set<String> { Set(spectrograms.keys).union(places.keys) }
  private var isFull: Bool { bytes > limit }

  /// Takes spectrograms in; those with a place give up their memory once the limit is passed.
  mutating func add(_ new: [String: Spectrogram], _ placed: [String: PackedFeatures] = [:]) {
    let wasFull = isFull
    for (digest, spectrogram) in new where spectrograms[digest] == nil {
      if let place = placed[digest] { places[digest] = place }
      bytes += spectrogram.values.count * MemoryLayout<Float>.stride
      if !isFull || placed[digest] == nil { spectrograms[digest] = spectrogram }
    }
    guard isFull, !wasFull else { return }
    spectrograms = spectrograms.filter { places[$0.key] == nil }
  }

  /// What `add` took in before lies here by now.
  mutating func place(_ placed: [String: PackedFeatures]) {
    for (digest, place) in placed where spectrograms[digest] != nil {
      places[digest] = place
      if isFull { spectrograms[digest] = nil }
    }
  }
}
