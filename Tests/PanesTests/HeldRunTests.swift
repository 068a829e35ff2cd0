// A finished run on the screen: 7 Sessions loads it, 4 Clips asks its checkpoint.
import Canvas
import Foundation
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

private func check(_ bench: Workbench, _ name: String) -> [String] {
  [(80, 24), (120, 40)].flatMap { width, height in
    var bench = bench
    bench.resize(width: width, height: height)
    return [("unicode", GlyphSet.unicode), ("ascii", .ascii)].compactMap { tier, glyphs in
      let grid = bench.draw(width: width, height: height, glyphs: glyphs)
      return TestSupport.Screen.mismatch(grid, golden: "Panes/\(name)-\(width)x\(height)-\(tier)")
    }
  }
}

enum Held {
  static let folder = Fixture.folder("band-missing-labels", "b0-cnn-s0")
  static let run = HeldRun(json: [
    "run": "b0-cnn-s0", "folder": folder, "model": "cnn", "checkpoint": "best", "step": 440,
    "hasTeacher": false, "network": "student", "seconds": 2,
  ])

  /// Made by hand: a different class of each clip stands out.
  static let predictions: [ClipPrediction] = Fixture.dataset.clips.enumerated().map { i, clip in
    let values = Fixture.classes.indices.map { c in
      c == i % 12 ? 0.9 : Double((i * 5 + c * 7) % 13) / 20
    }
    return ClipPrediction(json: [
      "clip": clip.id, "model": "student", "probs": values, "labels": "",
    ])
  }

  /// After enter on a finished run and on 4 Clips.
  static func bench() -> Workbench {
    var bench = Scene.idle.bench(.sessions)
    bench.apply(.recording(Fixture.recording()))
    bench.apply(.held(.loaded(run)))
    _ = bench.perform(.showClips)
    bench.apply(.held(.predictions(predictions, of: folder, isLast: true)))
    bench.tick(300)
    return bench
  }

  static let suggestions: [LabelSuggestion] = [0, 1, 2, 3].compactMap { i in
    let clip = Fixture.dataset.clips[i * 6]
    guard let c = clip.labels.firstIndex(of: .missing) else { return nil }
    return LabelSuggestion(
      clip: clip.id, className: Fixture.classes[c], score: 0.9 - Float(i) / 10,
      student: 0.4 + Float(i) / 50, teacher: nil,
      reason: "probability 0.4\(i), \(i) observed positives")
  }

  static let sounds: [SoundPrediction] = [("day/long.wav", 4), ("day/short.wav", 1)].map {
    name, n in
    SoundPrediction(
      file: name, seconds: Double(n) * 2,
      windows: (0..<n).map { w in
        let values = Fixture.classes.indices.map { c in
          c == w / 2 * 3 ? Float(0.8) : Float((w * 5 + c * 7) % 9) / 20
        }
        return SoundPrediction.Window(
          start: Double(w) * 2, end: Double(w + 1) * 2, student: values, teacher: nil)
      })
  }

  static let decision = Decision(
    classes: Fixture.classes, network: "student", calibration: nil, isSingleLabel: false)

  static func scored() -> Workbench {
    var bench = bench()
    bench.apply(.held(.soundsBegan(decision)))
    for sound in sounds { bench.apply(.held(.sound(sound))) }
    bench.apply(.held(.soundsEnded(problems: [])))
    return bench
  }
}

extension Workbench {
  fileprivate mutating func type(_ keys: String) -> [Effect] {
    keys.flatMap { handle(.character($0)) }
  }
}

@Test func heldRunsMatchGoldenFrames() {
  var bench = Held.bench()
  #expect(check(bench, "clips-held") == [])
  _ = bench.perform(.showSessions)
  _ = bench.type("j")
  #expect(check(bench, "sessions-held") == [])
  bench = Held.bench()
  _ = bench.type("sm")
  #expect(check(bench, "clips-mistakes") == [])
  bench = Held.bench()
  _ = bench.type("a")
  bench.apply(.held(.suggestions(Held.suggestions, by: .uncertainty)))
  #expect(check(bench, "clips-suggested") == [])
  bench = Held.scored()
  _ = bench.type("j")
  #expect(check(bench, "clips-sounds") == [])
  _ = bench.type("Ep")
  #expect(check(bench, "clips-write") == [])
}

@Test func enterOnAFinishedRunLoadsIt() {
  var bench = Scene.idle.bench(.sessions)
  _ = bench.type("7j")
  #expect(bench.handle(.enter) == [.engine(.sessions(.record(Held.folder)))])
  let effects = bench.apply(.recording(Fixture.recording()))
  #expect(effects == [.engine(.held(.take(Held.folder)))])
  #expect(bench.status == .replaying)
  bench.apply(.held(.loaded(Held.run)))
  #expect(bench.status == .finished && bench.subject == "b0-cnn-s0")
  #expect(text(bench, 120, 40).contains("b0-cnn-s0  cnn best @440  ■ FINISHED"))
  #expect(bench.toast?.text.contains("cnn, best checkpoint of step 440") == true)
  let asked = bench.type("4")
  #expect(asked.contains(.engine(.held(.predict(clips: ["band-0000"])))))
  #expect(asked.filter { $0 == .engine(.held(.predictAll)) }.count == 1)
  #expect(bench.type("j").contains(.engine(.held(.predict(clips: ["band-0001"])))))
  _ = bench.perform(.showSessions)
  #expect(bench.handle(.escape).contains(.engine(.held(.letGo))))
  // The answer to a request that was given up.
  bench.apply(.held(.loaded(Held.run)))
  #expect(bench.status == .idle)
}

