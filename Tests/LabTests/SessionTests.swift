// Sessions: multiplied out into runs with stable names, found by name, wrong with a line.
import Foundation
import Lab
import Testing

@Suite struct SessionTests {
  private func session(_ yaml: String) throws -> Session {
    try Session(yaml: yaml, file: "session.yaml", folder: URL(fileURLWithPath: "/s/mine"))
  }

  private let full = """
    title: Missing labels
    dataset: { id: band, clips: 300, seconds: 3, observed: 0.1 }
    model: { id: cnn }
    methods: [b0, b1]
    seeds: [0, 7]
    sweep: { dataset.observed: [0.05, 1.0] }
    training: { learningRate: 1.0e-3, batch: 16, epochs: 2, select: ap-macro }
    overrides: { b1: { training.epochs: 4 } }
    table: { rows: method, columns: [ap-macro], caption: "A: b" }
    """

  @Test func sweepIsExpandedSeedBySeed() throws {
    let session = try session(full)
    #expect(
      session.runs.map(\.name) == [
        "b0-observed0.05-s0", "b1-observed0.05-s0", "b0-observed1.0-s0", "b1-observed1.0-s0",
        "b0-observed0.05-s7", "b1-observed0.05-s7", "b0-observed1.0-s7", "b1-observed1.0-s7",
      ])
    #expect(session.name == "mine")
    #expect(session.caption == "A: b")
    #expect(session.columns == ["ap-macro"])
    #expect(session.runs[0].recipe["dataset.observed"] == "0.05")
    #expect(session.runs[0].sweep == ["dataset.observed": "0.05"])
    #expect(session.runs[0].recipe["training.epochs"] == "2")
    #expect(session.runs[1].recipe["training.epochs"] == "4")
    #expect(session.runs[4].recipe.seed == 7)
    #expect(session.runFolder(session.runs[0]).url.path == "/s/mine/runs/b0-observed0.05-s0")
  }

  @Test func minimalSessionIsValid() throws {
    let session = try session("methods: [b0, b1]")
    #expect(session.runs.map(\.name) == ["b0-s0", "b1-s0"])
    #expect(session.runs[0].recipe == Recipe(method: "b0"))
    #expect(session.title == "mine")
    #expect(session.columns.isEmpty)
    #expect(Session.columns([], among: ["ap-macro"]) == ["f1-macro-both", "ap-macro"])
    #expect(Session.columns([], among: ["accuracy"]) == ["accuracy", "f1-macro"])
    #expect(Session.columns(["dcase-f1"], among: ["accuracy"]) == ["dcase-f1"])
  }

  /// A relative folder counts from the session's; it is no other data set's, and told with its
  /// line where it is not there.
  @Test func dataFolderOfTheFileIsUsed() throws {
    func root(_ dataset: String) throws -> String? {
      try session("dataset: { id: folder, root: \(dataset) }").runs[0].recipe["dataset.root"]
    }
    #expect(try root("../sounds") == "/s/sounds")
    #expect(try root("sounds/./mine") == "/s/mine/sounds/mine")
    #expect(try root("/data/mine") == "/data/mine")
    #expect(try root("~/mine")?.hasPrefix("/") == true)
    let sessions = try session(
      """
      title: A
      dataset:
        id: folder
        root: ../sounds
      variants:
        - { name: own, method: b1 }
        - { name: other, method: b1, dataset.id: esc50 }
      """)
    #expect(sessions.runs.map { $0.recipe["dataset.root"] ?? "" } == ["/s/sounds", ""])
    _ = try Samples.withFolder { folder in
      #expect {
        _ = try RunExecutor().trainer(
          for: sessions.runs[0].recipe, in: RunFolder(folder), sink: { _ in })
      } throws: { error in
        "\(error)".hasPrefix("session.yaml:4: dataset.root: no folder /s/sounds; expected")
      }
    }
  }

  @Test func settingsApplyToEveryRun() throws {
    let session = try session(full).setting("training.epochs", to: "9")
    #expect(session.runs.allSatisfy { $0.recipe["training.epochs"] == "9" })
    #expect(throws: RecipeError.self) { try session.setting("training.epoch", to: "9") }
    #expect(throws: RecipeError.self) { try session.setting("training.epochs", to: "x") }
  }

  @Test(arguments: [
    ("method: [b0]\n", "session.yaml:1: method: unknown key; did you mean 'methods'?"),
    ("title: x\nmethods: [b0, bb]\n", "session.yaml:2: method.id: 'bb': unknown method"),
    ("methods: [b0]\nseeds: [zero]\n", "session.yaml:2: seed: 'zero' is not a whole number"),
    ("methods: [b0]\nseeds: []\n", "session.yaml:2: seeds: is empty"),
    ("methods: [b0, b0]\n", "two runs are called b0-s0"),
    ("sweep: { dataset.observd: [1] }\n", "dataset.observd: unknown key; did you mean"),
    ("overrides: { b9: {} }\n", "overrides.b9: unknown method"),
    ("methods: [b0]\noverrides:\n  b0:\n    foo: 1\n", "session.yaml:4: method.foo: unknown key"),
    ("table: { columns: [f2] }\n", "table.columns: 'f2': unknown metric"),
    ("dataset: band\ntraining: { epochs: -1 }\n", "session.yaml:2: training.epochs: -1 is out"),
  ])
  func errorsNameTheirLine(_ yaml: String, _ expected: String) {
    let error = #expect(throws: RecipeError.self) { try session(yaml) }
    #expect(error.map { "\($0)".contains(expected) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func sessionIsFoundByNameAndPath() throws {
    try Samples.withFolder { folder in
      let home = folder.appendingPathComponent("first")
      try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
      try Data("methods: [b0]\n".utf8).write(to: home.appendingPathComponent("session.yaml"))
      #expect(try Session.find("first", in: [folder]).name == "first")
      #expect(try Session.find(home.path, in: []).name == "first")
      #expect(try Session.all(in: [folder, folder]).count == 1)
      let error = #expect(throws: RecipeError.self) { try Session.find("frist", in: [folder]) }
      #expect(error.map { "\($0)" } == "frist: unknown session; did you mean 'first'?")
      #expect(throws: RecipeError.self) { try Session.find("x", in: []) }
    }
  }

  @Test func runStatesAreReadFromTheLog() throws {
    try Samples.withFolder { folder in
      let run = RunFolder(folder)
      #expect(run.state == .absent)
      for (reason, expected) in [
        (RunEnded.Reason.done, RunFolder.State.done), (.failed, .failed), (.stopped, .interrupted),
        (.interrupted, .interrupted),
      ] {
        try Samples.event(RunEnded(json: ["reason": reason, "scores": [String: Int](), "wall": 1]))
          .line().write(
            to: run.events)
        #expect(run.state == expected)
      }
      try Samples.event(EvalStart(json: ["split": "test", "model": "student"])).line().write(
        to: run.events)
      #expect(run.state == .interrupted)
      let lock = try RunLock(run)
      #expect(throws: LabError.self) { try RunLock(run) }
      withExtendedLifetime(lock) {}
      try run.clear()
      #expect(run.state == .absent)
    }
  }
}
