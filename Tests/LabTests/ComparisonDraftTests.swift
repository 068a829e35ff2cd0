// The session that a comparison writes, and how its runs are found again.
import Foundation
import Lab
import Testing

@Suite struct ComparisonDraftTests {
  private func draft(_ change: (inout ComparisonPlan) -> Void = { _ in }) -> ComparisonDraft {
    let rows = ComparisonRows(
      wanted: nil, isMissing: true, extractor: "band-net", size: TrainingSize(clips: 100))
    var plan = ComparisonPlan(
      rows: rows.rows, epochs: 60, folds: 5, repeats: 1, wantsCurve: true)
    change(&plan)
    return ComparisonDraft(
      title: "a \"title\"", dataset: "folder", root: URL(fileURLWithPath: "/tmp/a: b"),
      isSingleLabel: false, folds: [1, 2, 3, 4, 5], batch: 16, plan: plan,
      curve: rows.rows[0].candidates[1])
  }

  private func session(_ draft: ComparisonDraft) throws -> Session {
    try withFolder { folder in
      try Data(draft.yaml.utf8).write(to: folder.appendingPathComponent("session.yaml"))
      #expect(try ComparisonDraft.wrote(folder))
      return try Session.read(folder)
    }
  }

  private func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  @Test func everyRunOfThePlanIsInTheSession() throws {
    let draft = draft()
    let session = try session(draft)
    let candidates = draft.plan.rows.reduce(0) { $0 + $1.candidates.count }
    #expect(session.runs.count == 5 * (2 * candidates + 2))
    let names = Set(session.runs.map(\.name))
    for place in ComparisonPlace.all(folds: [1, 2, 3, 4, 5], draws: 2) {
      for row in draft.plan.rows {
        for candidate in row.candidates { #expect(names.contains(place.run(candidate.name))) }
      }
    }
    #expect(names.contains("transfer-linear-labels25-fold3-s0"))
  }

  @Test func settingsAreThoseOfTheRows() throws {
    let runs = try session(draft()).runs
    func recipe(_ name: String) throws -> Recipe {
      try #require(runs.first { $0.name == name }).recipe
    }
    let transfer = try recipe("transfer-linear-draw2-fold4-s0")
    #expect(transfer["method.head"] == "linear" && transfer["method.extractor"] == "band-net")
    #expect(transfer["dataset.seed"] == "2" && transfer["dataset.testFold"] == "4")
    #expect(transfer["dataset.root"] == "/tmp/a: b" && transfer["training.batch"] == "16")
    #expect(try recipe("classic-fold1-s0")["training.epochs"] == "1")
    #expect(try recipe("mean-teacher-fold1-s0")["method.emaDecay"] == "auto")
    let quarter = try recipe("transfer-linear-labels25-fold1-s0")
    #expect(quarter["dataset.removed"] == "0.75" && quarter["method.head"] == "linear")
  }

  @Test func whatIsLeftOutIsNotTrained() throws {
    let session = try session(
      draft {
        $0 = $0.fitted(into: 0)
        $0.rows.removeAll { $0.name != "b1" && $0.name != "transfer" }
        $0.candidates = [:]
        ($0.repeats, $0.folds) = (0, 2)
      })
    let curve = session.runs.filter { $0.name.contains("labels") }
    #expect(curve.count == 4 && session.runs.count == 8)
  }

  @Test func aGivenSplitIsOnePlace() {
    let places = ComparisonPlace.all(folds: [], draws: 1)
    #expect(places.count == 1 && places[0].run("b1") == "b1-s0")
  }
}
