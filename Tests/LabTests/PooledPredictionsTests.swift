// Out-of-fold predictions are the runs' own files, put together; validation chooses.
import Datasets
import Formats
import Foundation
import Lab
import TestSupport
import Testing

@Suite struct PooledPredictionsTests {
  private let pool = PooledPredictions(
    classes: 2, isSingleLabel: false,
    clips: Dictionary(
      uniqueKeysWithValues: [
        ("a", [1, nil], "x"), ("b", [0, 1], "x"), ("c", [nil, 0], "y"), ("d", [nil, nil], "y"),
      ].map { (id: String, labels: [Float?], group: String) in
        (
          id,
          Clip(id: id, audio: nil, split: .test, seconds: 1, labels: labels, group: group)
        )
      }))

  private func run(
    _ folder: URL, _ name: String, _ clips: [String], _ scores: [Float], classes: Int = 2
  ) throws -> RunFolder {
    let run = RunFolder(folder.appendingPathComponent(name))
    try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
    try NPY.write(scores, shape: [clips.count, classes], to: run.predictions)
    let rows = (["clip"] + clips).joined(separator: "\n") + "\n"
    try Data(rows.utf8).write(to: run.clips)
    return run
  }

  @Test func rowsHoldWhatTheRunsPredicted() throws {
    try withTemporaryFolder { folder in
      let first = [
        try run(folder, "b1-1", ["a", "b"], [0.1, 0.2, 0.3, 0.4]),
        try run(folder, "b1-2", ["c", "d"], [0.5, 0.6, 0.7, 0.8]),
      ]
      // In another order, as another loader may have it.
      let second = [
        try run(folder, "b0-1", ["b", "a"], [0.13, 0.14, 0.11, 0.12]),
        try run(folder, "b0-2", ["c"], [0.15, 0.16]),
      ]
      let rows = try pool.rows([("b1", "B1"), ("b0", "B0")], [first, second], seconds: [1, 2])
      #expect(rows.map(\.clips) == [["a", "b", "c"], ["a", "b", "c"]])
      #expect(rows[0].groups == ["x", "x", "y"] && rows[0].seconds == 1)
      #expect(rows[0].labelled.scores == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
      #expect(rows[1].labelled.scores == [0.11, 0.12, 0.13, 0.14, 0.15, 0.16])
      #expect(rows[0].labelled.targets == [1, 0, 0, 1, 0, 0])
      #expect(rows[0].labelled.observed == [true, false, true, true, false, true])
    }
  }

  /// A repeat tests each clip once more.
  @Test func aClipOccursOnceForEachRepeat() throws {
    try withTemporaryFolder { folder in
      let runs = [
        try run(folder, "b1-1", ["a"], [0.1, 0.2]), try run(folder, "b1-2", ["a"], [0.3, 0.4]),
      ]
      let rows = try pool.rows([("b1", "B1")], [runs], seconds: [1])
      #expect(rows[0].clips == ["a", "a"] && rows[0].labelled.scores == [0.1, 0.2, 0.3, 0.4])
    }
  }

  @Test func filesOfOtherClassesAreRefused() throws {
    try withTemporaryFolder { folder in
      let run = try run(folder, "b1-1", ["a"], [0.1, 0.2, 0.3], classes: 3)
      #expect {
        try pool.rows([("b1", "B1")], [[run]], seconds: [1])
      } throws: {
        "\($0)".contains("predictions.npy: has shape [1, 3]; expected [1, 2]")
      }
    }
  }

  @Test func validationChoosesAndTheFirstOfEqualOnesStays() {
    func best(_ scores: [Double?]) -> String? {
      ValidationScore.best(of: zip(["a", "b", "c"], scores).map { ($0, $1) })?.name
    }
    #expect(best([0.5, 0.7, 0.6]) == "b" && best([0.5, 0.5, 0.5]) == "a")
    #expect(best([nil, 0.1, nil]) == "b" && best([nil, nil]) == "a" && best([]) == nil)
  }
}
