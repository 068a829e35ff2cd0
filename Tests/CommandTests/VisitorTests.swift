/// What a person who has never seen the workbench is to manage with the last row and `?` alone.
import Foundation
import Testing

/// Sessions small enough to see every number.
private enum Lesson {
  /// The built-in data set is rendered with a SoundFont.
  static let canBeTaken = ["TimGM6mb.sf2", "default-GM.sf2"].contains { name in
    ["/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/sounds/sf2"].contains {
      FileManager.default.fileExists(atPath: "\($0)/\(name)")
    }
  }

  private static let overrides = [
    "mean-teacher": "consistency: 3, emaDecay: 0.9, rampUp: 0.5",
    "label-enhancing": "maskedShare: 0.3",
  ]

  /// Eight clips to train on, which can be followed one by one.
  static func write(_ method: String, _ scant: Program, epochs: Int = 20) throws {
    try scant.write(
      "\(method)/session.yaml",
      """
      title: Eight clips
      dataset: { id: band, clips: 15, observed: 0.2, hiding: balanced }
      model: { id: cnn, width: 8 }
      methods: [\(method)]
      seeds: [0]
      training: { learningRate: 5.0e-3, batch: 8, epochs: \(epochs), schedule: constant, select: last }
      overrides: { \(method): { \(overrides[method] ?? "") } }
      """)
  }
}

@Suite(.serialized, .enabled(if: Tmux.isInstalled, "tmux absent"))
struct VisitorTests {
  private let scant: Program

  init() throws { scant = try Program() }

  /// Starts mean teacher, holds it, takes phases up to the losses, reads the formula, and finds the
  /// clip where teacher and student differ most.
  @Test(.enabled(if: Lesson.canBeTaken, "no SoundFont"))
  func lessonIsCompleted() throws {
    try Lesson.write("mean-teacher", scant, epochs: 4000)
    let visitor = try Visitor(scant, "mean-teacher")
    try visitor.sees("Press R to start training")
    try visitor.press("R run all")
    try visitor.sees("► RUN")
    try visitor.press("space pause")
    try visitor.sees("‖ PAUSE")
    for phase in ["►BATCH", "►STU", "►TEA", "►LOSSES"] {
      try visitor.press("P phase")
      try visitor.sees(phase)
    }
    let formula = /total = ([0-9.]+) \+ ([0-9.]+) · ([0-9.]+) = ([0-9.]+)/
    let frame = try visitor.waits("the formula") { $0.contains(formula) }
    let found = try #require(frame.firstMatch(of: formula)?.output)
    let numbers = [found.1, found.2, found.3, found.4].compactMap { Double($0) }
    try #require(numbers.count == 4)
    #expect(abs(numbers[0] + numbers[1] * numbers[2] - numbers[3]) < 0.01 * (1 + numbers[3]))
    try visitor.open("4Clips")
    try visitor.press("s sort")
    try visitor.choose("(d) difference")
    let row = #/║. (?:train|test|valid)\S* +([+-]\d\.\d\d) /#
    let list = try visitor.waits("15 differences") { $0.matches(of: row).count == 15 }
    let sizes = list.matches(of: row).compactMap { Double($0.output.1).map(abs) }
    #expect(sizes.count == 15 && sizes == sizes.sorted(by: >))
    #expect(list.firstMatch(of: row)?.output.0.contains("►") == true)
    try visitor.press("space resume")
    try visitor.sees("► RUN")
    try visitor.quits(choosing: "(c) save, then quit")
  }

  /// Two methods side by side: what was set differently, how classes differ, whether it is chance.
  @Test func twoRunsAreCompared() throws {
    try scant.writeTones(session: "study", methods: "b0, b1", training: "epochs: 2, batch: 8")
    #expect(try scant("run", "study").status == 0)
    let visitor = try Visitor(scant, "study --sessions .", width: 120, height: 40)
    try visitor.open("6 Compare")
    try visitor.sees("2 of 2", "a  b0-s0", "b  b1-s0")
    try visitor.learns("j", for: "next line")
    try visitor.press(learned: "j")
    try visitor.press("a add")  // takes it out
    try visitor.sees("1 of 2")
    try visitor.press("a add")
    let settings = try visitor.sees("2 of 2", "settings that differ", "a: b0", "b: b1", "paired:")
    #expect(settings.contains(/method +b0 +b1/) && !settings.contains("learningRate"))
    #expect(settings.contains(#/b1 - b0 [+-]?\d\.\d{3} p /#))
    let classes = try visitor.sees("test F1 both by class")
    #expect(classes.contains(/low .*\d\.\d{3} +[+-]?\d\.\d\d/))
    let metric = /validation (\S+) ●a/
    let before = try #require(classes.firstMatch(of: metric)?.output.1)
    try visitor.press("m metric")
    try visitor.waits("another metric") {
      $0.firstMatch(of: metric).map { $0.output.1 != before } ?? false
    }
    try visitor.quits()
  }

