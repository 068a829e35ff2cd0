// OpenMIC-2018: 20 instruments in clips of 10 s, with one label in ten observed.
import Acoustics
import Formats
import Foundation

/// OpenMIC-2018 (Humphrey, Durand & McFee 2018) in the folders of its release.
///
/// Splits: the official `split01`. Validation: `train_val.split` of Gururani & Lerch 2021 if that
/// file is there, otherwise a seeded share of the training clips. Only rows of the label table are
/// observed. A label is 1 for a relevance of at least 0.5, unless `softTargets` keeps the
/// relevance.
package struct OpenMIC2018: PublishedDataset {
  package static let card = DatasetCard(
    id: "openmic2018", title: "OpenMIC-2018",
    summary: "20 instruments in 10 s of music; nine labels in ten are missing",
    paper: "Humphrey, Durand & McFee 2018, doi:10.5281/zenodo.1432913",
    licence: "CC BY 4.0", classes: names.count, isBuiltIn: false,
    needs: [
      "partitions/split01_train.csv and partitions/split01_test.csv of openmic-2018-v1.0.0.tgz",
      "openmic-2018.npz (labels and VGGish features) or openmic-2018-aggregated-labels.csv of it",
      "audio/000/*.ogg … of it, for training on sound; vggish/000/*.json … where there is no npz",
      "train_val.split of github.com/SiddGururani/AttentionMIC for its authors' validation clips",
    ],
    options: [
      DatasetOptions.seconds, DatasetOptions.seed, DatasetOptions.validationShare,
      DatasetOptions.soft,
    ])

  let contents: PublishedContents

  static let names = [
    "accordion", "banjo", "bass", "cello", "clarinet", "cymbals", "drums", "flute", "guitar",
    "mallet_percussion", "mandolin", "organ", "piano", "saxophone", "synthesizer", "trombone",
    "trumpet", "ukulele", "violin", "voice",
  ]

  package static let layoutMarks = ["partitions/split01_train.csv", OpenMICLabels.table]

  package static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations {
    var result = Annotations()
    result.classes = names
    result.folders = ["audio"]
    let map = try checkClassMap(root, &result.issues)
    let partitions = try OpenMICPartitions(root, thorough: thorough, &result.issues)
    let archive = try OpenMICArrays(root)
    let labels = try OpenMICLabels(archive, root, partitions, thorough: thorough, &result.issues)
    guard !partitions.isAbsent || !labels.isAbsent else {
      throw Problem(root.path, "no partitions/split01_train.csv and no labels; expected both")
    }
    let ordered = partitions.isAbsent ? labels.keys : partitions.keys.sorted()
    for key in archive?.keys ?? ordered {
      guard let home = partitions.home[key] ?? labels.home(key) else { continue }
      result.entries.append(entry(key, home, labels[key], settings.softTargets))
    }
    if !partitions.isAbsent { try chooseValidation(root, settings, &result) }
    result.note(partitions, labels)
    result.counts = OpenMICCounts.of(result, partitions, labels, classMap: map)
    return result
  }

  private static func entry(
    _ key: String, _ home: OpenMICPartitions.Home, _ relevance: [Float?]?, _ isSoft: Bool
  ) -> Annotations.Entry {
    let labels = relevance ?? [Float?](repeating: nil, count: names.count)
    return Annotations.Entry(
      id: key, files: ["\(key.prefix(3))/\(key).ogg"], split: home.split,
      labels: isSoft ? labels : labels.map { $0.map { $0 >= 0.5 ? 1 : 0 } },
      group: key.split(separator: "_").first.map(String.init), table: home.table, line: home.line)
  }

  private static func chooseValidation(
    _ root: URL, _ settings: DatasetSettings, _ result: inout Annotations
  ) throws {
    let train = result.entries.indices.filter { result.entries[$0].split == .train }
    guard let places = try OpenMICValidation.places(root, among: train.count) else {
      if try OpenMICValidation.file(root) != nil {
        result.remarks.append(
          "train_val.split refers to openmic-2018.npz, which is missing; not used")
      }
      result.move(settings.validationShare, to: .validation, seed: settings.seed)
      return
    }
    for place in places { result.entries[train[place]].split = .validation }
    result.remarks.append("validation: the \(places.count) clips of train_val.split")
  }

  /// Checks that the order of classes is the published one. Returns the number of classes in the
  /// file; nil if there is no file.
  private static func checkClassMap(_ root: URL, _ issues: inout IssueLog) throws -> Int? {
    let url = root.appendingPathComponent("class-map.json")
    guard let text = try StoredFile.text(url) else { return nil }
    guard let map = try? JSONDecoder().decode([String: Int].self, from: Data(text.utf8)) else {
      issues.error(url.path, "not a map from class names to numbers; expected 20 classes")
      return nil
    }
    for (index, name) in names.enumerated() where map[name] != index {
      let found = map[name].map { "is \($0)" } ?? "is missing"
      issues.error(url.path, "class \(name) \(found); expected \(index)")
    }
    for name in map.keys.sorted() where !names.contains(name) {
      issues.error(url.path, "class \(name); expected only the 20 published ones")
    }
    return map.count
  }

  /// VGGish: `[128, 10]` per clip, X/255 as in Gururani & Lerch 2021.
  package func embeddings(of extractor: String) throws -> Features? {
    guard extractor == "vggish" else { return nil }
    if let archive = try OpenMICArrays(contents.root, features: true) { return archive.features() }
    return try contents.features(
      extractor, in: "vggish", file: { "\($0.prefix(3))/\($0).json" }, read: VGGishJSON.spectrogram)
  }
}

extension Annotations {
  /// Remarks which parts of the release are missing.
  fileprivate mutating func note(_ partitions: OpenMICPartitions, _ labels: OpenMICLabels) {
    if partitions.isAbsent {
      remarks.append("no partitions/ here: only labels checked, no splits")
    } else if labels.isAbsent {
      remarks.append("\(OpenMICLabels.missing) here: only splits and classes checked")
    }
    isPartial = partitions.isAbsent || labels.isAbsent
  }
}
