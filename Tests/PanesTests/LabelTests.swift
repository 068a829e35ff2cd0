// Missing labels at the screen: asking for them, trying masks, and what becomes of the answers.
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

private let sizes = [(80, 24), (120, 40), (200, 60)]

private func check(_ name: String, _ make: (Int, Int) -> Workbench) -> [String] {
  var wrong: [String] = []
  for (width, height) in sizes {
    let bench = make(width, height)
    for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii)] {
      let grid = bench.draw(width: width, height: height, glyphs: glyphs)
      let file = "Panes/\(name)-\(width)x\(height)-\(tier)"
      wrong += [TestSupport.Screen.mismatch(grid, golden: file)].compactMap { $0 }
    }
  }
  return wrong
}

extension Workbench {
  fileprivate mutating func type(_ keys: String) -> [Effect] {
    keys.flatMap { handle(.character($0)) }
  }

  /// What the engine would have said after these effects: the answers are in the file.
  fileprivate mutating func save(_ effects: [Effect], _ file: inout LabelPatch) {
    for case .engine(.labels(let request)) in effects {
      switch request {
      case .answer(let answer): file.record(answer)
      case .takeBack(let clip, let className): file.takeBack(clip: clip, className: className)
      case .read, .export, .guess: continue
      }
      apply(.patch(file.answers, file: "/s/patch.csv"))
    }
  }
}

private func answer(_ effect: Effect?) -> LabelAnswer? {
  if case .engine(.labels(.answer(let answer)))? = effect { answer } else { nil }
}

@Test func annotationAndMaskPreviewMatchGoldenFrames() {
  let annotating = check("clips-annotate") { width, height in
    var bench = TeacherScene.masked.bench(.clips, width: width, height: height)
    var file = LabelPatch()
    for key in "aynnx" { bench.save(bench.type(String(key)), &file) }
    bench.tick(200)
    return bench
  }
  #expect(annotating == [])
  let trying = check("missing-preview") { width, height in
    var bench = TeacherScene.masked.bench(.missing, width: width, height: height)
    _ = bench.type("-")
    bench.tick(200)
    return bench
  }
  #expect(trying == [])
}

@Test func mostUsefulEntriesAreAskedFirst() {
  var bench = TeacherScene.masked.bench(.clips, width: 120, height: 40)
  let effects = bench.type("a")
  guard case .engine(.run(.predict(let asked)))? = effects.first else {
    Issue.record("no predictions were asked for")
    return
  }
  #expect(asked.count == 160 && Set(asked).count == 160)
  // By hand: |2t - 1| · |t - s| · (1 + fewest) / (1 + positives) over the missing training cells.
  let clips = Fixture.dataset.clips
  let positives = Fixture.classes.indices.map { c in
    clips.count { $0.split == "train" && $0.labels[c] == .positive }
  }
  var best = (gain: 0.0, clip: "", name: "")
  for i in 0..<120 where clips[i].split == "train" {
    for c in Fixture.classes.indices where clips[i].labels[c] == .missing {
      let s = min(1, Double((i * 5 + c * 7) % 13) / 16)
      let t = min(1, s + (c == i % 12 ? Double(i % 5) / 12 : 0))
      let rarity = Double(1 + (positives.min() ?? 0)) / Double(1 + positives[c])
      let gain = abs(2 * t - 1) * abs(t - s) * rarity
      if gain > best.gain + 1e-6 { best = (gain, clips[i].id, Fixture.classes[c]) }
    }
  }
  let answered = answer(bench.type("y").first)
  #expect(answered?.clip == best.clip && answered?.className == best.name)
  #expect(answered?.value == .yes && answered?.run == "label-enhancing-s0")
}