  /// A clip's predictions beside the state of its labels, then missing labels answered into the
  /// session's patch.
  @Test(.enabled(if: Lesson.canBeTaken, "no SoundFont"))
  func clipIsInspectedAndAnnotated() throws {
    try Lesson.write("mean-teacher", scant, epochs: 6)
    let visitor = try Visitor(scant, "mean-teacher", width: 120, height: 40)
    try visitor.sees("Press R to start training")
    try visitor.press("R run all")
    try visitor.sees("mean-teacher-s0  ■ DONE")
    try visitor.open("4 Clips")
    let clip = try visitor.waits("both models' answers") {
      $0.contains(/accordion +1 .* \d\.\d\d \d\.\d\d/)
    }
    #expect(clip.contains(/banjo +\?\(0\) .* \d\.\d\d \d\.\d\d/))
    try visitor.press("a annotate")
    try visitor.sees("to label", "y n x", "why:")
    try visitor.press("y yes")
    try visitor.sees("1 answered")
    try visitor.press("n no")
    try visitor.sees("2 answered")
    try visitor.press("u undo")
    try visitor.sees("═ 1 answered")
    try visitor.press("esc back")
    try visitor.open("5 Missing")
    try visitor.sees("✓ by hand")
    try visitor.quits()
    let patch = try String(contentsOf: scant.url("mean-teacher/patch.csv"), encoding: .utf8)
    let answers = patch.split(separator: "\n").dropFirst()
    #expect(answers.count == 1 && answers.first?.contains(/^train\/\d+,\w+,1,/) == true, "\(patch)")
  }

  /// Which labels label enhancing has masked, what the teacher said of one, and taking it back.
  @Test(.enabled(if: Lesson.canBeTaken, "no SoundFont"))
  func maskedLabelsAreFound() throws {
    try Lesson.write("label-enhancing", scant)
    #expect(try scant("run", "label-enhancing").status == 0)
    let visitor = try Visitor(scant, "label-enhancing --sessions .")
    try visitor.open("7Sess")
    try visitor.sees("label-enhancing-s0")
    try visitor.learns("j", for: "next line")
    try visitor.learns("l", for: "right")
    try visitor.press(learned: "j")
    try visitor.press("enter open")
    try visitor.sees("REPLAY")
    try visitor.open("5Missing")
    try visitor.press("v view")
    let map = try visitor.sees("‹after mask›", "x masked", "missing labels masked, precision")
    // Classes begin below the ruler; clips begin behind the names.
    let rows = map.split(separator: "\n").dropFirst(4).map { Array($0.dropFirst(15).prefix(8)) }
    let line = try #require(rows.firstIndex { $0.contains("x") })
    let column = try #require(rows[line].firstIndex(of: "x"))
    for _ in 0..<line { try visitor.press(learned: "j") }
    for _ in 0..<column { try visitor.press(learned: "l") }
    try visitor.waits("what the teacher said") { $0.contains(/1 of 1 missing, teacher \d\.\d\d/) }
    try visitor.press("u undo mask")
    try visitor.sees("✓ by hand", "0 of 0 missing")
    try visitor.quits()
    let patch = try String(contentsOf: scant.url("label-enhancing/patch.csv"), encoding: .utf8)
    #expect(patch.contains(/train\/\d+,\w+,0,/), "\(patch)")
  }

  /// A run whose weights grew beyond all numbers, looked at again step by step.
  @Test func failedRunIsReplayed() throws {
    try scant.writeTones(
      session: "fail",
      training: "optimizer: sgd, learningRate: 10, weightDecay: 1, momentum: 0.99, epochs: 400")
    _ = try scant("run", "fail")
    let visitor = try Visitor(scant, "fail --sessions .")
    try visitor.open("7Sess")
    try visitor.sees("✗ failed")
    try visitor.learns("j", for: "next line")
    try visitor.press(learned: "j")
    try visitor.press("p replay")
    try visitor.sees("✗ FAILED", "training stopped: non-finite")
    try visitor.choose("(esc) look at the plots")
    try visitor.sees("✗ FAILED", "failed after")
    let step = /step (\d+)\/\d+/
    let end = try visitor.sees("exploding").firstMatch(of: step)?.output.1
    let last = try #require(end.flatMap { Int($0) })
    try visitor.press(", step back")
    try visitor.waits("the step before the last") {
      $0.firstMatch(of: step)?.output.1 == "\(last - 1)"
    }
    try visitor.press("[ event back")
    try visitor.learns("D", for: "what changed")
    try visitor.press(learned: "D")
    try visitor.sees("what changed since", "loss")
    try visitor.closes()
    try visitor.open("7Sess")
    try visitor.sees("time travel  b1-s0", "✗ fault")
    try visitor.learns("esc", for: "close the dialog")
    try visitor.press(learned: "esc")
    try visitor.sees("fail  ○ IDLE")
    try visitor.quits()
  }
}
