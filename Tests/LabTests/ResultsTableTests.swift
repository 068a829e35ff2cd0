// The table's numbers, its text in four forms, and the test against the first method.
import Foundation
import Lab
import Metrics
import Testing

@Suite struct ResultsTableTests {
  private func evaluation(_ f1: Double, _ ap: [Double?]) -> EvalEnd {
    let known = ap.compactMap { $0 }
    return EvalEnd(json: [
      "split": "test", "model": "student", "seconds": 1,
      "metrics": [
        "f1-macro-both": f1, "ap-macro": known.reduce(0, +) / Double(max(known.count, 1)),
      ],
      "perClass": ap.enumerated().map {
        ClassScore(json: ["name": "c\($0)", "ap": $1, "observed": 10, "positives": 2])
      }, "scored": 40, "entries": 50,
    ])
  }

  private func result(_ method: String, _ seed: Int, _ f1: Double, _ ap: [Double?]) -> RunResult {
    RunResult(json: [
      "method": method, "model": "cnn", "seed": seed, "sweep": [String: Int](),
      "evaluations": ["student": evaluation(f1, ap)], "trainableParameters": 99, "seconds": 10,
      "fold": "",
      "lostClips": 0,
    ])
  }

  /// `b1`: its F1 and by how much it is behind in AP, in seed 0; `second`: also in seed 1.
  private func table(
    _ dataset: String = "hiding: balanced", b1: (f1: Double, behind: Double) = (0.7, 0.25),
    second: Bool = false
  ) throws -> ResultsTable {
    let session = try Session(
      yaml: "dataset: { id: band, \(dataset) }\nmethods: [b0, b1]\nseeds: [0, 1]\n",
      file: "s",
      folder: URL(fileURLWithPath: "/s/two"))
    return ResultsTable(
      session,
      results: [
        result("b0", 0, 0.5, [0.5, 0.75, nil]),
        result("b1", 0, b1.f1, [0.5 - b1.behind, 0.75 - b1.behind, nil]),
        result("b0", 1, 0.6, [0.5, 0.5, 0.5]),
        second ? result("b1", 1, b1.f1, [0.25, 0.3, 0.2]) : nil,
      ])
  }

  @Test func tableShowsTheScoresOfTheRuns() throws {
    let table = try table()
    #expect(table.rows.map(\.method) == ["b0", "b1"])
    #expect(table.missing == ["b1-s1"])
    let b0 = try #require(table.rows[0].scores["f1-macro-both"])
    #expect(abs(b0.mean - 0.55) < 1e-12)
    #expect(abs((b0.sd ?? 0) - 0.005.squareRoot()) < 1e-12)
    #expect(b0.values == [0.5, 0.6])
    #expect(b0.scored == 40)
    #expect(b0.p == nil)
    let b1 = table.rows[1]
    #expect(b1.runs == 1)
    #expect(b1.scores["f1-macro-both"]?.sd == nil)
    // Two classes pair, both worse by 0.25: all alike, 2 of the 4 sign patterns are as extreme.
    #expect(b1.scores["ap-macro"]?.p == 0.5)
    #expect(table.rows[0].trainableParameters == 99)
    #expect(table.rows[0].trainingSeconds == 10)
  }

  /// Columns of what is computed after training come second: lists know the first one alone.
  @Test func columnsMayBeComputedAfterTraining() throws {
    func session(_ columns: String) throws -> Session {
      try Session(
        yaml: "methods: [b0]\ntable: { columns: [\(columns)] }\n", file: "s",
        folder: URL(fileURLWithPath: "/s/two"))
    }
    let found = try session("f1-macro-both, f1-macro-both@platt+f1, ece")
    #expect(found.columns == ["f1-macro-both", "f1-macro-both@platt+f1", "ece"])
    var run = result("b0", 0, 0.5, [0.5, nil])
    for (place, id) in AfterTraining.ids.enumerated() {
      run.evaluations["student"]?.metrics[id] = Double(place)
    }
    let table = ResultsTable(found, results: [run])
    #expect(table.cells()[0].contains("ece") && table.cells()[1].contains("0.500"))
    #expect(table.rows[0].scores["ece"]?.values == [33])
    #expect(table.notes().contains { $0.contains("chosen on the validation clips") })
    #expect(throws: RecipeError.self) { try session("ece, f1-macro") }
    #expect(throws: RecipeError.self) { try session("f1-macro, f1-macro@half") }
  }

  @Test func cellsPutTheMainMetricFirst() throws {
    let cells = try table().cells()
    #expect(cells[0].prefix(3) == ["method", "runs", "f1-macro-both"])
    #expect(cells[0].contains("ap-macro"))
    #expect(cells[1].contains("b0") && cells[1].contains("0.550 ± 0.071"))
    #expect(cells[2].contains("0.700"))
    #expect(try table().notes().contains("Not finished: b1-s1."))
  }

  private func explains(_ table: ResultsTable, _ metrics: [String]? = nil) -> Bool {
    table.notes(metrics: metrics).contains { $0.hasPrefix("F1 and AP disagree because b0") }
  }

