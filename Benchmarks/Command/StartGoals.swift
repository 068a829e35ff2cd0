/// G13, G14, G21 and G22: any size is drawn, and the first frame, curve and score come soon.
import Canvas
import Foundation
import Lab
import Panes
import Terminal

/// Sizes from 1×1 to 500×200 on every screen. A trap would end the program: being here is half
/// of the goal, the slowest frame the other.
struct SizeGoal {
  func measure() -> Goal {
    var random = SystemRandomNumberGenerator()
    var bench = Workbench(recipe: Recipe(), catalog: .standard, session: "bench")
    var times: [Double] = []
    for screen in Screen.allCases {
      _ = bench.perform(screen.action)
      for _ in 0..<500 {
        let width = Int.random(in: 1...500, using: &random)
        let height = Int.random(in: 1...200, using: &random)
        bench.resize(width: width, height: height)
        let start = WatchedProgram.now
        let grid = bench.draw(width: width, height: height, glyphs: .unicode)
        times.append(1000 * (WatchedProgram.now - start))
        precondition(grid.width == width && grid.height == height, "\(width)x\(height)")
      }
    }
    return Goal(
      "G13", "any size to 500x200, slowest picture", times.quantile(0.999), atMost: 100, "ms",
      "\(times.count) pictures")
  }
}

struct StartGoal {
  func measure() throws -> Goal {
    let folder = try BenchFolder()
    let session = try folder.session(threads: 1)
    let times = try (0..<10).compactMap { _ -> Double? in
      let program = try folder.open([session])
      return program.watch(10) { _ in true }.map { 1000 * ($0.complete - program.started) }
    }
    return Goal("G14", "start to first frame", times.median, atMost: 150, "ms", "median of 10")
  }
}

/// The tour on a machine that has rendered nothing yet.
struct FirstStartGoals {
  /// The longest that is waited for, in s.
  private static let patience = 120.0

  func measure() throws -> [Goal] {
    let folder = try BenchFolder()
    let session = try folder.copy(of: "tour")
    let log = URL(fileURLWithPath: session).deletingLastPathComponent()
      .appendingPathComponent("runs/b0-s0/events.jsonl")
    let program = try folder.open([session], isFirst: true)
    program.watch(10) { _ in true }
    program.settle()
    let pressed = WatchedProgram.now
    program.type("R")
    let curve = program.watch(Self.patience) { $0.mark.points > 0 }
    var score = Double.infinity
    while score.isInfinite, WatchedProgram.now - pressed < Self.patience {
      program.watch(0.02)
      if try Self.holdsScore(log) { score = WatchedProgram.now - pressed }
    }
    return [
      Goal(
        "G21", "first start, R to the first curve",
        curve.map { $0.complete - pressed } ?? .infinity, atMost: 5, "s",
        "the tour, nothing rendered before"),
      Goal("G22", "first start, R to the first evaluation", score, atMost: 15, "s"),
    ]
  }

  private static func holdsScore(_ log: URL) throws -> Bool {
    guard FileManager.default.fileExists(atPath: log.path) else { return false }
    return try EventLog.read(log, only: [EvalEnd.self]).events.isEmpty == false
  }
}
