// Band's rendered clips on disk: one playable WAV a clip, rendered once for all sizes of the set.
import Acoustics
import Formats
import Foundation

/// The clips of one recipe and SoundFont, `FOLDER/train/0000.wav` and so on.
package struct BandCache: Sendable {
  package let folder: URL
  private let recipe: BandRecipe
  private let font: SoundFont

  /// A recipe and a SoundFont have a folder of their own under `cache`.
  package init(_ recipe: BandRecipe, _ font: SoundFont, cache: URL) {
    self.recipe = recipe
    self.font = font
    folder = cache.appendingPathComponent("band/\(BandCache.key(recipe, font))")
  }

  /// Changes with anything that changes a sample.
  static func key(_ recipe: BandRecipe, _ font: SoundFont) -> String {
    let settings = "\(BandRecipe.version) \(recipe.seed) \(recipe.seconds) \(font.digest)"
    return Fingerprint(of: settings).text
  }

  package func url(_ split: Split, _ index: Int) -> URL {
    let digits = String(index)
    let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return folder.appendingPathComponent("\(split.rawValue)/\(name).wav")
  }

  /// Renders what is missing of the first `sizes[split]` clips of every split; cancelling keeps
  /// what is there. A second process waits and finds the work done.
  package func fill(_ sizes: [Split: Int], threads: Int, progress: Ticker?) throws {
    if missing(sizes).isEmpty, covers(sizes) { return }
    let what = "Rendering Band"
    let total = sizes.values.reduce(0, +)
    let lock = try FileLock(folder.appendingPathComponent("lock"), what, progress: progress) {
      (total - missing(sizes).count, total)
    }
    defer { withExtendedLifetime(lock) {} }
    for split in Split.allCases {
      try Cache.make(folder.appendingPathComponent(split.rawValue))
    }
    let jobs = missing(sizes)
    let already = total - jobs.count
    let tell: Ticker = { what, done, _ in progress?(what, already + done, total) ?? true }
    _ = try Parallel.map(
      jobs.count, threads: threads, what, progress: tell,
      worker: { try BandRenderer(recipe, font) },
      work: { renderer, i in try write(renderer.clip(jobs[i].split, jobs[i].index), jobs[i]) })
    try sign(sizes)
  }

  private struct Job: Sendable {
    let split: Split
    let index: Int
  }

  /// A clip that is there in full length is done: files appear by renaming only.
  private func missing(_ sizes: [Split: Int]) -> [Job] {
    let bytes = 44 + 2 * recipe.sampleCount
    return Split.allCases.flatMap { split in
      (0..<(sizes[split] ?? 0)).compactMap { index in
        FileStamp(url(split, index))?.size == bytes ? nil : Job(split: split, index: index)
      }
    }
  }

  private func write(_ samples: [Int16], _ job: Job) throws {
    let wave = Waveform(
      samples: samples.map { Float($0) / 32_768 }, sampleRate: BandRecipe.sampleRate)
    try AudioFile.write(wave, to: url(job.split, job.index))
  }
}

extension BandCache {
  /// What lies in the folder, for people; written last, so its presence says that all is safely
  /// on disk.
  private struct Manifest: Codable {
    var recipe: Int
    var seed: Int
    var seconds: Double
    var soundFont: String
    var clips: [String: Int]
  }

  private var manifestURL: URL { folder.appendingPathComponent("manifest.json") }

  private func manifest() -> Manifest? {
    (try? Data(contentsOf: manifestURL)).flatMap {
      try? JSONDecoder().decode(Manifest.self, from: $0)
    }
  }

  private func covers(_ sizes: [Split: Int]) -> Bool {
    guard let clips = manifest()?.clips else { return false }
    return sizes.allSatisfy { (clips[$0.key.rawValue] ?? 0) >= $0.value }
  }

  private func sign(_ sizes: [Split: Int]) throws {
    let old = manifest()?.clips ?? [:]
    var clips: [String: Int] = [:]
    for split in Split.allCases {
      clips[split.rawValue] = max(sizes[split] ?? 0, old[split.rawValue] ?? 0)
    }
    let manifest = Manifest(
      recipe: BandRecipe.version, seed: recipe.seed, seconds: recipe.seconds,
      soundFont: font.url.lastPathComponent, clips: clips)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    sync()
    try AtomicFile.write(try encoder.encode(manifest), to: manifestURL)
  }
}
