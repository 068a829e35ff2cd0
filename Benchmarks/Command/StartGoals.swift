/// G13 and G14: any size is drawn, and the first frame comes soon.
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
