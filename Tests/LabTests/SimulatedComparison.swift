// Comparisons of methods whose true quality is known.
import Lab
import Metrics

struct SimulatedComparison {
  var classes = ["flute", "drums", "rain"]
  /// Method → chance of a right answer.
  var methods: [(name: String, quality: Double)] = [("transfer", 0.9), ("b1", 0.7)]
  var groups = 40
  var clipsPerGroup = 1
  var isSingleLabel = false
  /// Chance that a label is observed.
  var observed = 1.0
  /// Chance that a class is present, by class; 0.4 beyond.
  var present: [Double] = []
  /// Number of labels → quality, for the curve.
  var curve: [(labels: Int, quality: Double)] = []
  var seed: UInt64 = 1
  var problems: [String] = []
  var foldsTested = 5
  var runs: [String: String] = [:]

  private struct Draw {
    var state: UInt64

    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double((state ^ (state >> 29)) >> 11 & 0xF_FFFF_FFFF_FFFF) / Double(1 << 52)
    }
  }

  func comparison() throws -> Comparison {
    let clips = groups * clipsPerGroup
    var draw = Draw(state: seed &* 977 &+ 13)
    let (targets, flags) = labels(&draw, clips)
    // What is hard is hard for all methods: the first number of each entry is shared.
    let luck = targets.indices.map { _ in draw.uniform() }
    let rows = try methods.map { method in
      try row(method.name, method.quality, targets, flags, luck, &draw)
    }
    let points = try curve.map { point in
      LearningCurvePoint(
        labels: point.labels,
        positives: classes.map { _ in Double(point.labels) / Double(2 * classes.count) },
        predictions: try row("transfer", point.quality, targets, flags, luck, &draw))
    }
    let share = Double(flags.count { $0 }) / Double(max(1, flags.count))
    return Comparison(
      classes: classes, rows: rows, curve: points,
      facts: ComparisonFacts(
        name: "my-sounds", files: groups, clips: clips, groups: groups, observed: share,
        seconds: Double(10 * clips), foldsTested: foldsTested, folds: 5, problems: problems,
        folder: "my sounds", runs: runs))
  }

  private func labels(_ draw: inout Draw, _ clips: Int) -> ([Float], [Bool]) {
    var (targets, flags) = ([Float](), [Bool]())
    for clip in 0..<clips {
      let single = Int(draw.uniform() * Double(classes.count))
      for c in classes.indices {
        let chance = c < present.count ? present[c] : 0.4
        let isPresent = isSingleLabel ? c == single : draw.uniform() < chance
        // The clips of a group have the labels of its first.
        let first = (clip - clip % clipsPerGroup) * classes.count + c
        targets.append(first < targets.count ? targets[first] : isPresent ? 1 : 0)
        flags.append(draw.uniform() < observed)
      }
    }
    return (targets, flags)
  }

  private func row(
    _ name: String, _ quality: Double, _ targets: [Float], _ flags: [Bool], _ luck: [Double],
    _ draw: inout Draw
  ) throws -> OutOfFoldPredictions {
    var scores: [Float] = []
    for entry in targets.indices {
      let group = entry / (classes.count * clipsPerGroup)
      let shared = group * clipsPerGroup * classes.count + entry % classes.count
      let chance = draw.uniform() < 0.5 ? luck[shared] : draw.uniform()
      scores.append((chance < quality) == (targets[entry] > 0) ? 0.9 : 0.1)
    }
    let clips = targets.count / classes.count
    return OutOfFoldPredictions(
      name: name, title: name == "transfer" ? "transfer (mn04)" : name,
      clips: (0..<clips).map { "clip\($0)" },
      groups: (0..<clips).map { "recording\($0 / clipsPerGroup)" },
      labelled: try LabelledScores(
        scores: scores, targets: targets, observed: flags, classes: classes.count,
        isSingleLabel: isSingleLabel),
      seconds: 48)
  }
}
