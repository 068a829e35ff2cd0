// The feature cache of one front end: spectrograms by content digest, some hundred to a file.
import Acoustics
import Formats
import Foundation

/// A folder of safetensors files that are written once and never changed, so that readers need no
/// lock. A damaged file counts as absent.
struct FeaturePacks: Sendable {
  let folder: URL
  /// Spectrograms in the first file that is written, when nobody knows yet how large they are.
  static let firstCount = 16
  /// Bytes that a file should hold, and the most spectrograms.
  private static let bytes = 16 << 20
  private static let most = 256

  /// How many spectrograms of this one's size go into a file: 8 to 256.
  static func count(_ spectrogram: Spectrogram) -> Int {
    let size = max(1, spectrogram.values.count * MemoryLayout<Float>.stride)
    return min(most, max(8, bytes / size / 8 * 8))
  }

  /// Every spectrogram on disk whose digest is wanted, and where it lies.
  func load(_ wanted: Set<String>, into shelf: inout SpectrogramCache) {
    var missing = wanted.subtracting(shelf.digests)
    for url in files where !missing.isEmpty {
      let found = (read(url) ?? [:]).filter { missing.contains($0.key) }
      guard !found.isEmpty else { continue }
      shelf.add(found, places(in: url))
      missing.subtract(found.keys)
    }
  }

  /// Where each spectrogram of a file lies; empty where it cannot be read.
  func places(in url: URL) -> [String: PackedFeatures] {
    ((try? Safetensors.places(url)) ?? [:]).compactMapValues { PackedFeatures($0) }
  }

  /// Which of `wanted` are on disk; one file is in memory at a time.
  func known(among wanted: Set<String>) -> Set<String> {
    var found: Set<String> = []
    for url in files where found.count < wanted.count {
      found.formUnion(wanted.intersection((read(url) ?? [:]).keys))
    }
    return found
  }

  /// Writes one file atomically, named after its content's keys, and returns it. Throws
  /// `Problem`.
  func save(_ spectrograms: [String: Spectrogram]) throws -> URL {
    let digests = spectrograms.keys.sorted()
    let name = Fingerprint(of: digests.joined(separator: " ")).text
    let entries = spectrograms.mapValues {
      Safetensors.Entry(shape: [$0.bands, $0.frames], values: $0.values)
    }
    let url = folder.appendingPathComponent("\(name).\(FeaturePacks.suffix)")
    try Safetensors.write(
      entries, metadata: ["checksum": FeaturePacks.checksum(entries)], to: url)
    return url
  }

  /// Deletes files whose content is damaged; for the holder of the lock. One line for each that
  /// cannot be deleted: it would be looked at again by every run.
  func removeDamaged() -> [String] {
    var problems: [String] = []
    for url in files where read(url) == nil && isReadable(url) {
      guard unlink(url.path) != 0, errno != ENOENT else { continue }
      problems.append(
        "\(url.path): damaged and cannot be removed (\(SystemWords.of(errno))); expected a cache "
          + "that can be written")
    }
    return problems
  }

  /// Whether all of its bytes can be had: what cannot be read at this moment is not damaged.
  private func isReadable(_ url: URL) -> Bool {
    (try? StoredFile.pieces(of: url.path) { _ in }) == true
  }

  private static let suffix = "safetensors"

  private var files: [URL] {
    // A cache that cannot be read costs time: everything is computed again.
    let names = (try? StoredFile.names(in: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".\(FeaturePacks.suffix)") && !$0.hasPrefix(".") }.sorted()
      .map { folder.appendingPathComponent($0) }
  }

  private func read(_ url: URL) -> [String: Spectrogram]? {
    guard let (entries, metadata) = try? Safetensors.read(url),
      metadata["checksum"] == FeaturePacks.checksum(entries),
      entries.values.allSatisfy({ $0.shape.count == 2 })
    else { return nil }
    return entries.mapValues {
      Spectrogram(bands: $0.shape[0], frames: $0.shape[1], values: $0.values)
    }
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
