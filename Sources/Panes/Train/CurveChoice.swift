import Lab

/// Which curves a plot of 3 Train draws, and what its title offers; found once a picture, because
/// it takes a walk over the names of all series.
struct CurveChoice {
  /// The series drawn.
  var names: [String] = []
  /// What the title offers, and the one of them that is chosen.
  var titles: [String] = []
  var place = 0
  /// The curve on top, of `names`.
  var selected = 0
  /// Student and teacher of one score, instead of all scores of a student.
  var isPaired = false
  /// Whether the best checkpoint was chosen by such curves.
  var hasBest = false

  static func losses(_ bench: Workbench) -> CurveChoice {
    let place = bench.cursor(.loss)
    let names = TrainScreen.lossNames(bench)
    return CurveChoice(names: names, titles: names.map(last), place: place, selected: place)
  }

  /// No more scores than there are inks.
  private static let mostScores = 6

  static func metrics(_ bench: Workbench) -> CurveChoice {
    let choices = TrainScreen.metricChoices(bench)
    var result = CurveChoice(titles: choices.map(\.title), place: bench.cursor(.metric))
    let chosen = choices.indices.contains(result.place) ? choices[result.place] : nil
    if let chosen, !chosen.isScore || chosen.series.count > 1 {
      result.isPaired = true
      result.names = chosen.series
      result.hasBest = chosen.isScore
    } else {
      result.names = Array(choices.filter(\.isScore).flatMap(\.series).prefix(mostScores))
      result.selected = result.place
      result.hasBest = true
    }
    return result
  }

  /// `loss/total` is "total"; `validation/student/f1-macro` is "f1-macro", after S or T where
  /// both are drawn.
  func short(_ name: String) -> String {
    let last = Self.last(name)
    guard isPaired, name.count(where: { $0 == "/" }) == 2 else { return last }
    return "\(name.contains("/teacher/") ? "T" : "S") \(last)"
  }

  private static func last(_ name: String) -> String {
    name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
  }
}

/// The letter that each curve of a plot ends in, so that no colour is needed to tell them apart.
package enum CurveLetters {
  /// Of scores whose names begin alike.
  private static let known: [String: Character] = [
    "f1-macro": "f", "ap-macro": "a", "f1-macro-both": "b", "roc-auc-macro": "r", "accuracy": "c",
    "f1-micro": "m", "f1-instance": "i", "ap-micro": "p",
  ]

  /// All different: the usual letter, else the first of the name that is free, else any.
  package static func of(_ names: [String]) -> [Character] {
    var taken: Set<Character> = []
    return names.map { name in
      let wishes = (known[name].map { [$0] } ?? []) + name.filter(\.isLetter)
      let all = wishes + Array("abcdefghijklmnopqrstuvwxyz")
      let own = all.first { !taken.contains($0) } ?? "?"
      taken.insert(own)
      return own
    }
  }
}
