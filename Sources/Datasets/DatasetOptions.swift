// The options of data sets: some belong to all of them, others are on the cards that list them.
import Foundation
import Layers

/// All options of data sets.
public enum DatasetOptions {
  // MARK: all data sets

  public static let observed = Hyperparameter<Double>(
    "observed", "observed share", help: "share of labels kept in training and validation",
    initial: 1, range: 0.001...1)
  public static let hiding = Hyperparameter<HidingRule>(
    "hiding", "hiding rule",
    help: "which labels stay: balanced (40 % positive), quiet (prefer loud sources), random, "
      + "positives (no negatives), classes (some more than others), clips (all of a clip or none)",
    initial: .balanced)
  public static let removed = Hyperparameter<Double>(
    "removed", "removed share", help: "share of the observed training labels taken away as well",
    initial: 0, range: 0...0.999)
  public static let flipped = Hyperparameter<Double>(
    "flipped", "flipped share",
    help:
      "share of the observed training labels turned into their opposite, as careless annotators do",
    initial: 0, range: 0...0.5)
  public static let fraction = Hyperparameter<Double>(
    "fraction", "training fraction", help: "share of the training clips to use, drawn by the seed",
    initial: 1, range: 0.0001...1)
  public static let patch = Hyperparameter<String>(
    "patch", "label patch",
    help: "file with answers to missing labels to train on; empty: none",
    initial: "")
  public static let root = Hyperparameter<String>(
    "root", "root folder", help: "folder of the data set; empty: the usual folders",
    initial: "")

  // MARK: some data sets

  static let clips = Hyperparameter<Int>(
    "clips", "clips", help: "number of clips to render; 0: the data set's default",
    initial: 0, range: 0...1_000_000)
  static let instruments = Hyperparameter<Int>(
    "instruments", "instruments",
    help: "band: how many of the 20 instruments play, the most different ones first", initial: 20,
    range: 2...20)
  static let seconds = Hyperparameter<Double>(
    "seconds", "seconds per clip", help: "length of every clip, s; 0: the data set's own",
    initial: 0,
    range: 0...600)
  static let seed = Hyperparameter<Int>(
    "seed", "data seed", help: "seed of rendering and of splits made here", initial: 1,
    range: 0...1_000_000)
  static let testFold = Hyperparameter<Int>(
    "testFold", "test fold", help: "fold used for testing; 0: the last", initial: 0,
    range: 0...1000)
  static let validationShare = Hyperparameter<Double>(
    "validationShare", "validation share",
    help: "share of the training clips set aside where the data set has no validation split",
    initial: 0.15, range: 0...0.9)
  static let unlabelled = Hyperparameter<Bool>(
    "unlabelled", "unlabelled clips",
    help: "train on clips without labels, if the method can", initial: true)
  static let soft = Hyperparameter<Bool>(
    "soft", "soft targets", help: "targets are relevance, not 0 or 1", initial: false)
  static let level = Hyperparameter<TaxonomyLevel>(
    "level", "class level", help: "the 23 fine classes or the 8 coarse ones", initial: .fine)
  static let subset = Hyperparameter<JamendoSubset>(
    "subset", "tag subset", help: "which of the published tags are the classes",
    initial: .top50tags)
  static let split = Hyperparameter<Int>(
    "split", "published split", help: "number of the published split", initial: 0, range: 0...4)
  static let absent = Hyperparameter<AbsentTag>(
    "absent", "absent tags",
    help: "what a tag means that a training track does not have; in validation and test: negative",
    initial: .missing)
  static let minimumPositives = Hyperparameter<Int>(
    "minimumPositives", "minimum positives",
    help: "minimum number of training positives of a class", initial: 10,
    range: 1...1_000_000)
}

extension HidingRule: HyperparameterValue {}
extension TaxonomyLevel: HyperparameterValue {}
extension JamendoSubset: HyperparameterValue {}
extension AbsentTag: HyperparameterValue {}

extension DatasetCard {
  /// All options of this data set, in the order of the form.
  public var hyperparameters: [AnyHyperparameter] {
    let first: [any ListedHyperparameter] = [
      DatasetOptions.observed, DatasetOptions.hiding, DatasetOptions.removed,
      DatasetOptions.flipped, DatasetOptions.fraction,
    ]
    return first.map(\.untyped) + options
      + [DatasetOptions.patch.untyped, DatasetOptions.root.untyped]
  }
}

extension DatasetSettings {
  /// Reads the values of a card's options; options that the card does not list have no effect.
  public init(_ settings: Settings, cache: URL?) {
    func value<Value>(_ option: Hyperparameter<Value>) -> Value {
      settings.ifListed(option) ?? option.initial
    }
    let (root, clips) = (settings[DatasetOptions.root], value(DatasetOptions.clips))
    let (seconds, fold) = (value(DatasetOptions.seconds), value(DatasetOptions.testFold))
    self.init(
      root: root.isEmpty ? nil : URL(fileURLWithPath: root), clips: clips > 0 ? clips : nil,
      seconds: seconds > 0 ? seconds : nil, seed: value(DatasetOptions.seed),
      testFold: fold > 0 ? fold : nil, validationShare: value(DatasetOptions.validationShare),
      cache: cache)
    softTargets = value(DatasetOptions.soft)
    instruments = value(DatasetOptions.instruments)
    needsLevels = value(DatasetOptions.hiding) == .quiet
    usesUnlabelled = value(DatasetOptions.unlabelled)
    level = value(DatasetOptions.level)
    minimumPositives = value(DatasetOptions.minimumPositives)
    subset = value(DatasetOptions.subset)
    publishedSplit = value(DatasetOptions.split)
    absent = value(DatasetOptions.absent)
  }
}
