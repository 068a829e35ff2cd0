// The tables of OpenMIC-2018: the split of each key, and the relevance of each instrument.
import Formats
import Foundation

/// The keys of `partitions/split01_train.csv` and `split01_test.csv`.
struct OpenMICPartitions {
  /// The row that names a key.
  struct Home {
    let split: Split
    let table: String
    let line: Int
  }

  /// Whether both tables are missing.
  private(set) var isAbsent = false
  private(set) var keys: [String] = []
  private(set) var home: [String: Home] = [:]
  /// The numbers of rows of the two tables.
  private(set) var rows: [Split: Int] = [:]

  /// `thorough`: if both tables are missing, only labels are checked. Otherwise that is an error.
  init(_ root: URL, thorough: Bool, _ issues: inout IssueLog) throws {
    let tables = [(Split.train, "split01_train"), (.test, "split01_test")].map { split, name in
      (split, root.appendingPathComponent("partitions/\(name).csv"))
    }
    isAbsent = try thorough && !tables.contains { try StoredFile.isFile($0.1) }
    for (split, url) in tables where !isAbsent {
      let table = try AnnotationTable(url, hasHeader: false)
      table.read(width: 1, &issues) { row throws(Problem) in
        rows[split, default: 0] += 1
        let key = row.fields[0]
        guard OpenMICPartitions.isKey(key) else {
          throw row.error("\"\(key)\"; expected a sample key such as 000046_3840")
        }
        let place = Home(split: split, table: table.path, line: row.line)
        if let first = home.updateValue(place, forKey: key) {
          home[key] = first
          throw row.error("\(key) again, first in \(first.table):\(first.line); expected it once")
        }
        keys.append(key)
      }
    }
  }

  /// Whether `key` is six digits of the track and, after `_`, a number of samples.
  private static func isKey(_ key: String) -> Bool {
    let parts = key.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    return parts.count == 2 && parts[0].count == 6 && !parts[1].isEmpty
      && parts.allSatisfy { $0.allSatisfy { (0x30...0x39).contains($0) } }
  }
}

/// The relevance by key and class; nil for missing labels.
struct OpenMICLabels {
  private var relevance: [String: [Float?]] = [:]
  /// The first row of each key in the label table.
  private var homes: [String: OpenMICPartitions.Home] = [:]

  subscript(key: String) -> [Float?]? { relevance[key] }

  /// Whether both archive and table are missing.
  private(set) var isAbsent = false
  var keys: [String] { relevance.keys.sorted() }

  /// The row of a key that is in no partition.
  func home(_ key: String) -> OpenMICPartitions.Home? { homes[key] }

  static let table = "openmic-2018-aggregated-labels.csv"
  static let missing = "no openmic-2018.npz and no \(table)"

  /// Reads the archive, otherwise the table. `thorough`: compares both.
  init(
    _ archive: OpenMICArrays?, _ root: URL, _ partitions: OpenMICPartitions, thorough: Bool,
    _ issues: inout IssueLog
  ) throws {
    let table = root.appendingPathComponent(OpenMICLabels.table)
    guard let archive else {
      guard try StoredFile.isFile(table) else {
        // Training needs labels; a check reports that they are missing.
        if !thorough { issues.error(root.path, OpenMICLabels.missing + "; expected one of them") }
        isAbsent = true
        return
      }
      try read(table, partitions, &issues)
      return
    }
    relevance = archive.relevance
    for key in archive.keys where partitions.isAbsent {
      homes[key] = OpenMICPartitions.Home(split: .train, table: archive.path, line: 1)
    }
    compareKeys(archive, partitions, &issues)
    guard thorough, try StoredFile.isFile(table) else { return }
    var other = OpenMICLabels()
    try other.read(table, partitions, &issues)
    other.compare(with: self, table.path, &issues)
  }

  private init() {}

  /// Checks that the archive has the keys of the two partitions.
  private func compareKeys(
    _ archive: OpenMICArrays, _ partitions: OpenMICPartitions, _ issues: inout IssueLog
  ) {
    for key in archive.keys where !partitions.isAbsent && partitions.home[key] == nil {
      issues.error(archive.path, "key \(key) is in neither partition; expected it in one")
    }
    for key in partitions.keys where relevance[key] == nil {
      let place = partitions.home[key].map { "\($0.table):\($0.line)" } ?? key
      issues.error(place, "no \(key) in \(archive.path); expected its labels there")
    }
  }

