// Mixtures of ESC-10 recordings: several real sounds at once, with every label known.
import Acoustics
import Formats
import Foundation
import Layers

/// Clips of 5 s with one to three recordings of distinct classes and of one fold, so that splits do
/// not share recordings. They are made from the ESC-10 rows of an ESC-10 or ESC-50 folder. One fold
/// is the test split, the fold before it is validation, and the others are training.
///
/// Recordings: Piczak 2015, doi:10.1145/2733373.2806390.
public struct ESC10Mixtures: Dataset {
  public static let card = DatasetCard(
    id: "esc10-mixtures", title: "ESC-10 mixtures",
    summary: "Sums of one to three ESC-10 recordings of one fold; every label is known",
    paper: "Piczak 2015, doi:10.1145/2733373.2806390", licence: "CC BY 3.0 (ESC-10)",
    classes: 10, isBuiltIn: false, needs: ESC50.card.needs, source: ESC50.card.id,
    options: [
      DatasetOptions.clips, DatasetOptions.seconds, DatasetOptions.seed, DatasetOptions.testFold,
    ],
    defaults: [DefaultSetting("dataset.observed", 0.2)])

  public let title = ESC10Mixtures.card.title
  public let classes: [String]
  public let clips: [Clip]
  public let problems: [String]
  public let isSingleLabel = false
  public let seconds: Double
  public let digest: String
  private let recipe: MixtureRecipe
  private let cache: RenderCache
  private let sizes: [Int: Int]

  private static let usual = 2000

  /// Composes the clips, and renders them if their levels are needed. Throws `Problem` with file
  /// and line, and `CancellationError`.
  public init(_ settings: DatasetSettings, progress: ProgressHandler? = nil) throws {
    let sheet = try ESC10Mixtures.sheet(settings)
    seconds = settings.seconds ?? 5
    guard (1...60).contains(seconds) else {
      throw Problem(Self.card.id, "clips of \(seconds) s; expected 1 to 60 s")
    }
    let testFold = try sheet.testFold(settings.testFold)
    sizes = try ESC10Mixtures.sizes(settings.clips ?? Self.usual, folds: sheet.folds)
    recipe = MixtureRecipe(sheet, seed: settings.seed, seconds: seconds)
    let warnings: [String]
    (cache, warnings) = try ESC10Mixtures.cache(recipe, settings, progress)
    if settings.needsLevels {
      try ESC10Mixtures.fill(cache, recipe, sizes, settings.threads, progress)
    }
    classes = sheet.classes
    clips = try ESC10Mixtures.clips(sizes, recipe, cache, testFold: testFold)
    problems =
      warnings + sheet.recordingsInSeveralFolds + ClipCheck.classesWithoutPositive(classes, clips)
    let key = "\(cache.folder.lastPathComponent) \(clips.count) \(testFold)"
    digest = Fingerprint(of: key).text
  }

  public func countMissingSounds() throws -> Int {
    let parts = sizes.map { ("fold\($0.key)", $0.value) }
    return try cache.missing(Dictionary(uniqueKeysWithValues: parts)).count
  }

  /// Mixes all clips, also where a few are asked for: what takes time is to read the recordings.
  public func makeSounds(
    of clips: [Clip.ID]?, threads: Int?, progress: ProgressHandler?
  ) throws {
    try ESC10Mixtures.fill(cache, recipe, sizes, threads, progress)
  }

  /// Checks the mixtures; if they cannot be opened, reports all faults of the recordings.
  public static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws
    -> TableCheck
  {
    var check = try openingCheck(settings, progress: progress)
    guard check.issues.errorCount > 0 else { return check }
    let source = try ESC50.check(settings, progress: progress).issues
    if source.errorCount > 0 { check.issues = source }
    return check
  }

  private static func sheet(_ settings: DatasetSettings) throws -> FoldSheet {
    let root = try DatasetFolder.root(card, settings)
    guard let table = try ESC50.table(in: root) else {
      throw Problem(
        root.path, "no meta/*.csv with filename, fold and category; expected ESC-50's layout")
    }
    var issues = IssueLog()
    let sheet = try FoldSheet(table, root: root, .esc, &issues).ten
    if let refusal = issues.refusal(card.id) { throw refusal }
    // Without one of them, the mixtures would differ.
    for row in sheet.rows where try !StoredFile.isFile(row.url) {
      throw Problem(table.path, line: row.line, "no file \"\(row.name)\"; expected it in audio/")
    }
    guard sheet.folds.count >= 3 else {
      throw Problem(
        table.path,
        "\(sheet.folds.count) folds with rows of ESC-10; expected three or more, for training, "
          + "validation and test")
    }
    return sheet
  }

