/// G10 and G11: a run whose curves have a million points is opened.
import Foundation
import Lab
import Output
import Terminal

struct LongLogGoals {
  private let folder: BenchFolder
  private static let series = 16
  private static let steps = 62_500
  private var points: Int { Self.series * Self.steps }

  init() throws { folder = try BenchFolder() }

  func measure() throws -> [Goal] {
    let bytes = try write("long", steps: Self.steps)
    _ = try write("empty", steps: 1)
    let empty = try (0..<5).map { _ in try open("empty").resident }.median
    let runs = try (0..<5).map { _ in try open("long") }
    return [
      Goal(
        "G10", "memory of a million points", runs.map(\.resident).median - empty, atMost: 16,
        "MiB", String(format: "opened from its log, above the %.1f of a run of one step", empty)),
      Goal(
        "G11", "a million points: start to first frame", runs.map(\.first).median, atMost: 400,
        "ms", String(format: "log of %.1f MB", Double(bytes) / 1e6)),
      Goal(
        "G11", "a million points: start to all of them", runs.map(\.all).median, atMost: 2000,
        "ms"),
      Goal(
        "G11", "a million points: keys meanwhile, slowest", runs.map(\.slowestKey).max() ?? .nan,
        atMost: 100, "ms"),
    ]
  }

  private struct Opening {
    /// ms.
    var first, all, slowestKey: Double
    /// MiB.
    var resident: Double
  }

  private func open(_ run: String) throws -> Opening {
    let points = run == "long" ? self.points : Self.series
    let program = try folder.open(["replay", path(run).path])
    guard let first = program.watch(20, until: { _ in true }) else {
      throw LabError("\(path(run).path): no picture came; expected one")
    }
    var (all, slowest) = (first.mark.points >= points ? first.complete : Double.nan, 0.0)
    while all.isNaN, WatchedProgram.now < program.started + 20 {
      guard let (typed, frame) = program.press("y") else { break }
      slowest = max(slowest, 1000 * (frame.complete - typed))
      if frame.mark.points >= points { all = frame.complete }
    }
    program.watch(1)
    return Opening(
      first: 1000 * (first.complete - program.started), all: 1000 * (all - program.started),
      slowestKey: slowest, resident: program.residentMiB)
  }

  // MARK: the log

  private func path(_ run: String) -> URL { folder.url.appendingPathComponent("runs/\(run)") }

  /// Lines of 64 steps with five digits a value, and what comes with them. Returns its bytes.
  private func write(_ name: String, steps: Int) throws -> Int {
    let run = RunFolder(path(name))
    try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
    // A data set that cannot be opened: what it takes in memory is not the question here.
    let recipe = try Recipe(dataset: "folder", model: "cnn", method: "b1")
      .setting("dataset.root", to: folder.url.appendingPathComponent("none").path)
    try Data(recipe.yaml().utf8).write(to: run.recipe)
    let log = try EventLogWriter(run.events) { Console.shared.complain($0) }
    var now: UInt64 = 0
    let stream = EventStream(run: name, after: nil, clock: { now }) { log.append($0) }
    stream.emit(try started(steps), step: 0, epoch: 0)
    for step in 1...steps {
      stream.record(values(step), step: step, epoch: step / 500)
      now += 3_900_000  // 64 steps in a quarter of a second
      if step % 64 == 0 { stream.emit(try progress(step), step: step, epoch: step / 500) }
    }
    stream.settle()
    log.flush()
    return try Data(contentsOf: run.events, options: .mappedIfSafe).count
  }

  private func values(_ step: Int) -> [String: Float] {
    var values: [String: Float] = [:]
    for series in 0..<Self.series {
      let wave = 1 / (1 + Double(step) / 5000) + Double((step * 37 + series * 11) % 101) / 1000
      values["loss/\(series)"] = Float((wave * 1e5).rounded() / 1e5)
    }
    return values
  }

  private func started(_ steps: Int) throws -> RunStarted {
    try body(
      """
      {"build":"\(Build.version)","seed":0,"threads":1,"dataset":"folder","model":"cnn",
       "method":"b1","classes":["a","b"],"plannedSteps":\(steps),"plannedEpochs":\(steps / 500),
       "stepsPerEpoch":500,"parameters":1,"trainableParameters":1,"observed":1,"entries":2,
       "hasTeacher":false,"capabilities":[],"recipe":""}
      """)
  }

  private func progress(_ step: Int) throws -> Lab.Progress {
    try body(
      """
      {"plannedSteps":\(Self.steps),"clipsSeen":\(step),"observedCellsSeen":\(step),"lr":1e-3,
       "stepsPerSec":256,"eta":0}
      """)
  }

  private func body<Body: EventBody>(_ json: String) throws -> Body {
    try JSONDecoder().decode(Body.self, from: Data(json.utf8))
  }
}