  private mutating func read(
    _ url: URL, _ partitions: OpenMICPartitions, _ issues: inout IssueLog
  ) throws {
    let table = try AnnotationTable(url)
    let columns = (
      key: try table.column("sample_key"), name: try table.column("instrument"),
      value: try table.column("relevance")
    )
    let blank = [Float?](repeating: nil, count: OpenMIC2018.names.count)
    table.read(&issues) { row throws(Problem) in
      let (key, name) = (row.fields[columns.key], row.fields[columns.name])
      guard partitions.isAbsent || partitions.home[key] != nil else {
        throw row.error("key \"\(key)\" is in neither partition; expected it in one")
      }
      guard let index = OpenMIC2018.names.firstIndex(of: name) else {
        throw row.error("instrument \"\(name)\"; expected one of the 20 classes")
      }
      guard let value = Float(row.fields[columns.value]), (0...1).contains(value) else {
        throw row.error("relevance \"\(row.fields[columns.value])\"; expected 0…1")
      }
      guard relevance[key]?[index] == nil else {
        throw row.error("\(name) of \(key) again; expected one row per clip and instrument")
      }
      relevance[key, default: blank][index] = value
      if homes[key] == nil {
        homes[key] = OpenMICPartitions.Home(split: .train, table: table.path, line: row.line)
      }
    }
  }

  /// Compares the table with the archive.
  private func compare(with archive: OpenMICLabels, _ path: String, _ issues: inout IssueLog) {
    for (key, values) in relevance.sorted(by: { $0.key < $1.key }) {
      let other = archive[key] ?? []
      for (k, value) in values.enumerated() {
        let theirs = k < other.count ? other[k] : nil
        if value.map({ v in theirs.map { abs($0 - v) <= 1e-5 } ?? false }) ?? (theirs == nil) {
          continue
        }
        let shown = [value, theirs].map { $0.map { "\($0)" } ?? "missing" }
        issues.error(
          path,
          "\(OpenMIC2018.names[k]) of \(key) is \(shown[0]), in the npz \(shown[1]); "
            + "expected the same")
      }
    }
  }
}

/// The counts of a check beside the published ones.
enum OpenMICCounts {
  /// Negatives and positives of the test clips by class, from the notebook of the release.
  private static let support = [
    [423, 115], [338, 140], [329, 134], [259, 226], [503, 137], [139, 297], [146, 278], [387, 175],
    [150, 286], [267, 211], [434, 193], [310, 121], [130, 285], [324, 305], [112, 268], [492, 228],
    [467, 318], [408, 182], [237, 394], [150, 224],
  ]

  /// `classMap`: the number of classes in class-map.json. Missing files are not counted.
  static func of(
    _ set: Annotations, _ partitions: OpenMICPartitions, _ labels: OpenMICLabels, classMap: Int?
  ) -> [DataCount] {
    let classes = classMap.map {
      [DataCount("classes of class-map.json", published: OpenMIC2018.names.count, found: $0)]
    }
    guard !partitions.isAbsent else { return classes ?? [] }
    return ofSplits(set, partitions) + (classes ?? []) + (labels.isAbsent ? [] : ofLabels(set))
  }

  private static func ofSplits(
    _ set: Annotations, _ partitions: OpenMICPartitions
  ) -> [DataCount] {
    [
      DataCount(
        "rows of split01, train and test", published: [14_915, 5_085],
        found: [partitions.rows[.train] ?? 0, partitions.rows[.test] ?? 0]),
      DataCount("clips", published: 20_000, found: set.entries.count),
    ]
  }

  private static func ofLabels(_ set: Annotations) -> [DataCount] {
    let test = set.entries.filter { $0.split == .test }
    let train = set.entries.filter { $0.split != .test }
    let observed = [train, test].map { part in
      part.reduce(0) { $0 + $1.labels.count { $0 != nil } }
    }
    return [
      DataCount("observed labels, train and test", published: [30_746, 10_522], found: observed)
    ]
      + OpenMIC2018.names.enumerated().map { k, name in
        let known = test.compactMap { $0.labels[k] }
        let positive = known.count { $0 >= 0.5 }
        return DataCount(
          "test negatives and positives of \(name)", published: support[k],
          found: [known.count - positive, positive])
      }
  }
}
