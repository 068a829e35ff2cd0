// Judging agreement; and, where reference files lie about, the judgement itself.
import Bench
import Foundation
import Testing

@Suite struct AccuracyTests {
  @Test func distances() {
    #expect(relativeDistance([3, 4], [3, 4]) == 0)
    #expect(abs(relativeDistance([3, 5], [3, 4]) - 0.2) < 1e-12)
    #expect(relativeDistance([.nan], [1]) == .infinity)
  }

  @Test func anEmptyFolderIsAnError() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-accuracy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("cnn"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: AccuracyError.self) { try AccuracyReport(folder, program: "x") }
    try Data("{}".utf8).write(to: folder.appendingPathComponent("cnn/check.json"))
    #expect(throws: AccuracyError.self) { try AccuracyReport(folder, program: "x") }
  }

  /// `$SCANT_REFERENCES`: a folder of reference files.
  static let references = ProcessInfo.processInfo.environment["SCANT_REFERENCES"]

  @Test(.enabled(if: references != nil, "SCANT_REFERENCES names no folder"))
  func everyNetworkMatchesItsReference() throws {
    let folder = URL(fileURLWithPath: Self.references ?? "")
    let report = try AccuracyReport(folder, program: "x")
    #expect(report.agrees, "\(report.rows.map { $0.joined(separator: "  ") })")
    _ = try JSONSerialization.jsonObject(with: Data(report.json.utf8))
  }
}
