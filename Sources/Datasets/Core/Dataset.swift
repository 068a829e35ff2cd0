// What every data set offers: a card for the catalogue, classes, and clips with their labels.
import Formats
import Foundation
import Layers

/// Progress of long work: what, how much is done, of how much. Returns false to cancel, upon
/// which the work throws `CancellationError`. Called from any thread, one call at a time.
public typealias ProgressHandler = @Sendable (_ what: String, _ done: Int, _ total: Int) -> Bool

/// A labelled collection of clips. Opening one reads tables and file headers; features come from
/// `FeatureStore`.
///
/// A data set is one file and one line in `DatasetCatalog`. One whose layout is published adopts
/// `PublishedLayout` instead, one of a single table `SheetDataset`.
public protocol Dataset: Sendable {
  static var card: DatasetCard { get }
  /// Files at the root of a folder, each of which tells that the folder is laid out like this set.
  static var layoutMarks: [String] { get }
  /// Whether a folder is laid out like this set; by its marks unless the set says otherwise.
  /// Throws `Problem` where the folder cannot be looked at.
  static func isLaidOut(_ folder: URL) throws -> Bool
  /// What is wrong and odd with the tables, all of it, where opening ends at the first fault.
  /// Throws `Problem` where there is no folder, and `CancellationError`.
  static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws -> TableCheck
  /// Reads the tables, and makes what is made here. Throws `Problem`, `AudioError` where a sound
  /// could not be looked at, and `CancellationError`.
  init(_ settings: DatasetSettings, progress: ProgressHandler?) throws

  var title: String { get }
  /// C names, in the order of every clip's labels.
  var classes: [String] { get }
  var clips: [Clip] { get }
  /// What was skipped or looks wrong, one line each, with the reason.
  var problems: [String] { get }
  /// Clips that the tables name and that are not among `clips`: files missing or no sound.
  var lost: [Split: Int] { get }
  /// Exactly one class applies to every clip.
  var isSingleLabel: Bool { get }
  /// Length that front ends cut or pad every clip to, in s.
  var seconds: Double { get }
  /// Changes whenever the clips, their splits or their labels do; stored with every run.
  var digest: String { get }
  /// Embeddings `[D, T]` that come with the set, made by this extractor ("vggish"); nil where the
  /// set brings none. Throws where the file that holds them is wrong.
  func embeddings(of extractor: String) throws -> Features?
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

  public func embeddings(of extractor: String) throws -> Features? { nil }

  public func clips(in split: Split) -> [Clip] { clips.filter { $0.split == split } }
}

/// What the catalogue says of a data set.
public struct DatasetCard: Sendable, Equatable {
  public let id: String
  public let title: String
  /// One line: what it is.
  public let summary: String
  /// Authors, year, identifier; empty where there is none.
  public let paper: String
  public let licence: String
  /// Number of classes; nil where the files decide.
  public let classes: Int?
  /// Made on this machine, nothing to fetch.
  public let isBuiltIn: Bool
  /// Which file of which release belongs where under the data set's root, one line each.
  public let needs: [String]
  /// The data set whose folder it is made from; nil: it has a folder of its own, or none.
  public let source: String?
  /// What can be set of it beside what can be set of every data set.
  public let options: [AnyHyperparameter]
  /// Values that settings start from with this data set, instead of their own initial ones.
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

/// A level of a taxonomy of two.
public enum TaxonomyLevel: String, Sendable, CaseIterable, Codable {
  case fine, coarse
}

/// How to open a data set; every field has a default that suits most.
public struct DatasetSettings: Sendable, Equatable {
  /// The data set's folder; nil looks in `$SCANT_DATA/<id>`, then where `config.yaml` says and in
  /// `$XDG_DATA_HOME/scant/data/<id>`.
  public var root: URL?
  /// Sets rendered here: how many clips in all, shared out among the splits in fixed proportions.
  public var clips: Int?
  /// Clip length in s; nil is the data set's own.
  public var seconds: Double?
  /// Seed of the data itself: composition of built-in sets, choice of validation recordings.
  public var seed: Int
  /// Data sets with folds, also drawn ones: the one to test on; nil is the highest present.
  public var testFold: Int?
  /// Data sets with folds: share of the training recordings kept for validation.
  public var validationShare: Double
  /// Where rendered clips are kept; nil is `$XDG_CACHE_HOME/scant`.
  public var cache: URL?
  /// Threads for rendering and for reading headers; nil is one a core.
  public var threads: Int?
  /// `openmic2018`: labels keep the annotators' relevance, 0…1, as soft targets. Else, as in the
  /// papers, relevance of 0.5 and more is 1, less is 0. Scores threshold at 0.5 either way.
  public var softTargets = false
  /// `folder`: clips without any label are among the training clips.
  public var usesUnlabelled = true
  /// `sonyc-ust-v2`: the 23 fine classes or the 8 coarse ones.
  public var level = TaxonomyLevel.fine
  /// `audioset-vggish`: a class needs as many positives in training to be one of the set's.
  public var minimumPositives = 10
  /// Sets made here: false throws where clips are not in the cache, instead of making them.
  public var renders = true

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
