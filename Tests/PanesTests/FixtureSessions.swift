// Sessions, recordings and runs to compare, made by hand.
import Foundation
import Lab
import Panes

extension Fixture {
  static func folder(_ session: String, _ run: String) -> URL {
    URL(fileURLWithPath: "/sessions/\(session)/runs/\(run)")
  }

  static let sessions: [SessionRow] = {
    let states = ["done", "done", "interrupted", "absent"]
    let own = runs.enumerated().map { i, run -> RunRow in
      var summary = run
      summary.state = states[i]
      if i == 1 { summary.scores = ["f1-macro": 0.231, "ap-macro": 0.602] }
      return RunRow(json: [
        "summary": summary, "folder": folder("band-missing-labels", run.name),
        "step": i < 2 ? 480 : i == 2 ? 213 : 0, "epoch": i < 2 ? 12 : i == 2 ? 6 : 0,
        "age": (i == 3 ? nil : Double(7300 - i * 3500)) as Double?, "bytes": i == 3 ? 0 : 1_800_000,
        "dataset": "band", "plannedEpochs": 12, "seconds": (i < 2 ? 33.2 : nil) as Double?,
      ])
    }
    let other = RunRow(json: [
      "summary": RunSummary(json: [
        "name": "mean-teacher-s0", "method": "mean-teacher", "model": "cnn", "seed": 0,
        "state": "failed",
        "scores": [String: Int](), "otherScores": [String: Int](),
      ]), "folder": folder("sweep", "mean-teacher-s0"), "step": 184, "epoch": 5,
      "age": 90_000, "bytes": 700_000,
    ])
    return [
      SessionRow(json: [
        "name": "band-missing-labels", "title": "Missing labels, built-in band",
        "folder": URL(fileURLWithPath: "/sessions/band-missing-labels"), "runs": own,
        "columns": ["f1-macro", "ap-macro"],
      ]),
      SessionRow(json: [
        "name": "broken", "title": "broken", "folder": URL(fileURLWithPath: "/sessions/broken"),
        "runs": [Int](), "columns": ["f1-macro", "ap-macro"],
        "problem": "session.yaml:3: unknown key 'sedes'; expected seeds",
      ]),
      SessionRow(json: [
        "name": "sweep", "title": "A sweep", "folder": URL(fileURLWithPath: "/sessions/sweep"),
        "runs": [other], "columns": ["f1-macro", "ap-macro"],
      ]),
    ]
  }()

  /// Two finished runs of two methods' worth of settings.
  static let records: [RunRecord] = sessions[0].runs.prefix(3).enumerated().map { i, row in
    let lead = Double(i) * 0.08
    let points = (1...12).map { epoch in
      RunRecord.Point(json: [
        "step": epoch * 40, "epoch": epoch, "seconds": Double(epoch) * 3,
        "value": 0.75 * (1 - 1 / (1 + Double(epoch) / 2)) + lead,
      ])
    }
    let classes = Fixture.classes.enumerated().map { c, name in
      "{\"name\":\"\(name)\",\"f1\":\(0.3 + Double(c) / 20 + (c % 3 == 0 ? 3 : 1) * lead / 2),"
        + "\"ap\":\(0.4 + Double(c) / 20),\"observed\":40,\"positives\":9}"
    }
    let test: EvalEnd = body(
      """
      {"split":"test","model":"student","seconds":1,"metrics":{"f1-macro":\(0.21 + lead)},
      "perClass":[\(classes.joined(separator: ","))],"scored":480,"entries":480}
      """)
    return RunRecord(json: [
      "folder": row.folder, "summary": row.summary,
      "settings": [
        "method.id": row.summary.method, "model.id": "cnn", "seed": "\(row.summary.seed)",
        "training.epochs": "12", "training.learningRate": i == 2 ? "0.003" : "0.001",
      ],
      "curves": ["validation/student/f1-macro": points, "validation/student/ap-macro": points],
      "test": i < 2 ? ["student": test] : [:], "seconds": (i < 2 ? 33.2 : nil) as Double?,
    ])
  }

  /// The log of a whole run.
  static func recording(_ name: String = "b0-cnn-s0") -> Recording {
    Recording(
      run: name, folder: folder("band-missing-labels", name), recipe: Recipe(),
      events: Scene.done.events, skipped: 0)
  }
}
