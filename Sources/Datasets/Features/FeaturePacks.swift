// The files of the feature cache, and the features that were read from them.
import Acoustics
import Formats
import Foundation

/// The features of one extractor on disk: safetensors files with some hundred spectrograms each, by
/// the digest of the sound. Files are written once and never changed, so readers need no lock.
struct FeaturePacks: Sendable {
  let folder: URL
  /// The number of spectrograms in the first file of a run, when their size is unknown.
  static let firstCount = 16
  /// The intended size of a file in bytes, and the largest number of spectrograms in it.
  private static let bytes = 16 << 20
  private static let most = 256
  private static let suffix = "safetensors"

  /// The number of spectrograms of this size that go into a file: 8 to 256.
  static func count(_ spectrogram: Spectrogram) -> Int {
    let size = max(1, spectrogram.values.count * MemoryLayout<Float>.stride)
    return min(most, max(8, bytes / size / 8 * 8))
  }

  /// Adds the wanted spectrograms that are on disk to `stored`. Returns one line for each file that
  /// cannot be read. `removingDamaged` deletes files with damaged content; only the holder of the
  /// lock may do that.
  func load(
    _ wanted: Set<String>, into stored: inout StoredFeatures, removingDamaged: Bool
  ) -> [String] {
    var missing = wanted.filter { stored[$0] == nil }
    var warnings: [String] = []
    do {
      for url in try files where !missing.isEmpty {
        do {
          guard let (found, places) = try read(url, missing) else { continue }
          stored.add(found, places: places)
          missing.subtract(found.keys)
        } catch let error as Problem {
          warnings.append("features are computed again: \(error)")
          // A file that the system fails to read is not damaged.
          if removingDamaged, error.systemError == nil { warnings += remove(url) }
        }
      }
    } catch {
      warnings.append("features are computed again: \(error)")
    }
    return warnings
  }

  /// Writes one file atomically, named after the digests, and returns the place of each
  /// spectrogram in it. Throws `Problem`.
  func save(_ spectrograms: [String: Spectrogram]) throws -> [String: Safetensors.Place] {
    guard !spectrograms.isEmpty else { return [:] }
    let digests = spectrograms.keys.sorted()
    let name = Fingerprint(of: digests.joined(separator: " ")).text
    let entries = spectrograms.mapValues {
      Safetensors.Entry(shape: [$0.bands, $0.frames], values: $0.values)
    }
    let url = folder.appendingPathComponent("\(name).\(Self.suffix)")
    try Safetensors.write(entries, metadata: ["checksum": Self.checksum(entries)], to: url)
    return try Safetensors.places(url)
  }

  private var files: [URL] {
    get throws {
      try StoredFile.names(in: folder.path)
        .filter { $0.hasSuffix(".\(Self.suffix)") && !$0.hasPrefix(".") }
        .map { folder.appendingPathComponent($0) }
    }
  }

  /// The wanted spectrograms of a file; nil if it is gone, since another process may delete it.
  /// Throws `Problem`.
  private func read(
    _ url: URL, _ wanted: Set<String>
  ) throws -> (found: [String: Spectrogram], places: [String: Safetensors.Place])? {
    guard try StoredFile.exists(url) else { return nil }
    let (entries, metadata) = try Safetensors.read(url)
    guard metadata["checksum"] == Self.checksum(entries),
      entries.values.allSatisfy({ $0.shape.count == 2 })
    else { throw Problem(url.path, "damaged; expected spectrograms that match their checksum") }
    let found = entries.filter { wanted.contains($0.key) }.mapValues {
      Spectrogram(bands: $0.shape[0], frames: $0.shape[1], values: $0.values)
    }
    return (found, found.isEmpty ? [:] : try Safetensors.places(url))
  }

  /// A line if the file cannot be removed: every run would read it again.
  private func remove(_ url: URL) -> [String] {
    guard unlink(url.path) != 0, errno != ENOENT else { return [] }
    return ["\(url.path): cannot be removed (\(SystemWords.of(errno))); expected a writable cache"]
  }

  private static func checksum(_ entries: [String: Safetensors.Entry]) -> String {
    var digest = Fingerprint()
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      digest = digest.adding("\(name) \(entry.shape)")
      for value in entry.values { digest.add(UInt64(value.bitPattern)) }
    }
    return digest.text
  }
}

/// Spectrograms by the digest of their sound: in memory up to a limit, otherwise on disk.
struct StoredFeatures: Sendable {
  /// A spectrogram in memory, or its place in a file of the cache, or both.
  struct Entry: Sendable {
    fileprivate(set) var spectrogram: Spectrogram?
    fileprivate(set) var place: Safetensors.Place?

    var size: InputSize {
      InputSize(
        bands: spectrogram?.bands ?? place?.shape[0] ?? 0,
        frames: spectrogram?.frames ?? place?.shape[1] ?? 0)
    }

    init(_ spectrogram: Spectrogram?, at place: Safetensors.Place? = nil) {
      (self.spectrogram, self.place) = (spectrogram, place)
    }

    fileprivate var onDisk: Entry { place == nil ? self : Entry(nil, at: place) }
  }

  /// In bytes. Beyond it, spectrograms that are on disk are not held in memory.
  private let limit: Int
  private var bytes = 0
  private var entries: [String: Entry] = [:]

  init(limit: Int) { self.limit = limit }

  var count: Int { entries.count }

  subscript(digest: String) -> Entry? { entries[digest] }

  mutating func add(_ spectrograms: [String: Spectrogram], places: [String: Safetensors.Place]) {
    let wasFull = bytes > limit
    for (digest, spectrogram) in spectrograms {
      bytes += spectrogram.values.count * MemoryLayout<Float>.stride
      let entry = Entry(spectrogram, at: places[digest])
      entries[digest] = wasFull ? entry.onDisk : entry
    }
    if bytes > limit, !wasFull { entries = entries.mapValues(\.onDisk) }
  }
}
