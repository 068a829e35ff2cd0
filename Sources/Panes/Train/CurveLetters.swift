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
