// The protocol of data sets: a card, classes, and clips with their labels.
import Formats
import Foundation
import Layers

/// Reports the progress of long work: its name, the amount done and the total. If it returns false,
/// the work throws `CancellationError`. It is called from any thread, one call at a time.
public typealias ProgressHandler = @Sendable (_ what: String, _ done: Int, _ total: Int) -> Bool

/// A labelled collection of clips. Opening one reads tables and file headers; features come from
/// `FeatureStore`.
///
/// A data set is one file and one line in `DatasetCatalog`. One with a published layout adopts
/// `PublishedDataset`, one with a single table adopts `SheetDataset`.
public protocol Dataset: Sendable {
  static var card: DatasetCard { get }
  /// Files at the root of a folder, each of which identifies this layout.
  static var layoutMarks: [String] { get }
  /// Whether a folder has the layout of this data set; by default, whether it has one of the
  /// `layoutMarks`. Throws `Problem` if the system fails.
  static func isLaidOut(_ folder: URL) throws -> Bool
  /// All errors and warnings about the tables; opening ends at the first error. Throws `Problem` if
  /// there is no folder, and `CancellationError`.
  static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws -> TableCheck
  /// Reads the tables. Throws `Problem`, `AudioError` if the system fails to read a sound, and
  /// `CancellationError`.
  init(_ settings: DatasetSettings, progress: ProgressHandler?) throws

  var title: String { get }
  /// The names of the C classes, in the order of the labels.
  var classes: [String] { get }
  var clips: [Clip] { get }
  /// Skipped clips and warnings, one line each, with the reason.
  var problems: [String] { get }
  /// The numbers of skipped clips, whose file is missing or not a sound, by split.
  var lost: [Split: Int] { get }
  /// Whether exactly one class applies to every clip.
  var isSingleLabel: Bool { get }
  /// The test folds that it has or draws, in order; empty where its splits are given.
  var folds: [Int] { get }
  /// The length in s to which front ends cut or pad every clip.
  var seconds: Double { get }
  /// A digest of the clips, their splits and labels, which every run stores.
  var digest: String { get }
  /// The embeddings `[D, T]` of an extractor, such as "vggish", that the data set brings; nil if it
  /// brings none. Throws `Problem` if their file is faulty.
  func embeddings(of extractor: String) throws -> Features?
  /// Throws `Problem` where it has too few labels to train on.
  func demandTraining() throws
  /// The number of clips whose sound files `makeSounds` would make. Throws `Problem`.
  func countMissingSounds() throws -> Int
  /// Makes the sound files that do not exist yet, of these clips or, if nil, of all. Throws
  /// `Problem`, and `CancellationError`; finished files stay.
  func makeSounds(of clips: [Clip.ID]?, threads: Int?, progress: ProgressHandler?) throws
}

extension Dataset {
  public static var layoutMarks: [String] { [] }

  public static func isLaidOut(_ folder: URL) throws -> Bool {
    try layoutMarks.contains {
      try StoredFile.isFile(folder.appendingPathComponent($0, isDirectory: false))
    }
  }

  public var card: DatasetCard { Self.card }

  public var lost: [Split: Int] { [:] }

  public var folds: [Int] { [] }

  public func embeddings(of extractor: String) throws -> Features? { nil }

  public func demandTraining() throws {}

  public func countMissingSounds() throws -> Int { 0 }

  public func makeSounds(
    of clips: [Clip.ID]?, threads: Int?, progress: ProgressHandler?
  ) throws {}

  public func clips(in split: Split) -> [Clip] { clips.filter { $0.split == split } }
}

/// The description of a data set in the catalogue.
public struct DatasetCard: Sendable, Equatable {
  public let id: String
  public let title: String
  /// One line of description.
  public let summary: String
  /// Authors, year and identifier; empty if there is no paper.
  public let paper: String
  public let licence: String
  /// The number of classes; nil if it depends on the files.
  public let classes: Int?
  /// Whether it is rendered on this machine, without files.
  public let isBuiltIn: Bool
  /// The files of the release that it needs and their places below the root, one line each.
  public let needs: [String]
  /// The id of the data set from whose folder it is made; nil if it has its own folder or none.
  public let source: String?
  /// Its options beside those of every data set.
  public let options: [AnyHyperparameter]
  /// The initial values of settings with this data set, if they differ from the usual ones.
  public let defaults: [DefaultSetting]

  init(
    id: String, title: String, summary: String, paper: String, licence: String, classes: Int?,
    isBuiltIn: Bool, needs: [String], source: String? = nil,
    options: [any ListedHyperparameter], defaults: [DefaultSetting] = []
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.paper = paper
    self.licence = licence
    self.classes = classes
    self.isBuiltIn = isBuiltIn
    self.needs = needs
    self.source = source
    self.options = options.map(\.untyped)
    self.defaults = defaults
  }
}

/// A level of a taxonomy with two levels.
public enum TaxonomyLevel: String, Sendable, CaseIterable, Codable {
  case fine, coarse
}

/// How to open a data set.
public struct DatasetSettings: Sendable, Equatable {
  /// The folder; nil is the first of `$SCANT_DATA/<id>`, the folder in `config.yaml`,
  /// `$XDG_DATA_HOME/scant/data/<id>` and the folders of soundata and mirdata.
  public var root: URL?
  /// Rendered data sets: the number of clips in all splits; nil is the usual number.
  public var clips: Int?
  /// The length of clips in s; nil is the data set's own.
  public var seconds: Double?
  /// The seed of the data: composition of rendered clips, choice of validation recordings.
  public var seed: Int
  /// Data sets with folds, given or drawn: the test fold; nil is the highest one.
  public var testFold: Int?
  /// The share of the training recordings for validation, if there is no validation split.
  public var validationShare: Double
  /// The folder of the cache; nil is `$XDG_CACHE_HOME/scant`.
  public var cache: URL?
  /// The number of threads for rendering and reading headers; nil is one per core.
  public var threads: Int?
  /// `openmic2018`: whether the annotators' relevance, 0…1, is the target. Otherwise, as in the
  /// papers, the target is 1 for a relevance of at least 0.5 and 0 below. Scores use a threshold of
  /// 0.5 in both cases.
  public var softTargets = false
  /// `folder`: whether clips without any label are among the training clips.
  public var usesUnlabelled = true
  /// `sonyc-ust-v2`: 23 fine or 8 coarse classes.
  public var level = TaxonomyLevel.fine
  /// `audioset-vggish`: the positives in training that a class needs.
  public var minimumPositives = 10
  /// `mtg-jamendo`: the tags that are the classes.
  public var subset = JamendoSubset.top50tags
  /// `mtg-jamendo`: the number of the published split, 0 to 4.
  public var publishedSplit = 0
  /// `mtg-jamendo`: what a tag means that a training track does not have.
  public var absent = AbsentTag.missing
  /// Rendered data sets: whether clips that are not in the cache are rendered; otherwise asking for
  /// their sounds throws.
  public var renders = true
  /// Rendered data sets: whether opening renders, so that `Clip.levels` are known.
  public var needsLevels = false
  /// `band`: the number of instruments that play.
  public var instruments = 20

  public init(
    root: URL? = nil, clips: Int? = nil, seconds: Double? = nil, seed: Int = 1,
    testFold: Int? = nil, validationShare: Double = 0.15, cache: URL? = nil, threads: Int? = nil
  ) {
    self.root = root
    self.clips = clips
    self.seconds = seconds
    self.seed = seed
    self.testFold = testFold
    self.validationShare = validationShare
    self.cache = cache
    self.threads = threads
  }
}
