// The rows of SONYC-UST's annotations.csv, one per annotator, by recording.
import Formats
import Foundation

/// The annotations of one recording: one bit per tag, fine tags first.
struct SONYCRecording {
  let name: String
  let split: Split
  let sensor: String
  /// The line that names it first.
  let line: Int
  /// The tags that a volunteer heard, or did not hear.
  fileprivate(set) var heard: UInt64 = 0
  fileprivate(set) var unheard: UInt64 = 0
  /// The tags that are present or absent in the agreed row.
  fileprivate(set) var verified: UInt64 = 0
  fileprivate(set) var refuted: UInt64 = 0
  fileprivate(set) var isVerified = false
  fileprivate var annotators: Set<Int> = []

  fileprivate init(_ name: String, _ split: Split, _ sensor: String, _ line: Int) {
    (self.name, self.split, self.sensor, self.line) = (name, split, sensor, line)
  }

  /// The labels; nil without answers that count in the recording's split.
  func labels(_ level: TaxonomyLevel) -> [Float?]? {
    let (ones, zeros) = split == .train ? (heard, unheard) : (verified, refuted)
    guard ones | zeros != 0 else { return nil }
    let fine = SONYCTaxonomy.fineTags
    func answer(_ bit: Int) -> Float? {
      ones >> bit & 1 == 1 ? 1 : zeros >> bit & 1 == 1 ? 0 : nil
    }
    switch level {
    case .coarse: return SONYCTaxonomy.coarseTags.indices.map { answer(fine.count + $0) }
    case .fine:
      let uncertain = Set(
        fine.indices.filter { fine[$0].isUncertain && answer($0) == 1 }
          .map { fine[$0].group })
      return fine.indices.filter { !fine[$0].isUncertain }.map {
        uncertain.contains(fine[$0].group) ? nil : answer($0)
      }
    }
  }
}

/// All recordings of the table.
struct SONYCVotes {
  private(set) var recordings: [SONYCRecording] = []
  private var places: [String: Int] = [:]

  private struct Columns {
    let split, sensor, name, annotator: Int
    /// The columns of 29 fine and 8 coarse tags.
    let presence: [Int]

    init(_ table: AnnotationTable) throws {
      split = try table.column("split")
      sensor = try table.column("sensor_id")
      name = try table.column("audio_filename")
      annotator = try table.column("annotator_id")
      presence = try (SONYCTaxonomy.fineTags + SONYCTaxonomy.coarseTags).map {
        try table.column("\($0.column)_presence")
      }
    }
  }

  init(_ url: URL, _ issues: inout IssueLog) throws {
    let table = try AnnotationTable(url)
    let columns = try Columns(table)
    table.read(&issues) { row throws(Problem) in try add(row, columns) }
  }

  private mutating func add(
    _ row: AnnotationTable.Row, _ columns: Columns
  ) throws(Problem) {
    guard let annotator = Int(row.fields[columns.annotator]) else {
      throw row.error("annotator \"\(row.fields[columns.annotator])\"; expected a whole number")
    }
    let (ones, zeros) = try answers(row, columns)
    let place = try place(row, columns)
    // Members of the project (negative ids) answer for one group per row.
    if annotator >= 0, !recordings[place].annotators.insert(annotator).inserted {
      let name = recordings[place].name
      throw row.error("annotator \(annotator) on \(name) again; expected one row per annotator")
    }
    if annotator > 0 {
      recordings[place].heard |= ones
      recordings[place].unheard |= zeros
    } else if annotator == 0 {
      recordings[place].isVerified = true
      recordings[place].verified |= ones
      recordings[place].refuted |= zeros
    }
  }

  /// The tags that are present and those that are absent; −1 is neither.
  private func answers(
    _ row: AnnotationTable.Row, _ columns: Columns
  ) throws(Problem) -> (ones: UInt64, zeros: UInt64) {
    var answers: (ones: UInt64, zeros: UInt64) = (0, 0)
    for (bit, column) in columns.presence.enumerated() {
      switch row.fields[column] {
      case "1", "1.0": answers.ones |= 1 << bit
      case "0", "0.0": answers.zeros |= 1 << bit
      case "-1", "-1.0": break
      default: throw row.error("presence \"\(row.fields[column])\"; expected 1, 0 or -1")
      }
    }
    return answers
  }

  /// The index of the recording, which is added if it is new.
  private mutating func place(
    _ row: AnnotationTable.Row, _ columns: Columns
  ) throws(Problem) -> Int {
    let (name, sensor) = (row.fields[columns.name], row.fields[columns.sensor])
    let names: [String: Split] = ["train": .train, "validate": .validation, "test": .test]
    guard let split = names[row.fields[columns.split]] else {
      throw row.error("split \"\(row.fields[columns.split])\"; expected train, validate or test")
    }
    guard !name.isEmpty else { throw row.error("no audio_filename; expected one") }
    if let place = places[name] {
      let old = recordings[place]
      guard old.split == split, old.sensor == sensor else {
        throw row.error(
          "\(name) in \(split.rawValue), sensor \(sensor); expected \(old.split.rawValue), "
            + "sensor \(old.sensor) as on line \(old.line)")
      }
      return place
    }
    places[name] = recordings.count
    recordings.append(SONYCRecording(name, split, sensor, row.line))
    return recordings.count - 1
  }
}
