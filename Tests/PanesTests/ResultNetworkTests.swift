// One network stands for a method everywhere: list, curve, classes, test, table and export, for
// every method of the session about missing labels.
import Canvas
import Foundation
import Lab
import Panes
import TestSupport
import Testing

/// A run of each method and seed of `band-missing-labels`, its scores made up: student and teacher
/// differ by far.
private struct MadeSession {
  let session: Session
  static let classes = ["bass", "bell", "brass", "drums"]

  init(in folder: URL) throws {
    let file = SharedData.packageRoot
      .appendingPathComponent("sessions/band-missing-labels/session.yaml")
    session = try Session(
      yaml: String(contentsOf: file, encoding: .utf8), file: file.path, folder: folder)
    for run in session.runs where run.recipe.seed < 3 { try write(run) }
  }

  /// The score of a class, 0…1; every network and seed has another.
  static func score(_ method: String, _ network: String, seed: Int, _ c: Int) -> Double {
    let leads: [String: Double] = [
      "b0": 0.3, "b1": 0.5, "label-enhancing": 0.7, "mean-teacher": 0.4,
    ]
    let lead: Double = leads[method] ?? 0
    let other: Double = method == "mean-teacher" ? 0.2 : -0.4
    let own: Double = network == "teacher" ? other : 0
    let bySeed = Double(seed) / 50
    let byClass = Double((c * 7 + seed * 3) % 5) / 100
    return lead + own + bySeed + byClass
  }

  static func networks(_ method: String) -> [String] {
    ["label-enhancing", "mean-teacher"].contains(method) ? ["student", "teacher"] : ["student"]
  }

  static func mean(_ method: String, _ network: String, seed: Int) -> Double {
    let scores: [Double] = classes.indices.map { score(method, network, seed: seed, $0) }
    return scores.reduce(0, +) / Double(classes.count)
  }

  private func write(_ run: Session.Run) throws {
    let (method, seed) = (run.recipe.method, run.recipe.seed)
    let folder = session.runFolder(run)
    try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
    try Data(run.recipe.yaml().utf8).write(to: folder.recipe)
    var tests: [String: [String: Double]] = [:]
    var bodies: [(any EventBody, step: Int)] = []
    for network in Self.networks(method) {
      let value = Self.mean(method, network, seed: seed)
      for step in 1...3 {
        bodies.append((evaluation("validation", method, network, seed, Double(step) / 3), step))
      }
      bodies.append((evaluation("test", method, network, seed, 1), 3))
      tests[network] = ["f1-macro-both": value, "ap-macro": value]
    }
    bodies.append((RunEnded(json: ["reason": "done", "scores": ["test": tests], "wall": 9]), 3))
    let writer = try EventLogWriter(folder.events) { Issue.record("\($0)") }
    for (i, (body, step)) in bodies.enumerated() {
      writer.append(
        Event(run: run.name, seq: UInt64(i + 1), t: UInt64(i), step: step, epoch: step, body: body))
    }
    writer.flush()
  }

  private func evaluation(
    _ split: String, _ method: String, _ network: String, _ seed: Int, _ share: Double
  ) -> any EventBody {
    let value = share * Self.mean(method, network, seed: seed)
    return EvalEnd(json: [
      "split": split, "model": network, "seconds": 1,
      "metrics": ["f1-macro-both": value, "ap-macro": value],
      "perClass": Self.classes.enumerated().map { c, name in
        let score = share * Self.score(method, network, seed: seed, c)
        return ClassScore(json: [
          "name": name, "ap": score, "f1": score / 2, "f1Both": score, "observed": 20,
          "positives": 5,
        ])
      }, "scored": 80, "entries": 80,
    ])
  }
}

private func withSession(_ body: (Session) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("scant-result-\(UUID().uuidString)/band-missing-labels")
  defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
  try body(MadeSession(in: folder).session)
}

/// The first run of each method lies beside the others by itself.
private func comparing(_ session: Session, _ chosen: [RunRecord]) -> Workbench {
  var bench = Fixture.bench(.compare)
  bench.resize(width: 200, height: 60)
  bench.apply(.sessions([SessionRow(session)]))
  bench.apply(.records(chosen))
  return bench
}

private func text(_ bench: Workbench) -> String {
  TestSupport.Screen.text(bench.draw(width: 200, height: 60, glyphs: .unicode))
    .joined(separator: "\n")
}

@Test(arguments: ["b0", "b1", "label-enhancing", "mean-teacher"])
func compareTableAndExportUseTheSameNetwork(method: String) throws {
  try withSession { try check($0, method) }
}

