/// Which classes a method takes for which, on the observed labels.
///
/// ```swift
/// let labelled = try LabelledScores(
///   scores: [[0.2, 0.9], [0.8, 0.1]], targets: [[1, 0], [1, 0]],
///   observed: [[true, true], [true, true]])
/// let mistakes = try ClassMistakes(labelled)
/// let heard = mistakes.heardInstead[0][1]
/// ```
///
/// With several classes a clip a mistake has two sides. A miss of class A can go along with a false
/// alarm of class B in the same clip, and a false alarm of A can lie on a clip where B is present.
/// Only clips whose label of both classes is observed can show either.
public struct ClassMistakes: Sendable, Equatable {
  /// Clips in which the class is observed present, and not found.
  public let misses: [Int]
  /// Clips in which the class is observed absent, and found.
  public let falseAlarms: [Int]
  /// `[A][B]`: misses of A in whose clip B is found though it is observed absent.
  public let heardInstead: [[Int]]
  /// `[A][B]`: false alarms of A in whose clip B is observed present.
  public let falseAlarmsOn: [[Int]]
  /// `[A][B]`: clips in which A and B are both observed present.
  public let together: [[Int]]

  /// Counts the mistakes of `LabelledScores.decisions`.
  ///
  /// - Throws: `MetricError.nonFinite` if an observed score is not finite.
  public init(_ labelled: LabelledScores, threshold: Float = 0.5) throws(MetricError) {
    let decided = try labelled.decisions(threshold: threshold)
    self.init(labelled, decided: decided)
  }

  /// Counts the mistakes of decisions made elsewhere, `[clips, classes]`.
  public init(_ labelled: LabelledScores, decided: [Bool]) {
    let classes = labelled.classes
    let square = Array(repeating: [Int](repeating: 0, count: classes), count: classes)
    var (heard, alarms, together) = (square, square, square)
    var misses = [Int](repeating: 0, count: classes)
    var falseAlarms = misses
    for clip in 0..<labelled.clips {
      let row = (0..<classes).map { labelled.answer(decided, clip * classes + $0) }
      for a in 0..<classes {
        guard let own = row[a] else { continue }
        if own == .miss { misses[a] += 1 }
        if own == .falseAlarm { falseAlarms[a] += 1 }
        for b in 0..<classes where b != a {
          guard let other = row[b] else { continue }
          if own == .miss, other == .falseAlarm { heard[a][b] += 1 }
          if own == .falseAlarm, other.isPresent { alarms[a][b] += 1 }
          if own.isPresent, other.isPresent { together[a][b] += 1 }
        }
      }
    }
    (self.misses, self.falseAlarms) = (misses, falseAlarms)
    (heardInstead, falseAlarmsOn, self.together) = (heard, alarms, together)
  }
}

private enum Answer {
  case found, miss, falseAlarm, rejected

  var isPresent: Bool { self == .found || self == .miss }
}

extension LabelledScores {
  /// nil where the label is missing.
  fileprivate func answer(_ decided: [Bool], _ entry: Int) -> Answer? {
    guard observed[entry] else { return nil }
    return switch (targets[entry] >= 0.5, decided[entry]) {
    case (true, true): .found
    case (true, false): .miss
    case (false, true): .falseAlarm
    case (false, false): .rejected
    }
  }
}
