// DCASE 2017 task 4: warning and vehicle sounds of AudioSet in 10 s, 17 classes.
import Foundation

/// Mesaros et al. 2017, the organisers' weak label lists.
///
/// Protocol of Won et al. 2020: training and testing list are pooled, of each class a tenth of
/// the rows goes to validation with all other rows of their clips (pandas' `sample`, seed 123),
/// and the evaluation list is the test split. Every entry is observed.
package struct DCASE2017: PublishedDataset {
  package static let card = DatasetCard(
    id: "dcase2017-task4", title: "DCASE 2017 task 4",
    summary: "Warning and vehicle sounds of AudioSet, 17 classes in clips of 10 s",
    paper: "Mesaros et al. 2017, DCASE 2017 challenge; protocol: Won et al. 2020",
    licence: "lists: Apache-2.0; sounds: as on YouTube", classes: names.count, isBuiltIn: false,
    needs: [
      "groundtruth_weak_label_training_set.csv, …_testing_set.csv and …_evaluation_set.csv of "
        + "github.com/ankitshah009/Task-4-Large-scale-weakly-supervised-sound-event-detection"
        + "-for-smart-cars",
      "audio/Y*.wav (or audio/training, audio/testing, audio/evaluation), for training on sound",
    ],
    options: [DatasetOptions.seconds, DatasetOptions.validationShare])

  /// The strings contain commas and are used exactly.
  static let names = [
    "Train horn", "Air horn, truck horn", "Car alarm", "Reversing beeps", "Bicycle", "Skateboard",
    "Ambulance (siren)", "Fire engine, fire truck (siren)", "Civil defense siren",
    "Police car (siren)", "Screaming", "Car", "Car passing by", "Bus", "Truck", "Motorcycle",
    "Train",
  ]

  package let contents: PublishedContents

  package init(contents: PublishedContents) { self.contents = contents }

  package static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations {
    var result = Annotations()
    result.classes = names
    result.folders = ["audio", "audio/training", "audio/testing", "audio/evaluation", ""]
    let numbers = try DCASETags.check(root, &result.issues)
    let isWhole = try FileLook.isFile(DCASEList.url("evaluation", root))
    let lists = try (["training", "testing"] + (isWhole ? ["evaluation"] : [])).map {
      try DCASEList($0, root, &result.issues)
    }
    expectApart(lists, &result.issues)
    for list in lists where thorough { try list.compare(with: numbers, root, &result.issues) }
    let pool = isWhole ? Array(lists.prefix(2)) : Array(lists.prefix(1))
    let validation = settings.validationShare > 0 ? drawn(pool) : []
    for (list, split) in zip(lists, [Split.train, isWhole ? .train : .test, .test]) {
      result.entries += list.entries(split, validation)
    }
    if !isWhole {
      result.remarks.append(
        "no groundtruth_weak_label_evaluation_set.csv: the testing list is the test split, and "
          + "figures do not compare with published ones")
    }
    result.counts = DCASEList.counts(lists)
    return result
  }

  /// Files of the validation rows.
  private static func drawn(_ lists: [DCASEList]) -> Set<String> {
    var files: Set<String> = []
    let classes = Dictionary(grouping: lists.flatMap { $0.rows }, by: \.label)
    for rows in classes.values.map({ $0.map(\.file) }) {
      let size = Int((Double(rows.count) / 10).rounded(.toNearestOrEven))
      var draw = NumPyDraw(seed: 123)
      files.formUnion(draw.choice(rows.count, size: size).map { rows[$0] })
    }
    return files
  }

  private static func expectApart(_ lists: [DCASEList], _ issues: inout IssueLog) {
    var homes: [String: String] = [:]
    for list in lists {
      for file in list.order {
        if let home = homes[file] {
          issues.wrong(list.place(file), "\(file) is in \(home) too; expected it in one list")
        }
        homes[file] = list.path
      }
    }
  }
}