private func check(_ session: Session, _ method: String) throws {
  let network = method == "mean-teacher" ? "teacher" : "student"
  let table = try ResultsTable(session)
  let row = try #require(table.rows.first { $0.method == method })
  #expect(row.result == network)
  let cells = network == "teacher" ? row.teacher : row.scores
  let cell = try #require(cells["f1-macro-both"])
  let own = try records(session, method)
  #expect(own.count == 3)
  let listed: [Double] = own.compactMap { $0.summary.scores["f1-macro-both"] }
  #expect(cell.values == listed)
  for record in own { try checkCurve(record, network) }
  guard method != "b0" else { return }
  // The test beside the runs is the table's.
  let base = try records(session, "b0")
  let comparison = try #require(RunComparison(of: "f1-macro-both", own, against: base))
  #expect(comparison.pValue == cell.p)
  let reference = try #require(table.rows[0].scores["f1-macro-both"])
  let gap: Double = cell.mean - reference.mean
  #expect(abs(comparison.mean - gap) < 1e-9)
}

private func records(_ session: Session, _ method: String) throws -> [RunRecord] {
  let runs = session.runs.filter { $0.recipe.seed < 3 && $0.recipe.method == method }
  return try runs.map { try RunRecord(reading: session.runFolder($0)) }
}

/// What is drawn of a run is what `scant export` prints of that network.
private func checkCurve(_ record: RunRecord, _ network: String) throws {
  #expect(record.network(.result) == network)
  let test = try #require(record.test(of: .result))
  #expect(test.model == network)
  #expect(test.metrics["f1-macro-both"] == record.summary.scores["f1-macro-both"])
  var state = RunState()
  for event in try EventLog.read(RunFolder(record.folder).events).events { state.apply(event) }
  let exported = try #require(state.series["validation/\(network)/f1-macro-both"])
  let drawn = record.curve("f1-macro-both", of: .result)
  #expect(exported.steps.map { Int($0) } == drawn.map(\.step))
  #expect(exported.values == drawn.map { Float($0.value) })
}

@Test func theResultComesFirstInTheTable() throws {
  try withSession { session in
    let rows = try ResultsTable(session).cells().map { $0[0] }
    let names = ["label-enhancing", "label-enhancing (teacher)", "mean-teacher (teacher)"]
    let places = (names + ["mean-teacher (student)"]).map { rows.firstIndex(of: $0) ?? -1 }
    #expect(places == (0..<4).map { places[0] + $0 } && places[0] > 0)
  }
}

@Test func screenNamesTheNetworkAndAKeySwitchesIt() throws {
  try withSession { try checkScreen($0) }
}

private func checkScreen(_ session: Session) throws {
  let first = session.runs.filter { $0.recipe.seed == 0 }
  var bench = comparing(
    session, try first.map { try RunRecord(reading: session.runFolder($0)) })
  func mean(_ method: String, _ network: String) -> Double {
    MadeSession.mean(method, network, seed: 0)
  }
  let student = mean("label-enhancing", "student")
  let gap: Double = student - mean("b0", "student")
  let shown = text(bench)
  let wanted = [
    "validation f1-macro-both", "cS", "dT", "F1 both", "\(student.fixed(3)) S",
    "\(mean("mean-teacher", "teacher").fixed(3)) T", "label-enhancing - b0 +\(gap.fixed(3)) p ",
    "test F1 both by class",
  ]
  for words in wanted { #expect(shown.contains(words), "\(words)") }
  _ = bench.handle(.character("t"))
  let flipped = text(bench)
  let others = [
    "other networks", "cT", "dS", "\(mean("label-enhancing", "teacher").fixed(3)) T",
    "\(mean("mean-teacher", "student").fixed(3)) S",
  ]
  for words in others { #expect(flipped.contains(words), "\(words)") }
  _ = bench.handle(.character("t"))
  #expect(text(bench).contains("cS"))
}

/// Metrics without a score of that name say "-", never another metric's number.
@Test func scoresBelongToTheMetricInTheHeader() throws {
  var bench = Scene.idle.bench(.compare)
  _ = bench.perform(.showCompare)
  bench.apply(.sessions(Fixture.sessions))
  bench.apply(.records(Fixture.records))
  func head(_ bench: Workbench) -> [String] {
    TestSupport.Screen.text(bench.draw(width: 80, height: 24, glyphs: .unicode))
  }
  #expect(head(bench).contains { $0.contains("run") && $0.contains("F1") && !$0.contains("test") })
  #expect(head(bench).contains { $0.contains("b0-cnn-s0") && $0.contains("0.214") })
  _ = bench.handle(.character("m"))
  #expect(head(bench).contains { $0.contains("b0-cnn-s0") && $0.contains("0.581") })
}

/// Runs on other data do not pair, whatever their seeds.
@Test func runsOnOtherDataAreNotTested() {
  var records = Array(Fixture.records.prefix(2))
  records[1].summary.seed = records[0].summary.seed
  #expect(RunComparison(of: "f1-macro", [records[1]], against: [records[0]]) != nil)
  records[1].settings["dataset.id"] = "esc50"
  #expect(RunComparison(of: "f1-macro", [records[1]], against: [records[0]]) == nil)
}
