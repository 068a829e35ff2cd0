// A finished run that is held: what its checkpoint says of clips, of missing labels and of other
// sound files is what the commands say.
import Acoustics
import Formats
import Foundation
import Lab
import Testing

@Suite(.serialized) struct HeldRunTests {
  /// Twelve training clips of which four lack both labels, four for validation, four to test on.
  private func makeSounds(_ folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var rows = ["filename,split,low,high"]
    for index in 0..<20 {
      let split = index < 12 ? "train" : index < 16 ? "validation" : "test"
      let isHigh = index % 2 == 1
      try AudioFile.write(
        tone(isHigh ? 2000 + 10 * index : 200 + 10 * index, seconds: 0.5),
        to: folder.appendingPathComponent("\(index).wav"))
      let labels = index % 3 == 0 && index < 12 ? "," : isHigh ? "0,1" : "1,0"
      rows.append("\(index).wav,\(split),\(labels)")
    }
    try Data((rows.joined(separator: "\n") + "\n").utf8).write(
      to: folder.appendingPathComponent("labels.csv"))
  }

  private func tone(_ frequency: Int, seconds: Double) -> Waveform {
    let samples = (0..<Int(16_000 * seconds)).map {
      Float(0.5 * sin(2 * .pi * Double(frequency * $0) / 16_000))
    }
    return Waveform(samples: samples, sampleRate: 16_000)
  }

  /// A trained run, and an engine that knows nothing of it yet.
  private struct Study {
    let folder: URL
    let run: RunFolder
    let engine: LabEngine
    let executor: RunExecutor

    /// Messages until `isEnough`.
    func collect(until isEnough: ([Message]) -> Bool) -> [Message] {
      var messages: [Message] = []
      let deadline = Date(timeIntervalSinceNow: 180)
      while !isEnough(messages), Date() < deadline {
        messages += engine.mailbox.drain()
        Thread.sleep(forTimeInterval: 0.005)
      }
      return messages
    }

    /// The answers to a request, up to the one that is wanted.
    func ask(_ request: HeldRequest, until isLast: (HeldMessage) -> Bool) -> [HeldMessage] {
      engine.send(.held(request))
      return collect { $0.held.contains(where: isLast) || !$0.problems.isEmpty }.held
    }
  }

  private func withStudy(method: String = "mean-teacher", _ body: (Study) throws -> Void) throws {
    try Samples.withFolder { folder in
      let sounds = folder.appendingPathComponent("sounds")
      try makeSounds(sounds)
      var recipe = try Recipe().choosing(dataset: sounds.path)
      for (key, value) in [
        ("method.id", method), ("training.epochs", "2"), ("training.batch", "4"),
        ("model.width", "2"),
      ] { recipe = try recipe.setting(key, to: value) }
      let cache = folder.appendingPathComponent("cache")
      let executor = RunExecutor(cache: cache)
      let run = RunFolder(folder.appendingPathComponent("session/runs/a"))
      let trainer = try executor.trainer(for: recipe, in: run) { _ in }
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let engine = LabEngine(
        runs: folder.appendingPathComponent("session/runs"), cache: cache)
      try body(Study(folder: folder, run: run, engine: engine, executor: executor))
    }
  }

  @Test func everyClipIsPredictedAsByTheCommand() throws {
    try withStudy { study in
      let loaded = study.ask(.take(study.run.url)) { if case .loaded = $0 { true } else { false } }
      guard case .loaded(let held)? = loaded.first else {
        Issue.record("not loaded")
        return
      }
      #expect(held.run == "a" && held.checkpoint == "best" && held.network == "teacher")
      #expect(held.hasTeacher && held.seconds == 0.5)
      let best = try bestStep(study.run)
      #expect(held.step == best && best != nil)
      let answers = study.ask(.predictAll) {
        if case .predictions(_, _, let isLast) = $0 { isLast } else { false }
      }
      let found = answers.predictions
      #expect(found.count == 40 && Set(found.map(\.clip)).count == 20)
      let predictor = try Predictor(study.run)
      for clip in ["0.wav", "1.wav", "13.wav", "19.wav"] {
        let sound = study.folder.appendingPathComponent("sounds/\(clip)")
        let expected = try predictor.predict(sound).pooled(.max)
        expectClose(found.probabilities("student", clip), expected.student)
        expectClose(found.probabilities("teacher", clip), expected.teacher ?? [])
      }
      // Written at the end of the training: the method's result on the test clips.
      let stored = try NPY.read(study.run.predictions).values
      let own = (16..<20).flatMap { found.probabilities("teacher", "\($0).wav") }
      expectClose(own, stored)
    }
  }

  private func expectClose(_ found: [Float], _ expected: [Float]) {
    #expect(found.count == expected.count && !found.isEmpty)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-5, "\(a) \(b)") }
  }

  private func bestStep(_ run: RunFolder) throws -> Int? {
    try EventLog.read(run.events).events.last {
      ($0.body as? CheckpointSaved)?.file == "best"
    }?.step
  }

  @Test(arguments: [SuggestionRule.gain, .uncertainty, .diversity])
  func missingLabelsAreRankedAsByTheCommand(rule: SuggestionRule) throws {
    try withStudy { study in
      study.engine.send(.held(.take(study.run.url)))
      let before = try suggestions(study, rule)
      #expect(before.count == 8)
      let listed = try study.executor.suggestions(study.run, patch: nil, count: 99, by: rule)
      #expect(before == listed)
      let first = try #require(before.first)
      study.engine.send(
        .labels(
          .answer(LabelAnswer(clip: first.clip, className: first.className, value: .yes))))
      _ = study.collect { $0.contains { if case .patch = $0 { true } else { false } } }
      let file = study.folder.appendingPathComponent("session/patch.csv")
      let patch = try LabelPatch(reading: file)
      let after = try suggestions(study, rule)
      #expect(after.count == 7)
      let rest = try study.executor.suggestions(study.run, patch: patch, count: 99, by: rule)
      #expect(after == rest)
    }
  }