@Test func answersAreShownEverywhereAndUndone() {
  var bench = TeacherScene.masked.bench(.clips, width: 120, height: 40)
  var file = LabelPatch()
  _ = bench.type("a")
  let effects = bench.type("y")
  guard let first = answer(effects.first) else {
    Issue.record("no answer")
    return
  }
  bench.save(effects, &file)
  #expect(text(bench, 120, 40).contains("✓1 \(first.clip)"))
  #expect(text(bench, 120, 40).contains("1 answered"))
  _ = bench.handle(.up)
  #expect(text(bench, 120, 40).contains("\(first.className.prefix(4))"))
  #expect(text(bench, 120, 40).contains("✓1"))
  _ = bench.handle(.escape)
  #expect(bench.toast?.text == "1 answered; U lets the next run learn them")
  _ = bench.perform(.showMissing)
  #expect(text(bench, 120, 40).contains("✓ by hand"))
  _ = bench.perform(.showClips)
  _ = bench.type("a")
  #expect(bench.type("u") == [] && bench.toast?.text.contains("nothing to take back") == true)
  bench.save(bench.type("n"), &file)
  #expect(file.answers.map(\.value) == [.yes, .no])
  let back = bench.type("u")
  bench.save(back, &file)
  #expect(file.answers.map(\.value) == [.yes])
}

@Test func manualLabelsCountAsObservedUnlessUndecided() {
  var bench = Scene.running.bench(.data)
  let before = text(bench, 120, 40)
  let clip = Fixture.dataset.clips[0]
  guard let c = clip.labels.firstIndex(of: .missing) else {
    Issue.record("no missing label")
    return
  }
  bench.apply(
    .patch(
      [
        LabelAnswer(clip: clip.id, className: Fixture.classes[c], value: .open),
        LabelAnswer(clip: "elsewhere", className: Fixture.classes[c], value: .yes),
      ], file: "/s/patch.csv"))
  #expect(text(bench, 120, 40) == before)
  bench.apply(
    .patch(
      [LabelAnswer(clip: clip.id, className: Fixture.classes[c], value: .yes)],
      file: "/s/patch.csv"))
  #expect(text(bench, 120, 40) != before)
  bench.apply(.patch([], file: "/s/patch.csv"))
  #expect(text(bench, 120, 40) == before)
}

@Test func nextRunUsesThePatchIfSelected() throws {
  var bench = Workbench(
    recipe: Recipe(),
    catalog: Catalog(
      datasets: Fixture.datasets, models: Fixture.models, methods: Fixture.methods))
  bench.apply(.dataset(Fixture.dataset))
  #expect(bench.perform(.useAnswers) == [] && bench.recipe["dataset.patch"] == "")
  let clip = Fixture.dataset.clips[1]
  let c = try #require(clip.labels.firstIndex(of: .missing))
  bench.apply(
    .patch(
      [LabelAnswer(clip: clip.id, className: Fixture.classes[c], value: .no)],
      file: "/s/patch.csv"))
  _ = bench.perform(.useAnswers)
  #expect(bench.recipe["dataset.patch"] == "/s/patch.csv")
  #expect(bench.toast?.text.contains("learns from 1 answers too") == true)
  _ = bench.perform(.useAnswers)
  #expect(bench.recipe["dataset.patch"] == "")
}

@Test func aListToLabelIsExported() {
  var bench = TeacherScene.masked.bench(.clips)
  guard case .engine(.labels(.export(let list)))? = bench.type("O").first else {
    Issue.record("no list")
    return
  }
  #expect(list.count == 200)
  #expect(list.map(\.gain) == list.map(\.gain).sorted(by: >))
  #expect(list[0].teacher != nil && list[0].student != nil)
}

@Test func annotationWithoutAModelAsksForTheRarestClass() {
  var bench = Scene.idle.bench(.clips)
  // A finished run of the session would be loaded.
  bench.apply(.session([]))
  bench.resize(width: 80, height: 24)
  let found = bench.type("a")
  #expect(!found.contains { if case .engine(.run(.predict)) = $0 { true } else { false } })
  #expect(answer(bench.type("y").first)?.className == "bell")
  var empty = Scene.empty.bench(.clips)
  #expect(empty.type("a") == [] && empty.toast?.text.contains("no data set is open") == true)
}