  /// The sizes of the folds, about equal, for `clips` clips.
  static func sizes(_ clips: Int, folds: [Int]) throws -> [Int: Int] {
    guard (folds.count...100_000).contains(clips) else {
      throw Problem(card.id, "\(clips) clips; expected \(folds.count) to 100000")
    }
    let (each, rest) = clips.quotientAndRemainder(dividingBy: folds.count)
    return Dictionary(
      uniqueKeysWithValues: folds.enumerated().map { ($1, each + ($0 < rest ? 1 : 0)) })
  }

  /// Reads the recordings of a fold only if one of its mixtures is missing.
  private static func fill(
    _ cache: RenderCache, _ recipe: MixtureRecipe, _ sizes: [Int: Int],
    _ threads: Int?, _ progress: ProgressHandler?
  ) throws {
    let threads = threads ?? Parallel.cores
    for (fold, count) in sizes.sorted(by: { $0.key < $1.key }) {
      let counts = ["fold\(fold)": count]
      if try cache.isComplete(counts) { continue }
      let renderer = try MixtureRenderer(recipe, fold: fold, threads: threads, progress: progress)
      try cache.fill(
        counts, threads: threads, progress: progress, worker: {},
        clip: { _, job in renderer.clip(job.index) })
    }
  }
}

extension ESC10Mixtures {
  private static func clips(
    _ sizes: [Int: Int], _ recipe: MixtureRecipe, _ cache: RenderCache, testFold: Int
  ) throws -> [Clip] {
    let folds = sizes.keys.sorted()
    let test = folds.firstIndex(of: testFold) ?? 0
    let validationFold = folds[(test + folds.count - 1) % folds.count]
    let jobs = folds.flatMap { fold in
      (0..<(sizes[fold] ?? 0)).map { RenderCache.Job(part: "fold\(fold)", index: $0) }
    }
    let levels = try cache.levels(jobs, classes: recipe.classes)
    return zip(jobs, levels).map { job, levels in
      let names = recipe.names(job.fold, job.index)
      return Clip(
        id: job.id, audio: cache.url(job),
        split: job.fold == testFold ? .test : job.fold == validationFold ? .validation : .train,
        seconds: recipe.seconds, labels: recipe.classes.map { names.contains($0) ? 1 : 0 },
        levels: levels, group: job.part)
    }
  }

  /// The cache for the content of the recordings, the seed and the length. All test folds share it.
  private static func cache(
    _ recipe: MixtureRecipe, _ settings: DatasetSettings, _ progress: ProgressHandler?
  ) throws -> (cache: RenderCache, warnings: [String]) {
    let folder = settings.cache ?? UserFolders().cache
    let rows = recipe.recordings.sorted { $0.key < $1.key }.flatMap(\.value)
    let (digests, warnings) = try SoundIndex(cache: folder).digests(
      of: rows.map(\.url.path), threads: settings.threads ?? Parallel.cores, progress: progress)
    var key = Fingerprint(
      of: "\(MixtureRecipe.version) \(recipe.seed) \(recipe.seconds) "
        + recipe.classes.joined(separator: ","))
    for (row, digest) in zip(rows, digests) {
      key = key.adding("\(row.name) \(row.fold) \(row.category) \(digest ?? "-")")
    }
    let cache = RenderCache(
      folder: folder.appendingPathComponent("\(card.id)/\(key.text)"), what: "Mixing recordings",
      origin: [
        "recipe": "\(MixtureRecipe.version)", "seed": "\(recipe.seed)",
        "seconds": "\(recipe.seconds)", "recordings": "\(rows.count)",
      ],
      sampleCount: recipe.sampleCount, sampleRate: MixtureRecipe.sampleRate,
      sources: { recipe.names($0.fold, $0.index) }, renders: settings.renders)
    return (cache, warnings)
  }
}

extension RenderCache.Job {
  /// The parts of mixtures are folds.
  fileprivate var fold: Int { Int(part.dropFirst(4)) ?? 0 }
}

extension FoldSheet {
  /// One line for each recording that the table puts into several folds.
  fileprivate var recordingsInSeveralFolds: [String] {
    Dictionary(grouping: rows, by: \.group).filter { Set($0.value.map(\.fold)).count > 1 }
      .keys.sorted().map { "recording \($0) is in more than one fold" }
  }
}
