// Over how many classes a mean over classes runs, said where such means are printed.

extension EvalEnd {
  /// One line where some classes are left out of the means over classes; nil where none is.
  public var coverage: String? {
    let all = perClass.count
    let known = perClass.count { $0.positives > 0 }
    let both = perClass.count { $0.positives > 0 && $0.observed > $0.positives }
    guard both < all else { return nil }
    return "of \(all) classes, f1-macro, ap-macro and auprc-macro are means over the \(known) with "
      + "an observed positive, f1-macro-both and roc-auc-macro over the \(both) with a negative too"
  }
}

extension RunFolder {
  /// That of the run's test.
  public func coverage() throws -> String? {
    for event in try EventLog.read(events, kinds: [.evalEnd]).events.reversed() {
      if case .evalEnd(let end) = event.body, end.split == "test" { return end.coverage }
    }
    return nil
  }
}
