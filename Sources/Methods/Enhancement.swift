// From a teacher's scores to the labels its student learns from.
import Autograd
import Datasets

/// One clip's labels after enhancing, C entries each.
package struct EnhancedLabels {
  package var targets, observed: [Float]
}

/// The masking step of label enhancing.
package struct Enhancement {
  package let labels: [Clip.ID: EnhancedLabels]
  package let report: MaskReport

  /// `beliefs`: the teacher's probabilities [N, C] of the N clips; per class, ⌊share · n⌋ of its n
  /// missing labels are masked, those with the highest scores, and among equals the earlier clips.
  package init(_ clips: [Clip], beliefs: [Float], share: Double, isLeaky: Bool = false) {
    let classes = clips.first?.labels.count ?? 0
    let missing = (0..<classes).map { k in clips.indices.filter { clips[$0].labels[k] == nil } }
    let masked = missing.enumerated().map { k, rows in
      let count = Int(share * Double(rows.count))
      let ranked = rows.sorted { a, b in
        let (x, y) = (beliefs[a * classes + k], beliefs[b * classes + k])
        return x == y ? a < b : x > y
      }
      return Array(ranked.prefix(count))
    }
    var told = clips.map { Enhancement.implicit($0, isLeaky: isLeaky) }
    for (k, rows) in masked.enumerated() {
      for row in rows { (told[row].observed[k], told[row].targets[k]) = (0, 0) }
    }
    labels = Dictionary(zip(clips.map(\.id), told), uniquingKeysWith: { first, _ in first })
    report = MaskReport(
      masked: masked, candidates: missing.map(\.count), probabilities: beliefs, clips: clips)
  }

  /// Every entry answered: missing labels as negatives or, leaking, as what they were.
  private static func implicit(_ clip: Clip, isLeaky: Bool) -> EnhancedLabels {
    let targets = clip.labels.enumerated().map { k, label in
      label ?? (isLeaky ? clip.hiddenLabel(k) : nil) ?? 0
    }
    return EnhancedLabels(targets: targets, observed: targets.map { _ in 1 })
  }
}

extension Batch {
  /// The batch with every missing label as a negative: all entries are observed.
  var missingAsNegative: Batch {
    var answered = self
    answered.targets = targets * observed
    answered.observed = Tensor(repeating: 1, observed.shape)
    return answered
  }
}
