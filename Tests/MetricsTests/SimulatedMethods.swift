// Methods whose true quality is known, on groups of clips that are hard or easy together.
import Metrics

struct SimulatedMethods {
  /// The chance of a right answer where the class is present, and where it is absent.
  struct Quality {
    var present, absent: Double

    init(_ both: Double) { (present, absent) = (both, both) }
    init(present: Double, absent: Double) { (self.present, self.absent) = (present, absent) }
  }

  let labelled: [LabelledScores]
  let groups: [String]

  /// `copies`: clips of a group, all with the same sound, labels and answers.
  init(_ qualities: [Quality], groups: Int, copies: Int = 1, classes: Int = 3, seed: Int) throws {
    var draw = Draw(state: UInt64(seed))
    var scores = qualities.map { _ in [Float]() }
    var targets: [Float] = []
    for _ in 0..<groups {
      let target = (0..<classes).map { _ in Float(draw.below(2)) }
      // How hard the class is in this group, for all methods alike.
      let luck = (0..<classes).map { _ in draw.uniform() }
      let answers = qualities.map { quality in
        (0..<classes).map { c -> Float in
          let chance = target[c] > 0 ? quality.present : quality.absent
          let shared = draw.uniform() < 0.3
          let isRight = (shared ? luck[c] : draw.uniform()) < chance
          return (target[c] > 0) == isRight ? 0.9 : 0.1
        }
      }
      for _ in 0..<copies {
        targets += target
        for m in qualities.indices { scores[m] += answers[m] }
      }
    }
    let all = targets
    labelled = try scores.map {
      try LabelledScores(
        scores: $0, targets: all, observed: all.map { _ in true }, classes: classes)
    }
    self.groups = (0..<groups).flatMap { group in (0..<copies).map { _ in "g\(group)" } }
  }

  func decisions(byClip: Bool = false) throws -> GroupedDecisions {
    try GroupedDecisions(
      labelled, groups: byClip ? groups.indices.map { "c\($0)" } : groups)
  }
}