@Test func maskedFractionIsPreviewedBeforeItIsApplied() throws {
  var bench = TeacherScene.masked.bench(.missing)
  let effects = bench.type("-")
  guard case .engine(.run(.predict(let asked)))? = effects.first else {
    Issue.record("the teacher was not asked")
    return
  }
  #expect(asked.count == 160)
  #expect(text(bench).contains("try share 0.25"))
  #expect(text(bench).contains(/missing labels masked, precision 0\.\d+, recall 0\.\d+, 80 clips/))
  for _ in 0..<9 { _ = bench.type("+") }
  #expect(text(bench).contains("try share 0.90"))
  #expect(bench.handle(.enter) == [])
  #expect(bench.toast?.text.contains("the recipe on 2 Method is of b1") == true)
  _ = bench.handle(.escape)
  #expect(!text(bench).contains("try share"))
  var other = TeacherScene.curves.bench(.missing)
  #expect(other.type("+") == [])
  #expect(other.toast?.text.contains("label enhancing") == true)
}

/// Half of the missing labels of every class, those of the first clips, falling scores.
private var halfMasked: MaskDelta {
  let training = Fixture.dataset.clips.filter { $0.split == "train" }
  let count = Fixture.classes.count
  let missing = (0..<count).map { c in
    training.indices.filter { training[$0].labels[c] == .missing }
  }
  let cells = missing.enumerated().flatMap { c, rows in
    rows.prefix(rows.count / 2).map { $0 * count + c }
  }.sorted()
  return MaskDelta(json: [
    "method": "label-enhancing", "thresholds": missing.map { _ in 0.5 },
    "candidates": missing.map(\.count), "cells": zip(cells, [0] + cells).map { $0 - $1 },
    "scores": cells.map { 0.99 - Float($0 / count) / 1000 },
  ])
}

@Test func previewedFractionIsAppliedToTheRecipe() throws {
  let recipe = try Recipe().setting("method.id", to: "label-enhancing")
  var bench = Workbench(
    recipe: recipe,
    catalog: Catalog(
      datasets: Fixture.datasets, models: Fixture.models, methods: Fixture.methods),
    screen: .missing)
  bench.apply(.dataset(Fixture.dataset))
  bench.apply(.run("label-enhancing-s0"))
  var run = FixtureRun("label-enhancing-s0")
  run.started(teacher: true, method: "label-enhancing", stages: ["teacher", "student"])
  run.add(halfMasked, step: 120)
  bench.apply(.events(run.events))
  // A smaller share is part of the mask at hand: exact without asking anybody.
  _ = bench.type("--")
  bench.resize(width: 120, height: 40)
  #expect(text(bench, 120, 40).contains("try share 0.40"))
  #expect(!text(bench, 120, 40).contains("clips asked"))
  let missing = Fixture.dataset.clips.filter { $0.split == "train" && $0.labels[0] == .missing }
  let kept = missing.prefix(Int(0.4 * Double(missing.count)))
  let right = kept.count { $0.truth?[0] == true }
  let precision = (Double(right) / Double(kept.count)).fixed(2)
  #expect(text(bench, 120, 40).contains("\(kept.count) 0."))
  #expect(text(bench, 120, 40).contains(" \(precision)"))
  _ = bench.handle(.enter)
  let share = try #require(bench.recipe["method.maskedShare"].flatMap { Double($0) })
  #expect(bench.toast?.text.hasPrefix("share \(share.fixed(2)) is in the recipe") == true)
}

@Test func viewsAlternateEverySecond() {
  var bench = TeacherScene.masked.bench(.missing)
  bench.tick(300)
  #expect(bench.nextTick == nil)
  _ = bench.type("v&")
  #expect(text(bench).contains("‹after mask›") && bench.nextTick == 301)
  bench.tick(301)
  #expect(text(bench).contains("‹given›") && bench.nextTick == 302)
  bench.tick(302.5)
  #expect(text(bench).contains("‹after mask›") && bench.nextTick == 303)
  _ = bench.handle(.escape)
  bench.tick(303)
  #expect(text(bench).contains("‹after mask›"))
}

