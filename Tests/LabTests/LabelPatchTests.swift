// Answers to missing labels: into a file, out of it with line numbers, and into the next run.
import Acoustics
import Datasets
import Foundation
import Lab
import Testing

@Suite struct LabelPatchTests {
  private func patch(_ text: String) throws -> LabelPatch {
    try Samples.withFolder { folder in
      let file = folder.appendingPathComponent("patch.csv")
      try Data(text.utf8).write(to: file)
      return try LabelPatch(reading: file)
    }
  }

  private let header = "clip,class,answer,when,run\n"

  @Test func patchRoundTrips() throws {
    let answers = [
      LabelAnswer(clip: "a, b.wav", className: "\"low\"", value: .yes, when: "", run: "b1-s0"),
      LabelAnswer(
        clip: "c.wav", className: "high", value: .no, when: "2026-03-01T17:05:09Z", run: ""),
      LabelAnswer(clip: "c.wav", className: "low", value: .open),
    ]
    try Samples.withFolder { folder in
      let file = folder.appendingPathComponent("patch.csv")
      try LabelPatch(answers).write(to: file)
      let back = try LabelPatch(reading: file)
      #expect(back.answers == answers && back.count == 2)
      #expect(back.digest == LabelPatch(answers).digest)
    }
  }

  @Test func entriesHaveOneAnswerAndTheDigestIgnoresTheirOrder() {
    let yes = LabelAnswer(clip: "a", className: "low", value: .yes, when: "2026-03-01T17:05:09Z")
    let no = LabelAnswer(clip: "b", className: "low", value: .no)
    var patch = LabelPatch([yes, no])
    #expect(patch.digest == LabelPatch([no, yes]).digest)
    let before = patch.digest
    patch.record(LabelAnswer(clip: "c", className: "low", value: .open))
    #expect(patch.digest == before, "what is left open teaches nothing")
    patch.record(LabelAnswer(clip: "a", className: "low", value: .no))
    #expect(patch.answers.count == 3 && patch.digest != before)
    #expect(patch.answers.last?.value == .no)
    patch.takeBack(clip: "a", className: "low")
    #expect(patch.answers.map(\.clip) == ["b", "c"])
  }

  @Test(arguments: [
    ("clip,class,answer\n", "patch.csv:1: header clip,class,answer; expected clip,class,answer,"),
    ("clip,class,answer,when,run\na,low,1,,\na,low,yes,,\n", "patch.csv:3: answer 'yes'; expected"),
    ("clip,class,answer,when,run\na,low,1,,\n\nb,low,0\n", "patch.csv:4: 3 fields; expected 5"),
    ("clip,class,answer,when,run\n,low,1,,\n", "patch.csv:2: no clip or no class; expected both"),
    ("clip,class,answer,when,run\na,low,1,today,\n", "patch.csv:2: when 'today'; expected a time"),
    (
      "clip,class,answer,when,run\na,low,1,,\nb,low,1,,\na,low,0,,\n",
      "patch.csv:4: low in a again, first on line 2; expected one row a cell"
    ), ("clip,class,answer,when,run\n\"a,low,1,,\n", "patch.csv:2: "), ("", "patch.csv:1: "),
  ])
  func invalidLinesAreReported(_ text: String, _ expected: String) {
    let error = #expect(throws: (any Error).self) { try patch(text) }
    #expect(error.map { "\($0)".contains(expected) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func sessionPatchIsInTheSessionFolder() throws {
    let folder = URL(fileURLWithPath: "/s/mine")
    let text = "dataset: { id: band, patch: patch.csv }\nmethods: [b1]\n"
    let session = try Session(yaml: text, file: "session.yaml", folder: folder)
    #expect(session.runs[0].recipe["dataset.patch"] == "/s/mine/patch.csv")
    let swept = "methods: [b1]\nsweep: { dataset.patch: [\"\", patch.csv] }\n"
    let both = try Session(yaml: swept, file: "session.yaml", folder: folder)
    #expect(both.runs.map { $0.recipe["dataset.patch"] } == ["", "/s/mine/patch.csv"])
    #expect(Set(both.runs.map(\.name)).count == 2)
  }
}

