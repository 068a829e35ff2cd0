// What lines of a log say together: their order, and the lengths that belong to the classes.
import Formats

/// The lines of a log so far, as far as later ones depend on them.
struct LogOrder: Sendable, Equatable {
  private var seq: UInt64?
  private var t: UInt64 = 0
  private var run: String?
  private var classes: Int?

  /// What is wrong with a line of a known kind (nil: an unknown one): the field, and what was
  /// expected. Fields of other shapes are no fault here.
  mutating func faults(
    _ kind: String?, _ fields: [String: JSONValue]
  ) -> [(field: String, text: String)] {
    var found: [(String, String)] = []
    if seq == nil, kind != RunStarted.kind {
      found.append(("event", "the first line is no hello; expected it to say what is trained"))
    }
    if let seq = fields["seq"]?.count {
      let expected = self.seq.map { $0 &+ 1 } ?? 1
      if seq != expected { found.append(("seq", "is \(seq); expected \(expected)")) }
      self.seq = seq
    } else {
      seq = seq ?? 0
    }
    if let t = fields["t"]?.count {
      if t < self.t { found.append(("t", "is \(t); expected \(self.t) or more")) }
      self.t = t
    }
    if let name = fields["run"]?.text {
      let expected = run ?? name
      if name != expected { found.append(("run", "is another run; expected the name before")) }
      run = expected
    }
    if kind == RunStarted.kind { classes = fields["classes"]?.list?.count }
    return found + lengths(kind, fields)
  }

  private func lengths(
    _ kind: String?, _ fields: [String: JSONValue]
  ) -> [(field: String, text: String)] {
    switch kind {
    case Scalars.kind: stretch(fields)
    case LoggedClips.kind: clips(fields)
    case ClipPrediction.kind:
      classed(fields["probs"]?.list?.count, "probs")
        + classed(fields["labels"]?.text?.count, "labels")
    case MaskDelta.kind:
      equal(fields["scores"]?.list?.count, fields["cells"]?.list?.count, "scores")
        + classed(fields["candidates"]?.list?.count, "candidates")
        + classed(fields["thresholds"]?.list?.count, "thresholds")
    case Distances.kind:
      ["ours", "theirs"].flatMap { name in
        equal(fields[name]?.list?.count, fields["clips"]?.list.map { $0.count * $0.count }, name)
      }
    default: []
    }
  }

  /// A value a class.
  private func classed(_ count: Int?, _ field: String) -> [(field: String, text: String)] {
    equal(count, classes, field, "one for each class")
  }

  private func equal(
    _ count: Int?, _ expected: Int?, _ field: String, _ why: String? = nil
  ) -> [(field: String, text: String)] {
    guard let count, let expected, count != expected else { return [] }
    let reason = why.map { ", \($0)" } ?? ""
    return [(field, "has \(count) values; expected \(expected)\(reason)")]
  }

  private func stretch(_ fields: [String: JSONValue]) -> [(field: String, text: String)] {
    guard let n = fields["n"]?.count.flatMap({ Int(exactly: $0) }) else { return [] }
    return (fields["series"]?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { name, values in
      equal(values.list?.count, n, "series.\(name)")
    }
  }

  private func clips(_ fields: [String: JSONValue]) -> [(field: String, text: String)] {
    let count = fields["clips"]?.list?.count
    let lists = ["labels", "truth", "files", "seconds"].flatMap { name in
      equal(fields[name]?.list?.count, count, name, "one for each clip")
    }
    let texts = ["labels", "truth"].flatMap { name in
      (fields[name]?.list ?? []).enumerated().lazy.compactMap { place, text in
        classed(text.text?.count, "\(name)[\(place)]").first
      }.prefix(1)
    }
    return lists + texts
  }
}
