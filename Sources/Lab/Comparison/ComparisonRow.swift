// The rows of a comparison: which methods a data set allows, and the settings of each that
// validation chooses from.
import Methods

/// A row of the verdict: a method and its candidate settings, the usual ones first.
package struct ComparisonRow: Codable, Sendable, Equatable {
  /// Settings of the method, trained under a name of their own.
  package struct Candidate: Codable, Sendable, Equatable {
    /// The row's name for the first one, such as `transfer`; else `transfer-linear`.
    package let name: String
    /// As in `variants` of a session, `extractor: mn04, head: linear`; empty: the defaults.
    package let settings: String

    package init(name: String, settings: String) {
      (self.name, self.settings) = (name, settings)
    }
  }

  package let name: String
  /// The name for people, such as `transfer (mn04)`.
  package let title: String
  package let method: String
  package let candidates: [Candidate]
  /// Its own number of epochs; nil for those that share the plan's.
  package let epochs: Int?
  /// Of a run; unknown before it was measured.
  package var cost: RunCost?

  package init(
    name: String, title: String, method: String, candidates: [Candidate], epochs: Int?,
    cost: RunCost? = nil
  ) {
    self.name = name
    self.title = title
    self.method = method
    self.candidates = candidates
    self.epochs = epochs
    self.cost = cost
  }
}

/// The rows that a comparison of a data set can have.
package struct ComparisonRows {
  /// What is compared unless somebody asks for others, in the order of training: what is quick and
  /// often best comes first, so that a comparison cut short has it.
  package static let usual = [
    "transfer", "classic", "b1", "con-reg", "mean-teacher", "label-enhancing", "fixmatch", "b0",
  ]
  /// Rows by the method's id that can be asked for.
  package static let known =
    usual + [
      "pseudo-label", "noisy-student", "entropy-minimization", "assume-negative",
      "weak-assume-negative", "expected-positives", "role", "large-loss", "splc", "hill",
      "asymmetric", "partial-asymmetric", "nnpu", "prior-corrected", "concat", "dis-reg",
      "distillation", "self-supervised", "synthesis",
    ]
  /// Those that do nothing but plain training where no label is missing.
  private static let needMissing: Set = [
    "b0", "label-enhancing", "fixmatch", "pseudo-label", "entropy-minimization", "large-loss",
    "prior-corrected",
  ]
  private static let ofFeatures: Set = ["transfer", "con-reg", "concat", "dis-reg", "distillation"]

  package let rows: [ComparisonRow]
  /// A line for each thing that was left out or is weaker than it could be.
  package let remarks: [String]

  /// `wanted`: methods by id; nil: the usual ones. `isMissing`: labels of clips to train on are
  /// missing. `extractor`: the best one present.
  package init(wanted: [String]?, isMissing: Bool, extractor: String, size: TrainingSize) {
    let names = (wanted ?? Self.usual).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let left = isMissing ? [] : names.filter(Self.needMissing.contains)
    let kept = names.filter { !left.contains($0) }
    rows = kept.map { Self.row($0, extractor, size) }
    var remarks: [String] = []
    if !left.isEmpty {
      remarks.append(
        "\(left.joined(separator: ", ")): left out, since no label is missing, so that "
          + (left.count == 1 ? "it is" : "they are") + " the same as b1")
    }
    if extractor == "band-net", kept.contains(where: Self.ofFeatures.contains) {
      remarks.append(
        "extractor: only band-net is there; mn04 would bring more (ESC-10, two labelled clips a "
          + "class: accuracy .95, musicnn .63); scant extractors says where to get it")
    }
    self.remarks = remarks
  }

  private static func row(
    _ method: String, _ extractor: String, _ size: TrainingSize
  ) -> ComparisonRow {
    let own = settings(method, extractor)
    let candidates =
      [ComparisonRow.Candidate(name: method, settings: own)]
      + others(method).map { label, change in
        ComparisonRow.Candidate(
          name: "\(method)-\(label)",
          settings: [own, change].filter { !$0.isEmpty }.joined(separator: ", "))
      }
    let epochs = method == "classic" ? 1 : method == "transfer" ? size.epochs : nil
    return ComparisonRow(
      name: method, title: ofFeatures.contains(method) ? "\(method) (\(extractor))" : method,
      method: method, candidates: candidates, epochs: epochs)
  }

  private static func settings(_ method: String, _ extractor: String) -> String {
    if method == "classic" { return "model.id: classic, training.epochs: 1" }
    return ofFeatures.contains(method) ? "extractor: \(extractor)" : ""
  }

  /// Other settings worth a try, with a short name: none of them changes a setting of the usual
  /// ones.
  private static func others(_ method: String) -> [(label: String, change: String)] {
    switch method {
    case "classic": [("forest", "model.learner: forest"), ("linear", "model.learner: svm-linear")]
    case "transfer":
      [("linear", "head: linear"), ("fast", "training.learningRate: 0.01")]
    default: [("slow", "training.learningRate: 0.0005")]
    }
  }
}