/// From an answer at the screen to the masks of the next run.
@Suite(.serialized) struct PatchedRunTests {
  private func makeSounds(_ folder: URL) throws {
    var rows = ["filename,split,low,high"]
    for index in 0..<24 {
      let split = index < 12 ? "train" : index < 16 ? "validation" : "test"
      let isHigh = index % 2 == 1
      let frequency = (isHigh ? 2000.0 : 200.0) + 10 * Double(index)
      let samples = (0..<8000).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / 16000)) }
      try AudioFile.write(
        Waveform(samples: samples, sampleRate: 16000),
        to: folder.appendingPathComponent("\(index).wav"))
      // One in three labels of the first class is missing, and of two test clips.
      let isMissing = index % 3 == 0 && index < 12 || index > 21
      rows.append("\(index).wav,\(split),\(isMissing ? "" : isHigh ? "0" : "1"),\(isHigh ? 1 : 0)")
    }
    try Data((rows.joined(separator: "\n") + "\n").utf8).write(
      to: folder.appendingPathComponent("labels.csv"))
  }

  private func recipe(_ folder: URL, method: String = "b1") throws -> Recipe {
    var recipe = try Recipe().choosing(dataset: folder.path)
    for (key, value) in [
      ("method.id", method), ("training.epochs", "1"), ("training.batch", "4"),
      ("model.width", "2"),
    ] { recipe = try recipe.setting(key, to: value) }
    return recipe
  }

  private func collect(
    _ engine: LabEngine, until isEnough: ([Message]) -> Bool
  ) -> [Message] {
    var messages: [Message] = []
    let deadline = Date(timeIntervalSinceNow: 180)
    while !isEnough(messages), Date() < deadline {
      messages += engine.mailbox.drain()
      Thread.sleep(forTimeInterval: 0.005)
    }
    return messages
  }

  private func events(_ messages: [Message]) -> [Event] {
    messages.flatMap { if case .events(let events) = $0 { events } else { [Event]() } }
  }

  /// Trains the recipe's run; its events.
  private func train(_ recipe: Recipe, in folder: RunFolder, cache: URL) throws -> [Event] {
    let executor = RunExecutor(cache: cache)
    let told = Recorder()
    let trainer = try executor.trainer(for: recipe, in: folder) { told.add($0) }
    trainer.start()
    #expect(trainer.wait().reason == .done)
    return told.events
  }

  private func started(_ events: [Event]) -> RunStarted? {
    events.lazy.compactMap { if let started = $0.body as? RunStarted { started } else { nil } }
      .first
  }

  @Test func answersAreUsedByTheNextRun() throws {
    try Samples.withFolder { folder in
      let sounds = folder.appendingPathComponent("sounds")
      let session = folder.appendingPathComponent("session")
      try FileManager.default.createDirectory(at: sounds, withIntermediateDirectories: true)
      try makeSounds(sounds)
      let cache = folder.appendingPathComponent("cache")
      let engine = LabEngine(runs: session.appendingPathComponent("runs"), cache: cache)
      engine.send(.openDataset(try recipe(sounds)))
      for (clip, value) in [("0.wav", LabelAnswer.Value.yes), ("3.wav", .no), ("6.wav", .open)] {
        engine.send(
          .labels(.answer(LabelAnswer(clip: clip, className: "low", value: value, run: "b1-s0"))))
      }
      engine.send(.labels(.answer(LabelAnswer(clip: "9.wav", className: "low", value: .yes))))
      engine.send(.labels(.takeBack(clip: "9.wav", className: "low")))
      let messages = collect(engine) { messages in
        messages.count { if case .patch = $0 { true } else { false } } >= 6
      }
      guard case .patch(let answers, let file)? = messages.last else {
        Issue.record("no patch")
        return
      }
      #expect(file == session.appendingPathComponent("patch.csv").path)
      #expect(answers.map(\.clip) == ["0.wav", "3.wav", "6.wav"])
      #expect(answers.allSatisfy { !$0.when.isEmpty } && answers[0].run == "b1-s0")
      let before = try train(
        recipe(sounds), in: RunFolder(folder.appendingPathComponent("r0")), cache: cache)
      let patched = try recipe(sounds).setting("dataset.patch", to: file)
      let run = RunFolder(folder.appendingPathComponent("r1"))
      let after = try train(patched, in: run, cache: cache)
      #expect(started(before)?.observed == 20 && started(after)?.observed == 22)
      try checkCopy(run, patched, file, cache)
    }
  }

  /// A run keeps its answers: they are named in its recipe, and later ones do not change it.
  private func checkCopy(_ run: RunFolder, _ recipe: Recipe, _ file: String, _ cache: URL) throws {
    let text = try String(contentsOf: run.recipe, encoding: .utf8)
    let patch = try LabelPatch(reading: run.patch)
    #expect(patch.count == 2)
    #expect(text.contains("+\(patch.digest)") && text.contains("patch: "))
    var more = try LabelPatch(reading: URL(fileURLWithPath: file))
    more.record(LabelAnswer(clip: "9.wav", className: "low", value: .yes))
    try more.write(to: URL(fileURLWithPath: file))
    let executor = RunExecutor(cache: cache)
    // The finished run's checkpoint still fits: its own copy counts.
    _ = try executor.trainer(for: recipe, in: run) { _ in }
    #expect(try LabelPatch(reading: run.patch).count == 2)
    let scores = try executor.evaluate(run, split: "test")
    #expect(scores["student"]?.scored == 14 && scores["student"]?.entries == 16)
    let bounds = try #require(scores["student"]?.bounds?["f1-macro"])
    #expect(bounds.count == 2 && bounds[0] <= bounds[1])
  }

  @Test func masksSkipAnsweredEntries() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let file = folder.appendingPathComponent("patch.csv")
      try LabelPatch([LabelAnswer(clip: "0.wav", className: "low", value: .no)]).write(to: file)
      let recipe = try recipe(folder, method: "label-enhancing")
        .setting("method.maskedShare", to: "1").setting("dataset.patch", to: file.path)
      let run = RunFolder(folder.appendingPathComponent("r"))
      let told = try train(recipe, in: run, cache: folder.appendingPathComponent("cache"))
      let mask = told.lazy.compactMap { event -> MaskDelta? in
        if let mask = event.body as? MaskDelta { mask } else { nil }
      }.first
      // Missing are clips 0, 3, 6 and 9 of class 0; the first of them is answered.
      #expect(mask?.masked.map(\.cell) == [6, 12, 18])
      let remark = told.compactMap { event -> String? in
        if let line = event.body as? LogLine, line.code == "patch" { line.text } else { nil }
      }
      #expect(remark == ["1 missing training labels are answered by the patch"])
    }
  }

  @Test(arguments: [
    ("0.wav,lo,1,,", ":2: 'lo': unknown class; did you mean 'low'?"),
    ("0.wav,low,1,,\n99.wav,low,1,,", ":3: no clip '99.wav'; expected one of the data set's"),
  ])
  func patchOfAnotherDataSetIsReported(_ rows: String, _ expected: String) throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let file = folder.appendingPathComponent("patch.csv")
      try Data("clip,class,answer,when,run\n\(rows)\n".utf8).write(to: file)
      let recipe = try recipe(folder).setting("dataset.patch", to: file.path)
      let error = #expect(throws: (any Error).self) {
        let run = RunFolder(folder.appendingPathComponent("r"))
        _ = try RunExecutor(cache: folder).trainer(for: recipe, in: run) { _ in }
      }
      #expect(error.map { "\($0)".contains(expected) } == true, "\(error.map { "\($0)" } ?? "")")
    }
  }

  @Test func validationAndTestAreNeverPatched() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let file = folder.appendingPathComponent("patch.csv")
      try LabelPatch([
        LabelAnswer(clip: "22.wav", className: "low", value: .yes),
        LabelAnswer(clip: "1.wav", className: "low", value: .yes),
        LabelAnswer(clip: "3.wav", className: "low", value: .yes),
      ]).write(to: file)
      let recipe = try recipe(folder).setting("dataset.patch", to: file.path)
      let run = RunFolder(folder.appendingPathComponent("r"))
      let told = try train(recipe, in: run, cache: folder.appendingPathComponent("cache"))
      #expect(started(told)?.observed == 21)
      let test = told.compactMap { event -> EvalEnd? in
        if let end = event.body as? EvalEnd, end.split == "test" { end } else { nil }
      }
      #expect(test.first?.scored == 14)
      let remark = told.compactMap { event -> String? in
        if let line = event.body as? LogLine, line.code == "patch" { line.text } else { nil }
      }
      #expect(remark.first?.contains("1 had labels already, 1 are about clips not") == true)
    }
  }

  @Test func queuedRunStartsAfterTheCurrentOne() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let runs = folder.appendingPathComponent("x/runs")
      let engine = LabEngine(runs: runs, cache: folder.appendingPathComponent("cache"))
      let recipe = try recipe(folder)
      engine.send(.start(recipe))
      engine.send(.queue(try recipe.setting("dataset.observed", to: "0.5"), name: "b1-half"))
      let messages = collect(engine) { messages in
        events(messages).count { $0.body is RunEnded } >= 2
      }
      #expect(engine.waitUntilIdle(seconds: 20))
      let begun = messages.compactMap { if case .run(let name) = $0 { name } else { nil } }
      #expect(begun == ["b1-s0", "b1-half"])
      #expect(RunFolder(runs.appendingPathComponent("b1-half")).state == .done)
      engine.send(.queue(recipe, name: "again"))
      _ = collect(engine) { events($0).contains { $0.body is RunEnded } }
      #expect(RunFolder(runs.appendingPathComponent("again")).state == .done)
    }
  }

  @Test func contributionsOfAClipAddUpToItsPrediction() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let engine = LabEngine(
        runs: folder.appendingPathComponent("x/runs"), cache: folder.appendingPathComponent("c"))
      let recipe = try Recipe().choosing(dataset: folder.path).setting("model.id", to: "attention")
        .setting("training.epochs", to: "1")
      engine.send(.start(recipe))
      _ = collect(engine) { events($0).contains { $0.body is RunEnded } }
      engine.send(.run(.predict(clips: ["20.wav"])))
      engine.send(.activations(clip: "20.wav"))
      // The two answers may come in any order.
      func activations(_ messages: [Message]) -> ClipActivations? {
        messages.compactMap { if case .activations(let found) = $0 { found } else { nil } }.last
      }
      func prediction(_ messages: [Message]) -> ClipPrediction? {
        events(messages).compactMap {
          if let found = $0.body as? ClipPrediction { found } else { nil }
        }.last
      }
      let messages = collect(engine) { activations($0) != nil && prediction($0) != nil }
      let found = try #require(activations(messages))
      let prediction = try #require(prediction(messages))
      #expect(found.clip == "20.wav" && found.kind == .contributions && found.frames > 1)
      for c in 0..<2 {
        let sum = found.values[c * found.frames..<(c + 1) * found.frames].reduce(0, +)
        #expect(abs(sum - prediction.probs[c]) < 1e-4)
      }
    }
  }

  @Test func listsAndSoundsAreWrittenIntoTheSession() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let session = folder.appendingPathComponent("x")
      let engine = LabEngine(
        runs: session.appendingPathComponent("runs"), cache: folder.appendingPathComponent("c"))
      try FileManager.default.createDirectory(at: session, withIntermediateDirectories: true)
      engine.send(.openDataset(try recipe(folder)))
      engine.send(
        .labels(
          .export([
            LabelQuestion(
              clip: "0.wav", className: "low", gain: 0.25, teacher: 0.5, student: nil)
          ])))
      engine.send(.exportSound(clip: "0.wav"))
      engine.send(.exportSound(clip: "nothing"))
      let messages = collect(engine) { messages in
        messages.contains { if case .problem = $0 { true } else { false } }
      }
      #expect(messages.count { if case .notice = $0 { true } else { false } } == 2)
      let list = try String(
        contentsOf: session.appendingPathComponent("to-label.csv"), encoding: .utf8)
      #expect(list == "clip,class,gain,teacher,student\n0.wav,low,0.250,0.500,\n")
      let sound = try AudioFile.read(session.appendingPathComponent("sounds/0.wav"))
      #expect(sound.samples.count == 8000 && sound.sampleRate == 16000)
    }
  }
}
