// Scores predictions where only some labels are known, with 95 % bootstrap intervals over clips.
import Metrics

let classes = 3
let clips = 60
// Made-up predictions: right more often than not; two thirds of the labels are known.
let targets = (0..<clips * classes).map { entry -> Float in entry * entry % 13 < 5 ? 1 : 0 }
let scores = targets.enumerated().map { entry, target -> Float in
  let trust: Float = entry * 37 % 11 < 3 ? -0.4 : 0.8
  return 0.5 + (target - 0.5) * trust + Float(entry % 17) / 100
}
let observed = (0..<clips * classes).map { $0 % 3 != 2 }

let labelled = try LabelledScores(
  scores: scores, targets: targets, observed: observed, classes: classes)
let found = try score(labelled)
let intervals = try Bootstrap(labelled, draws: 1000).intervals
print("\(found.scored) of \(found.entries) labels are known")
for metric in [Metric.f1Macro, .apMacro, .rocAUCMacro] {
  guard let value = found.values[metric], let range = intervals[metric] else { continue }
  print("\(metric.rawValue): \(value), 95 % from \(range.low) to \(range.high)")
}