@Test func runsThatGoOnAreNotHeld() {
  var bench = Scene.idle.bench(.sessions)
  var recording = Fixture.recording()
  recording.events.removeAll { $0.body is RunEnded }
  #expect(bench.apply(.recording(recording)) == [])
}

/// Before its end a replay shows what the log holds, at its end what the checkpoint says.
@Test func theEndOfAReplayAnswersFromTheCheckpoint() {
  var bench = Held.bench()
  #expect(text(bench).contains("predictions best @440") && text(bench).contains("0.90"))
  bench.seek(step: 190)
  #expect(bench.status == .replaying)
  #expect(text(bench).contains("predictions @180"))
  _ = bench.type("j")
  #expect(text(bench).contains("asked at the end of the log"))
  bench.seek(step: 480)
  #expect(bench.status == .finished && text(bench).contains("predictions best @440"))
}

@Test func mistakesComeFirst() {
  var bench = Held.bench()
  _ = bench.type("sm")
  // By hand: the largest distance of a probability from an observed label.
  func size(_ i: Int) -> Float {
    let labels = Fixture.dataset.clips[i].labels
    return zip(Held.predictions[i].probs, labels).map { p, label in
      label == .positive ? 1 - p : label == .negative ? p : 0
    }.max() ?? 0
  }
  let clips = Fixture.dataset.clips
  let first = clips.indices.max { (size($0), $1) < (size($1), $0) }
  let shown = text(bench)
  #expect(shown.contains("mistakes ▼"))
  let line = shown.split(separator: "\n")[2]
  #expect(first.map { line.contains(clips[$0].id) } == true, "\(line)")
  _ = bench.type("sc")
  #expect(!text(bench).contains("mistakes ▼"))
}

@Test func finishedRunsRankMissingLabels() {
  var bench = Held.bench()
  #expect(bench.type("a").first == .engine(.held(.suggest(.uncertainty, count: 200))))
  #expect(text(bench).contains("ranking missing labels"))
  bench.apply(.held(.progress(Preparation(what: "scoring", done: 4, total: 9, eta: nil))))
  #expect(text(bench).contains("scoring  4/9"))
  bench.apply(.held(.progress(nil)))
  bench.apply(.held(.suggestions(Held.suggestions, by: .uncertainty)))
  #expect(text(bench).contains("why: probability 0.40, 0 observed positives"))
  #expect(!text(bench).contains("tags say"))
  let guess: Float = 0.831
  let names = Fixture.classes
  bench.apply(.guesses(TagGuesses(["band-0000": names.map { _ in guess }], classes: names)))
  #expect(text(bench).contains("tags say .83  why: probability 0.40"))
  let effects = bench.type("y")
  guard case .engine(.labels(.answer(let answer)))? = effects.first else {
    Issue.record("no answer")
    return
  }
  #expect(answer.clip == "band-0000" && answer.run == "b0-cnn-s0" && answer.value == .yes)
  bench.apply(.patch([answer], file: "/s/patch.csv"))
  #expect(text(bench).contains("1 answer in the patch"))
  #expect(text(bench).contains("why: probability 0.41"))
  #expect(bench.type("sd").first == .engine(.held(.suggest(.diversity, count: 200))))
  // A ranking by another rule comes too late.
  bench.apply(.held(.suggestions(Held.suggestions, by: .uncertainty)))
  #expect(text(bench).contains("ranking missing labels"))
  bench.apply(.held(.suggestions([], by: .diversity)))
  #expect(bench.toast?.text == "every label of the training clips is answered")
}

/// Without a replay, the run that ended last is loaded for the question.
@Test func theRunThatEndedLastIsLoaded() {
  var bench = Scene.done.bench(.clips)
  #expect(
    bench.type("a").prefix(2) == [
      .engine(.held(.takeLast)), .engine(.held(.suggest(.uncertainty, count: 200))),
    ])
  bench.apply(.problem(RequestProblem(code: .held, text: "no best.safetensors; expected one")))
  #expect(!text(bench).contains("to label"))
}

@Test func otherSoundsAreScoredAndWritten() {
  var bench = Held.bench()
  _ = bench.type("o")
  #expect(text(bench).contains("predict sounds with b0-cnn-s0"))
  _ = bench.type("~/day")
  #expect(bench.handle(.enter).first == .engine(.held(.sounds("~/day"))))
  bench = Held.scored()
  #expect(text(bench).contains("long.wav") && text(bench).contains("0:02–0:04"))
  #expect(bench.type("a") == [])
  #expect(bench.toast?.text == "esc goes back to the clips of the data set")
  _ = bench.type("Ep")
  #expect(text(bench).contains("write as csv"))
  _ = bench.handle(.tab)
  #expect(text(bench).contains("write as json") && text(bench).contains("predictions.json_"))
  let path = "predictions.json"
  #expect(
    bench.handle(.enter).first == .engine(.held(.export(.json, to: path, replacing: false))))
  bench.apply(.held(.exists(.json, path)))
  #expect(text(bench).contains("predictions.json exists"))
  #expect(bench.type("y").first == .engine(.held(.export(.json, to: path, replacing: true))))
  _ = bench.handle(.escape)
  #expect(text(bench).contains("spectrogram"))
  _ = bench.type("o")
  _ = bench.handle(.enter)
  #expect(text(bench).contains("sound files"))
}

@Test func leavingStopsTheScoring() {
  var bench = Held.bench()
  bench.apply(.held(.soundsBegan(Held.decision)))
  #expect(text(bench).contains("scoring"))
  #expect(bench.handle(.escape).first == .engine(.held(.cancelSounds)))
}
