// The built-in data set: short polyphonic clips rendered on this machine. Every label is known, so
// that labels can be hidden. Recipe: BAND §2.
import Formats
import Foundation
import Layers

/// Clips of 3 s with one to three of up to 20 instruments. Labels are known before the sounds are
/// rendered.
public struct Band: Dataset {
  public static let card = DatasetCard(
    id: "band", title: "Band",
    summary: "Polyphonic clips of 20 instruments, rendered by FluidSynth; every label is known",
    paper: "", licence: "made on this machine; TimGM6mb SoundFont: GPL-2.0",
    classes: BandClass.all.count, isBuiltIn: true, needs: [],
    options: [
      DatasetOptions.clips, DatasetOptions.seconds, DatasetOptions.instruments, DatasetOptions.seed,
    ],
    defaults: [DefaultSetting("dataset.observed", 0.1)])

  public let title = "Band"
  public let classes: [String]
  public let clips: [Clip]
  public let problems: [String]
  public let isSingleLabel = false
  public let seconds: Double
  public let digest: String
  private let recipe: BandRecipe
  private let font: SoundFont
  private let cache: RenderCache
  private let sizes: [Split: Int]

  /// The usual number of clips, and the sizes of the three splits for it.
  private static let usual = 3000
  private static let shares: [(Split, Int)] = [(.train, 1600), (.validation, 400), (.test, 1000)]

  /// Composes the clips, and renders them if their levels are needed. Throws `Problem`, which names
  /// the packages to install if FluidSynth or its SoundFont are missing, and `CancellationError`.
  public init(_ settings: DatasetSettings = DatasetSettings(), progress: ProgressHandler? = nil)
    throws
  {
    seconds = settings.seconds ?? 3
    guard (1...60).contains(seconds) else {
      throw Problem("band", "clips of \(seconds) s; expected 1 to 60 s")
    }
    sizes = try Band.sizes(settings.clips ?? Band.usual)
    recipe = BandRecipe(
      seed: settings.seed, seconds: seconds, instruments: settings.instruments)
    classes = recipe.classes.map(\.name)
    font = try SoundFont.find()
    cache = Band.cache(recipe, font, settings)
    if settings.needsLevels {
      try Band.render(cache, sizes, recipe, font, settings.threads, progress)
    }
    clips = try Band.clips(sizes, recipe, cache)
    problems = Band.warnings(font) + ClipCheck.classesWithoutPositive(classes, clips)
    digest = Fingerprint(of: "\(Band.key(recipe, font)) \(clips.count)").text
  }

  public func countMissingSounds() throws -> Int {
    try cache.missing(Band.parts(sizes)).count
  }

  public func makeSounds(
    of clips: [Clip.ID]?, threads: Int?, progress: ProgressHandler?
  ) throws {
    guard let clips else {
      return try Band.render(cache, sizes, recipe, font, threads, progress)
    }
    let wanted = Set(clips)
    try cache.render(
      Band.jobs(sizes).filter { wanted.contains($0.id) },
      worker: { try BandRenderer(recipe, font) },
      clip: { renderer, job in try renderer.clip(job.split, job.index) })
  }

  private static func render(
    _ cache: RenderCache, _ sizes: [Split: Int], _ recipe: BandRecipe, _ font: SoundFont,
    _ threads: Int?, _ progress: ProgressHandler?
  ) throws {
    try cache.fill(
      parts(sizes), threads: threads ?? Parallel.cores, progress: progress,
      worker: { try BandRenderer(recipe, font) },
      clip: { renderer, job in try renderer.clip(job.split, job.index) })
  }

  private static func parts(_ sizes: [Split: Int]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: sizes.map { ($0.key.rawValue, $0.value) })
  }

  /// The sizes of the three splits for `clips` clips, in the proportions 1600 : 400 : 1000.
  package static func sizes(_ clips: Int) throws -> [Split: Int] {
    guard (4...100_000).contains(clips) else {
      throw Problem("band", "\(clips) clips; expected 4 to 100000")
    }
    let sizes = shares.prefix(2).map { split, share in
      (split, max(1, (clips * share + usual / 2) / usual))
    }
    let rest = clips - sizes.reduce(0) { $0 + $1.1 }
    return Dictionary(uniqueKeysWithValues: sizes + [(.test, rest)])
  }

  private static func clips(
    _ sizes: [Split: Int], _ recipe: BandRecipe, _ cache: RenderCache
  ) throws -> [Clip] {
    let jobs = jobs(sizes)
    let levels = try cache.levels(jobs, classes: recipe.classes.map(\.name))
    return zip(jobs, levels).map { job, levels in
      Clip(
        id: job.id, audio: cache.url(job), split: job.split, seconds: recipe.seconds,
        labels: recipe.score(job.split, job.index).labels, levels: levels)
    }
  }

  private static func jobs(_ sizes: [Split: Int]) -> [RenderCache.Job] {
    Split.allCases.flatMap { split in
      (0..<(sizes[split] ?? 0)).map { RenderCache.Job(part: split.rawValue, index: $0) }
    }
  }

  /// The cache key, which changes with everything that changes a sample.
  private static func key(_ recipe: BandRecipe, _ font: SoundFont) -> String {
    var settings = "\(BandRecipe.version) \(recipe.seed) \(recipe.seconds) \(font.digest)"
    if recipe.instruments < BandClass.all.count { settings += " \(recipe.instruments)" }
    return Fingerprint(of: settings).text
  }

  /// Each recipe and SoundFont has its own folder in the cache.
  private static func cache(
    _ recipe: BandRecipe, _ font: SoundFont, _ settings: DatasetSettings
  ) -> RenderCache {
    let folder = settings.cache ?? UserFolders().cache
    return RenderCache(
      folder: folder.appendingPathComponent("band/\(key(recipe, font))"), what: "Rendering Band",
      origin: [
        "recipe": "\(BandRecipe.version)", "seed": "\(recipe.seed)",
        "seconds": "\(recipe.seconds)", "soundFont": font.url.lastPathComponent,
      ],
      sampleCount: recipe.sampleCount, sampleRate: BandRecipe.sampleRate,
      sources: { job in
        let score = recipe.score(job.split, job.index)
        return score.instruments.map { recipe.classes[$0].name }
      }, renders: settings.renders)
  }

  private static func warnings(_ font: SoundFont) -> [String] {
    guard !font.isExpected else { return [] }
    let name = font.url.lastPathComponent
    return ["rendered with \(name) instead of TimGM6mb.sf2: figures do not compare"]
  }
}

extension RenderCache.Job {
  /// The parts of Band are its splits.
  fileprivate var split: Split { Split(rawValue: part) ?? .train }
}
