// The built-in data set: short polyphonic clips rendered on this machine, so that every label is
// known and most can be hidden. Recipe: BAND §2.
import Foundation

/// 20 instruments, one to three of them in each clip of 3 s.
public struct Band: Dataset {
  public static let card = DatasetCard(
    id: "band", title: "Band",
    summary: "Polyphonic clips of 20 instruments, rendered by FluidSynth; every label is known",
    paper: "", licence: "made on this machine; TimGM6mb SoundFont: GPL-2.0",
    classes: BandClass.all.count, isBuiltIn: true, needs: [])

  public let title = "Band"
  public let classes = BandClass.all.map(\.name)
  public let clips: [Clip]
  public let problems: [String]
  public let isSingleLabel = false
  public let seconds: Double
  public let digest: String

  /// Clips of the three splits for the usual 3000.
  private static let usual = 3000
  private static let shares: [(Split, Int)] = [(.train, 1600), (.validation, 400), (.test, 1000)]

  /// Renders what the cache lacks. Throws `DatasetError` (also where FluidSynth or its SoundFont
  /// are missing: what to install) and `CancellationError`.
  public init(_ settings: DatasetSettings = DatasetSettings(), progress: Ticker? = nil) throws {
    seconds = settings.seconds ?? 3
    guard (1...60).contains(seconds) else {
      throw DatasetError("band", "clips of \(seconds) s; expected 1 to 60 s")
    }
    let sizes = try Band.sizes(settings.clips ?? Band.usual)
    let recipe = BandRecipe(seed: settings.seed, seconds: seconds)
    let font = try SoundFont.find()
    let cache = BandCache(recipe, font, cache: settings.cache ?? Cache.folder())
    try cache.fill(sizes, threads: settings.threads ?? Parallel.cores, progress: progress)
    clips = Split.allCases.flatMap { split in
      (0..<(sizes[split] ?? 0)).map { Band.clip(split, $0, recipe, cache) }
    }
    problems = Band.warnings(font) + ClipCheck.classesWithoutPositive(classes, clips)
    digest = Fingerprint(of: "\(BandCache.key(recipe, font)) \(clips.count)").text
  }

  /// The three splits of `clips` in all, in the proportions of 1600 : 400 : 1000.
  package static func sizes(_ clips: Int) throws -> [Split: Int] {
    guard (4...100_000).contains(clips) else {
      throw DatasetError("band", "\(clips) clips; expected 4 to 100000")
    }
    let sizes = shares.prefix(2).map { split, share in
      (split, max(1, (clips * share + usual / 2) / usual))
    }
    let rest = clips - sizes.reduce(0) { $0 + $1.1 }
    return Dictionary(uniqueKeysWithValues: sizes + [(.test, rest)])
  }

  private static func clip(
    _ split: Split, _ index: Int, _ recipe: BandRecipe, _ cache: BandCache
  ) -> Clip {
    let url = cache.url(split, index)
    let name = url.deletingPathExtension().lastPathComponent
    return Clip(
      id: "\(split.rawValue)/\(name)", audio: url, split: split, seconds: recipe.seconds,
      labels: recipe.score(split, index).labels)
  }

  private static func warnings(_ font: SoundFont) -> [String] {
    guard !font.isExpected else { return [] }
    let name = font.url.lastPathComponent
    return ["rendered with \(name) instead of TimGM6mb.sf2: figures do not compare"]
  }
}
