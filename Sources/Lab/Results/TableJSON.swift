// The table as JSON: what `scant table --format json` prints.
import Foundation

extension ResultsTable {
  /// `{"session":…,"rows":[{"method":…,"scores":{"ap-macro":{"mean":…,"sd":…,…}},…}]}`
  public func json(metrics: [String]? = nil) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(
      Document(
        session: session, split: split.rawValue, rows: rows.map { DocumentRow($0, metrics) },
        findings: findings.isEmpty ? nil : findings))
  }

  private struct Document: Encodable {
    let session, split: String
    let rows: [DocumentRow]
    /// Absent if the session makes no claims.
    let findings: [Finding]?
  }

  private struct DocumentRow: Encodable {
    let name, method, model, result: String
    let sweep: [String: JSONText]
    let runs: Int
    /// Absent where the runs have all clips.
    let lostClips: Int?
    let scores, teacher: [String: DocumentCell]
    let trainableParameters: Int
    let trainingSeconds: Double
    let inferenceMilliseconds, published: Double?
    let peakMemoryBytes: Int?

    init(_ row: Row, _ metrics: [String]?) {
      func cells(_ cells: [String: Cell]) -> [String: DocumentCell] {
        cells.filter { metrics?.contains($0.key) ?? true }.mapValues(DocumentCell.init)
      }
      name = row.name
      method = row.method
      model = row.model
      result = row.result
      sweep = row.sweep.mapValues(JSONText.init)
      runs = row.runs
      lostClips = row.lostClips > 0 ? row.lostClips : nil
      scores = cells(row.scores)
      teacher = cells(row.teacher)
      trainableParameters = row.trainableParameters
      trainingSeconds = row.trainingSeconds
      inferenceMilliseconds = row.inferenceMilliseconds
      published = row.published
      peakMemoryBytes = row.peakMemory
    }
  }

  /// `sd`, `p` and `pSeeds` (seeds that pair in `p`) are always there, `null` if undefined.
  private struct DocumentCell: Encodable {
    let mean: Double
    let values: [Double]
    let scored: Int
    let sd, p: Nullable<Double>
    let pSeeds: Nullable<Int>

    init(_ cell: Cell) {
      (mean, values, scored) = (cell.mean, cell.values, cell.scored)
      (sd, p, pSeeds) = (Nullable(cell.sd), Nullable(cell.p), Nullable(cell.seeds))
    }
  }

  private struct Nullable<Value: Encodable>: Encodable {
    let value: Value?
    init(_ value: Value?) { self.value = value }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(value)
    }
  }

  /// A swept value: a number where it reads as one.
  private struct JSONText: Encodable {
    let text: String

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let number = Double(text), number.isFinite {
        try container.encode(number)
      } else {
        try container.encode(text)
      }
    }
  }
}
