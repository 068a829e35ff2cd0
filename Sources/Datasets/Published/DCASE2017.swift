// DCASE 2017 task 4: warning and vehicle sounds of AudioSet in 10 s, 17 classes.
import Formats
import Foundation

/// DCASE 2017 task 4 (Mesaros et al. 2017), the organisers' weak label lists.
///
/// Protocol of Won et al. 2020: the training and testing lists are pooled. A tenth of the rows of
/// each class, with all other rows of their clips, is for validation (pandas' `sample`, seed 123).
/// The evaluation list is the test split. Every label is observed.
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

  let contents: PublishedContents

  /// The names with their commas.
  static let names = [
    "Train horn", "Air horn, truck horn", "Car alarm", "Reversing beeps", "Bicycle", "Skateboard",
    "Ambulance (siren)", "Fire engine, fire truck (siren)", "Civil defense siren",
    "Police car (siren)", "Screaming", "Car", "Car passing by", "Bus", "Truck", "Motorcycle",
    "Train",
  ]

  package static let layoutMarks = ["groundtruth_weak_label_training_set.csv"]

  package static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations {
    var result = Annotations()
    result.classes = names
    result.folders = ["audio", "audio/training", "audio/testing", "audio/evaluation", ""]
    let numbers = try DCASETags.check(root, &result.issues)
    let isWhole = try StoredFile.isFile(DCASEList.url("evaluation", root))
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

  /// The files of the validation rows.
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
          issues.error(list.place(file), "\(file) is in \(home) too; expected it in one list")
        }
        homes[file] = list.path
      }
    }
  }
}

/// MT19937 with one number as seed, and `choice` without replacement.
///
/// Matsumoto & Nishimura 1998; numpy.random.RandomState, whose streams are frozen by its policy.
package struct NumPyDraw {
  private var state: [UInt32]
  private var next = 624

  package init(seed: UInt32) {
    state = [seed]
    for i in 1..<624 {
      let last = state[i - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(i))
    }
  }

  private mutating func word() -> UInt32 {
    if next == 624 { twist() }
    var y = state[next]
    next += 1
    y ^= y >> 11
    y ^= y << 7 & 0x9D2C_5680
    y ^= y << 15 & 0xEFC6_0000
    return y ^ y >> 18
  }

  private mutating func twist() {
    for i in 0..<624 {
      let y = state[i] & 0x8000_0000 | state[(i + 1) % 624] & 0x7FFF_FFFF
      state[i] = state[(i + 397) % 624] ^ y >> 1 ^ (y & 1 == 1 ? 0x9908_B0DF : 0)
    }
    next = 0
  }

  /// A uniform number in 0…`most`, by rejection of masked words.
  private mutating func number(upTo most: Int) -> Int {
    guard most > 0 else { return 0 }
    let mask = UInt32.max >> UInt32(most).leadingZeroBitCount
    while true {
      let value = word() & mask
      if value <= UInt32(most) { return Int(value) }
    }
  }

  /// `RandomState.choice(count, size, replace=False)`.
  package mutating func choice(_ count: Int, size: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, number(upTo: i)) }
    return Array(order.prefix(size))
  }
}
