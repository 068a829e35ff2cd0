// A session that takes labels away, made by hand: two methods, five shares, two seeds.
import Foundation
import Lab
import Panes

extension Fixture {
  static let removed = ["0.0", "0.1", "0.2", "0.4", "0.8"]

  private static func sweepRun(
    _ method: String, _ place: Int, seed: Int, state: String = "done"
  ) -> RunRow {
    let name = "\(method)-removed\(removed[place])-s\(seed)"
    let lead = method == "b1" ? 0.16 : 0.0
    let score = 0.55 + lead - Double(place * (method == "b1" ? 3 : 2)) / 100 + Double(seed) / 100
    return RunRow(json: [
      "summary": RunSummary(json: [
        "name": name, "method": method, "model": "cnn", "seed": seed, "state": state,
        "scores": state == "done" ? ["f1-macro": score, "ap-macro": score + 0.1] : [:],
        "otherScores": [String: Double](),
      ]), "folder": folder("label-removal", name), "step": state == "done" ? 480 : 0, "epoch": 12,
      "age": 5000, "bytes": 900_000, "dataset": "band", "plannedEpochs": 12,
      "seconds": (state == "done" ? 30 : nil) as Double?,
      "sweep": ["dataset.removed": removed[place]],
      "settings": [
        "method.id": method, "seed": "\(seed)", "dataset.removed": removed[place],
      ],
    ])
  }

  /// The last two runs are to do.
  static let sweep: SessionRow = {
    let runs = (0..<2).flatMap { seed in
      removed.indices.flatMap { place in
        ["b0", "b1"].map { method in
          sweepRun(method, place, seed: seed, state: seed == 1 && place == 4 ? "absent" : "done")
        }
      }
    }
    return SessionRow(json: [
      "name": "label-removal", "title": "Labels taken away",
      "folder": URL(fileURLWithPath: "/sessions/label-removal"), "runs": runs,
      "columns": ["f1-macro", "ap-macro"], "sweptKeys": ["dataset.removed"],
      "readme": "# Labels taken away\n\nWhat to look for: **how fast** each method falls.\n",
    ])
  }()

  /// The open session is that one.
  static func sweepBench(_ screen: Panes.Screen = .compare) -> Workbench {
    var bench = Workbench(
      recipe: Recipe(), catalog: catalog, session: "label-removal",
      runs: sweep.runs.map(\.summary), screen: screen)
    bench.tick(100)
    bench.apply(.dataset(dataset))
    bench.apply(.sessions([sweep]))
    bench.tick(200)
    return bench
  }

  static func lesson(_ name: String) -> SessionRow {
    SessionRow(json: [
      "name": name, "title": "Lesson \(name)",
      "folder": URL(fileURLWithPath: "/sessions/lessons/\(name)"), "runs": [Int](),
      "columns": ["f1-macro"],
    ])
  }
}
