// `scant compare` on a folder of tones: the whole path, its bad folders, and going on.
import Foundation
import Testing

@Suite(.serialized) struct CompareTests {
  let scant: Program
  private static let quick = ["--methods", "transfer,classic", "--sessions", "mine"]

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    // Without a split.
    let rows = (0..<24).map { i in "tone\(i).wav,\(i % 2),\(i / 2 % 2)" }
    try scant.write("tones/labels.csv", (["filename,low,high"] + rows).joined(separator: "\n"))
  }

  private func compare(_ arguments: String...) throws -> Outcome {
    try scant.finish(scant.start(["compare"] + arguments))
  }

  private func record() throws -> [String: Any] {
    let file = scant.url("mine/tones-compare/compare.json")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
  }

  @Test func aFolderEndsInATableAndASession() throws {
    let outcome = try compare(
      "tones", "--budget", "5m", "--methods", "transfer,classic", "--sessions", "mine", "--json")
    #expect(outcome.status == 0, "\(outcome.err)")
    let document = try #require(try outcome.json() as? [String: Any])
    let rows = try #require(document["rows"] as? [[String: Any]])
    #expect(Set(rows.compactMap { $0["method"] as? String }) == ["transfer", "classic"])
    for row in rows {
      let scores = try #require(row["scores"] as? [String: [String: Any]])
      let headline = try #require(scores["f1-macro-both"])
      #expect((headline["value"] as? Double ?? 0) > 0.4, "\(scores)")
      #expect((headline["interval"] as? [Double])?.count == 2)
    }
    let record = try record()
    #expect((record["done"] as? [Any])?.count == 10 && record["isFinished"] as? Bool == true)
    #expect((record["curveDone"] as? [Any])?.count == 5)
    let chosen = try #require(record["chosen"] as? [String: String])
    #expect(chosen.count == 20 && chosen["classic-fold1-s0"]?.hasPrefix("classic") == true)
    let table = try scant("table", "mine/tones-compare")
    #expect(table.status == 0 && table.out.contains("transfer-linear-draw2"), "\(table.out)")
    let again = try compare("tones", "--budget", "5m", "--sessions", "mine")
    #expect(again.status == 0 && again.err.contains("verdict.json"), "\(again.err)")
    #expect(again.out.contains("24 files, 2 classes") && again.out.contains("10 folds"))
    #expect(again.out.contains("VERDICT") && again.out.contains("more labels"), "\(again.out)")
  }

  @Test func whatWasStoppedGoesOn() throws {
    let running = try scant.start(
      ["compare", "tones", "--budget", "4m", "--methods", "b1", "--sessions", "mine"])
    let log = scant.url("mine/tones-compare/runs/b1-fold1-s0/last.safetensors")
    for _ in 0..<1200 where !FileManager.default.fileExists(atPath: log.path) {
      usleep(50_000)
    }
    running.process.interrupt()
    let stopped = try scant.finish(running)
    #expect(stopped.status == 130, "\(stopped.err)")
    let used = try #require(try record()["used"] as? Double)
    #expect(try record()["isFinished"] as? Bool == false)
    let ended = try compare("tones", "--budget", "4m", "--methods", "b1", "--sessions", "mine")
    #expect(ended.status == 0 && ended.out.contains("b1"), "\(ended.err)")
    #expect((try record()["used"] as? Double ?? 0) > used)
  }

  @Test func changedDataIsSaid() throws {
    let arguments = [
      "compare", "tones", "--budget", "2m", "--methods", "classic", "--sessions", "mine",
    ]
    #expect(try scant.finish(scant.start(arguments)).status == 0)
    let rows = (0..<23).map { i in "tone\(i).wav,\(i % 2),\(i / 2 % 2)" }
    try scant.write("tones/labels.csv", (["filename,low,high"] + rows).joined(separator: "\n"))
    let changed = try scant.finish(scant.start(arguments))
    #expect(changed.status == 1 && changed.err.contains("the data has changed"), "\(changed.err)")
    let fresh = try scant.finish(scant.start(arguments + ["--fresh"]))
    #expect(fresh.status == 0, "\(fresh.err)")
  }

  @Test func answersAreTrainedWithAndSaidToHaveBoughtSomething() throws {
    let rows = (0..<24).map { i in "tone\(i).wav,\(i % 2),\(i < 12 ? "\(i / 2 % 2)" : "")" }
    try scant.write("tones/labels.csv", (["filename,low,high"] + rows).joined(separator: "\n"))
    let arguments = [
      "compare", "tones", "--budget", "2m", "--methods", "classic", "--sessions", "mine",
    ]
    #expect(try scant.finish(scant.start(arguments)).status == 0)
    let answers = (12..<18).map { i in "tone\(i).wav,high,\(i / 2 % 2)" }
    try scant.write("list.csv", (["clip,class,answer"] + answers).joined(separator: "\n") + "\n")
    let read = try scant("suggest", "tones", "--answers", "list.csv", "--sessions", "mine")
    #expect(read.status == 0, "\(read.err)")
    let again = try scant.finish(scant.start(arguments))
    #expect(again.status == 0 && again.err.contains("--fresh trains with them"), "\(again.err)")
    let fresh = try scant.finish(scant.start(arguments + ["--fresh", "--json"]))
    #expect(fresh.status == 0, "\(fresh.err)")
    let document = try #require(try fresh.json() as? [String: Any])
    let bought = try #require(document["bought"] as? [String: Any])
    #expect(bought["labels"] as? Int == 6 && bought["method"] as? String == "classic", "\(bought)")
    #expect((document["data"] as? [String: Any])?["answers"] as? Int == 6)
    let recipe = scant.url("mine/tones-compare/runs/classic-fold1-s0/recipe.yaml")
    #expect(try String(contentsOf: recipe, encoding: .utf8).contains("answers.csv"))
  }

  @Test func aSessionIsComparedByItsOwnRows() throws {
    try scant.write(
      "own/session.yaml",
      """
      dataset: { id: folder, root: \(scant.url("tones").path) }
      model: { id: classic }
      variants:
        - { name: svm, method: classic }
        - { name: forest, method: classic, model.learner: forest }
      folds: [1, 2, 3, 4, 5]
      """)
    let outcome = try compare("own", "--budget", "2m")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("svm") && outcome.out.contains("forest"))
    #expect(outcome.out.contains("5 folds"), "\(outcome.out)")
  }

  @Test(arguments: [
    (["tones", "--budget", "soon"], "--budget"), (["tones", "--methods", "magic"], "magic"),
    (["own.yaml", "--out", "x"], "own.yaml"),
  ])
  func mistakesInUsageAreOneLine(arguments: [String], expected: String) throws {
    let outcome = try scant.finish(scant.start(["compare"] + arguments))
    #expect(outcome.status != 0 && outcome.complaints.count == 1, "\(outcome.err)")
    #expect(outcome.err.contains(expected), "\(outcome.err)")
  }
}