@Test func maskedClipsAreFilteredAndExplained() {
  var bench = TeacherScene.masked.bench(.clips, width: 120, height: 40)
  _ = bench.type("M")
  #expect(text(bench, 120, 40).contains("Clips · masked"))
  #expect(text(bench, 120, 40).contains("masked since epoch 3"))
  _ = bench.type("M")
  #expect(!text(bench, 120, 40).contains("Clips · masked"))
  var other = Scene.running.bench(.clips)
  #expect(other.type("M") == [] && other.toast?.text.contains("masks nothing") == true)
}

@Test func differencesAreKeptPerEpoch() {
  var bench = TeacherScene.masked.bench(.clips, width: 120, height: 40)
  var run = FixtureRun("label-enhancing-s0")
  run.answers([0], step: 240)
  run.predict("band-0000", step: 280)
  run.predict("band-0000", model: "teacher", step: 280)
  bench.apply(.events(run.events))
  let shown = text(bench, 120, 40)
  #expect(shown.contains("T-S by epoch") && shown.contains("epoch 7: "))
  #expect(shown.contains("never decided differently"))
  // A watched clip is asked once an epoch, behind the second of the two evaluations.
  _ = bench.type("w")
  _ = bench.perform(.showTrain)
  var next = FixtureRun("label-enhancing-s0")
  next.compareScores(epochs: 8..<9)
  #expect(bench.apply(.events(next.events)) == [.engine(.run(.predict(clips: ["band-0000"])))])
}

@Test func timelineOfClassesReplacesThePredictions() {
  var bench = TeacherScene.curves.bench(.clips, width: 120, height: 40)
  #expect(bench.type("i") == [.engine(.activations(clip: "band-0000"))])
  #expect(text(bench, 120, 40).contains("waiting for the model"))
  let values = (0..<12 * 20).map { Float($0 / 20 == $0 % 20 ? 0.2 : 0) }
  bench.apply(
    .activations(
      ClipActivations(json: [
        "clip": "band-0000", "model": "student", "kind": "contributions", "frames": 20,
        "values": values,
      ])))
  #expect(text(bench, 120, 40).contains("student · 20 frames"))
  bench.apply(
    .activations(
      ClipActivations(json: [
        "clip": "band-0000", "model": "student", "kind": "pieces", "frames": 0, "values": [Int](),
      ])))
  #expect(text(bench, 120, 40).contains("one answer a clip"))
  #expect(bench.handle(.down).contains(.engine(.activations(clip: "band-0001"))))
  #expect(bench.type("Ew") == [.engine(.exportSound(clip: "band-0001"))])
  #expect(bench.type("i") == [] && text(bench, 120, 40).contains("predictions"))
}

@Test func twiceTheLabelsAreQueued() throws {
  var bench = Workbench(
    recipe: Recipe(),
    catalog: Catalog(
      datasets: Fixture.datasets, models: Fixture.models, methods: Fixture.methods),
    screen: .compare)
  let doubled = try Recipe().setting("dataset.observed", to: "0.2")
  #expect(bench.type("W") == [.engine(.queue(doubled, name: "b1-observed0.200-s0"))])
  var whole = Workbench(
    recipe: try Recipe().setting("dataset.observed", to: "1"),
    catalog: Catalog(
      datasets: Fixture.datasets, models: Fixture.models, methods: Fixture.methods),
    screen: .compare)
  #expect(whole.type("W") == [])
  #expect(whole.toast?.text.contains("every label of the data set") == true)
}

@Test func worstCaseBoundsAreShownWithTheDenominator() {
  var bench = TeacherScene.curves.bench(.train, width: 120, height: 40)
  var run = FixtureRun("mean-teacher-s0")
  run.add(
    body(
      """
      {"split":"validation","model":"teacher","seconds":0.4,"metrics":{"f1-macro":0.5},
      "perClass":[],"scored":47,"entries":480,"bounds":{"f1-macro":[0.0512,0.9349]}}
      """) as EvalEnd, step: 240)
  bench.apply(.events(run.events))
  #expect(text(bench, 120, 40).contains("if all known: 0.05-0.93"))
}