  private func suggestions(_ study: Study, _ rule: SuggestionRule) throws -> [LabelSuggestion] {
    let answers = study.ask(.suggest(rule, count: 99)) {
      if case .suggestions = $0 { true } else { false }
    }
    guard case .suggestions(let found, let used)? = answers.last, used == rule else {
      throw LabError("no ranking")
    }
    return found
  }

  @Test func longRecordingsAreScoredAndWritten() throws {
    try withStudy(method: "b1") { study in
      let long = study.folder.appendingPathComponent("long.wav")
      let (low, high) = (tone(200, seconds: 1).samples, tone(2000, seconds: 1.25).samples)
      try AudioFile.write(Waveform(samples: low + high, sampleRate: 16_000), to: long)
      study.engine.send(.held(.take(study.run.url)))
      let answers = study.ask(.sounds(long.path)) {
        if case .soundsEnded = $0 { true } else { false }
      }
      let expected = try Predictor(study.run).predict(long)
      #expect(answers.sounds == [expected] && expected.windows.count == 5)
      let csv = study.folder.appendingPathComponent("out.csv")
      #expect(
        notice(study, .export(.csv, to: csv.path, replacing: false))?.contains("out.csv") == true)
      let rows = try String(contentsOf: csv, encoding: .utf8).split(separator: "\n")
      #expect(rows.count == 6 && rows[0] == "file,start,end,low,high")
      // Another word is needed to replace it.
      try Data("mine".utf8).write(to: csv)
      let refused = study.ask(.export(.csv, to: csv.path, replacing: false)) {
        if case .exists = $0 { true } else { false }
      }
      #expect(refused.last == .exists(.csv, csv.path))
      #expect(try Data(contentsOf: csv) == Data("mine".utf8))
      _ = notice(study, .export(.csv, to: csv.path, replacing: true))
      #expect(try Data(contentsOf: csv) != Data("mine".utf8))
    }
  }

  private func notice(_ study: Study, _ request: HeldRequest) -> String? {
    study.engine.send(.held(request))
    let messages = study.collect { !$0.notices.isEmpty || !$0.problems.isEmpty }
    return messages.notices.first
  }

  @Test func foldersAreScoredAndTracksGetAFolder() throws {
    try withStudy(method: "b1") { study in
      study.engine.send(.held(.takeLast))
      study.engine.send(.held(.take(study.run.url)))
      _ = study.collect { $0.held.contains { if case .loaded = $0 { true } else { false } } }
      let sounds = study.folder.appendingPathComponent("sounds")
      let answers = study.ask(.sounds(sounds.path)) {
        if case .soundsEnded = $0 { true } else { false }
      }
      #expect(answers.sounds.count == 20)
      #expect(answers.endings.count == 1)
      #expect(answers.endings.first?.first?.contains("other files are not scored (1)") == true)
      let tracks = study.folder.appendingPathComponent("tracks")
      #expect(
        notice(study, .export(.audacity, to: tracks.path, replacing: false))?
          .hasPrefix("20 tracks written") == true)
      #expect(FileManager.default.fileExists(atPath: tracks.appendingPathComponent("7.txt").path))
    }
  }

  @Test func wrongPathsAndRunsAreOneLine() throws {
    try withStudy(method: "b1") { study in
      study.engine.send(.held(.take(study.run.url)))
      study.engine.send(.held(.sounds("/nowhere/a.wav")))
      let messages = study.collect {
        $0.held.contains { if case .soundsEnded = $0 { true } else { false } }
          || !$0.problems.isEmpty
      }
      let ended = messages.held.endings.first
      #expect(ended?.count == 1 && ended?.first?.contains("/nowhere/a.wav") == true)
      study.engine.send(.held(.export(.json, to: "x.json", replacing: false)))
      study.engine.send(.held(.take(study.folder.appendingPathComponent("nothing"))))
      let problems = study.collect { $0.problems.count == 2 }.problems
      #expect(problems.count == 2 && problems[0].hasPrefix("no predictions to write"))
      #expect(problems.last?.contains("no best.safetensors; expected") == true)
    }
  }
}

extension [Message] {
  fileprivate var held: [HeldMessage] {
    compactMap { if case .held(let message) = $0 { message } else { nil } }
  }
  fileprivate var problems: [String] {
    compactMap { if case .problem(let problem) = $0 { problem.text } else { nil } }
  }
  fileprivate var notices: [String] {
    compactMap { if case .notice(let text) = $0 { text } else { nil } }
  }
}

extension [HeldMessage] {
  fileprivate var predictions: [ClipPrediction] {
    flatMap { if case .predictions(let found, _, _) = $0 { found } else { [ClipPrediction]() } }
  }
}

extension [HeldMessage] {
  fileprivate var sounds: [SoundPrediction] {
    compactMap { if case .sound(let found) = $0 { found } else { nil } }
  }
  fileprivate var endings: [[String]] {
    compactMap { if case .soundsEnded(let problems) = $0 { problems } else { nil } }
  }
}

extension [ClipPrediction] {
  fileprivate func probabilities(_ model: String, _ clip: String) -> [Float] {
    first { $0.model == model && $0.clip == clip }?.probs ?? []
  }
}