  /// Chance hid the labels, and the numbers disagree the way that makes them.
  @Test func differentLabelHidingIsReported() throws {
    #expect(try explains(table()))
    #expect(try explains(table("hiding: random")))
    #expect(try !explains(table(), ["ap-macro"]))
    for other in ["hiding: quiet", "hiding: none", "observed: 1.0, hiding: balanced"] {
      #expect(try !explains(table(other)), "\(other)")
    }
    // B0 ahead in F1, or behind in AP.
    #expect(try !explains(table(b1: (0.5, 0.25))))
    #expect(try !explains(table(b1: (0.7, -0.1))))
    // A folder left at its defaults hides nothing.
    let folder = try Session(
      yaml: "dataset: { id: folder, root: /d }\nmethods: [b0, b1]\n", file: "s",
      folder: URL(fileURLWithPath: "/s/own"))
    let table = ResultsTable(
      folder, results: [result("b0", 0, 0.5, [0.5]), result("b1", 0, 0.7, [0.4])])
    #expect(!explains(table))
  }

  /// The p of one seed is over classes, and does not stand beside those over seeds.
  @Test func testOverClassesOnlyIsMarked() throws {
    let alone = try table()
    #expect(alone.rows[1].scores["ap-macro"]?.seeds == 1)
    #expect(alone.cells()[0].contains("p, classes only") && !alone.cells()[0].contains("p"))
    #expect(alone.notes().contains { $0.contains("over classes only") })
    let both = try table(second: true)
    #expect(both.rows[1].scores["ap-macro"]?.seeds == 2)
    #expect(both.cells()[0].contains("p"))
    #expect(both.notes().contains { $0.contains("seeds and classes.") })
    var mixed = both
    mixed.rows.append(alone.rows[1])
    #expect(mixed.cells()[2].contains("classes only") == false)
    #expect(mixed.cells()[3].contains("classes only"))
    #expect(mixed.notes().contains { $0.contains("'classes only' where only one seed") })
    let json = String(decoding: try alone.json(), as: UTF8.self)
    #expect(json.contains("\"pSeeds\":1") && json.contains("\"pSeeds\":null"))
  }

  @Test func jsonFollowsTheSchema() throws {
    let json = try JSONSerialization.jsonObject(with: try table().json()) as? [String: Any]
    #expect(json?["session"] as? String == "two")
    let rows = try #require(json?["rows"] as? [[String: Any]])
    #expect(
      Set(rows[0].keys) == [
        "name", "method", "model", "sweep", "runs", "scores", "teacher", "trainableParameters",
        "trainingSeconds", "inferenceMilliseconds", "result",
      ])
    let cell = try #require((rows[0]["scores"] as? [String: [String: Any]])?["ap-macro"])
    #expect(cell["values"] as? [Double] == [0.625, 0.5])
    #expect(cell["scored"] as? Int == 40)
    #expect(cell["mean"] as? Double == 0.5625)
    #expect(cell.keys.contains("sd"))
  }

  @Test func markdownAndCSVHaveEveryRow() throws {
    let markdown = try table().markdown()
    #expect(markdown.contains("| b0 |") && markdown.contains("| b1 |"))
    #expect(markdown.split(separator: "\n")[1].hasPrefix("| --- | ---:"))
    let csv = try table().csv(metrics: ["ap-macro"]).split(separator: "\n")
    #expect(
      csv[0] == "name,method,model,scored_model,runs,ap-macro,ap-macro_sd,ap-macro_p,"
        + "trainable_parameters,training_seconds,inference_ms,peak_memory_bytes,published,is_result"
    )
    #expect(csv[2].hasPrefix("b1,b1,cnn,student,1,0.375,,0.5,99,10.0,"))
  }

  @Test func runsWithMissingClipsAreMarked() throws {
    let session = try Session(
      yaml: "methods: [b0, b1]\nseeds: [0]\n", file: "s", folder: URL(fileURLWithPath: "/s/two"))
    var losing = result("b1", 0, 0.5, [0.5])
    losing.lostClips = 3
    let table = ResultsTable(session, results: [result("b0", 0, 0.5, [0.5]), losing])
    #expect(table.rows.map(\.lostClips) == [0, 3])
    #expect(table.markdown().contains("* Runs that are without clips (at most 3)"))
    #expect(table.markdown().contains("| 1* |"))
    #expect(try !self.table().markdown().contains("*"))
    #expect(String(decoding: try table.json(), as: UTF8.self).contains("\"lostClips\":3"))
  }

  @Test func readsFinishedRunsOnly() throws {
    try Samples.withFolder { folder in
      let yaml = "methods: [b0]\nseeds: [0, 1]\n"
      let session = try Session(yaml: yaml, file: "s", folder: folder)
      let run = session.runFolder(session.runs[0])
      try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
      let writer = try EventLogWriter(run.events) { Issue.record("\($0)") }
      for (index, body) in Samples.bodies.enumerated() {
        writer.append(Samples.event(body, seq: UInt64(index + 1)))
      }
      writer.flush()
      let table = try ResultsTable(session)
      #expect(table.missing == ["b0-s1"])
      #expect(table.rows.first?.teacher["ap-macro"]?.values == [0.75])
      #expect(table.rows.first?.trainableParameters == 18)
      #expect(session.summaries().map(\.state) == ["done", "absent"])
      #expect(session.summaries().first?.scores == ["ap-macro": 0.5])
    }
  }
}
