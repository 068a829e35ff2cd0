extension Metric {
  /// The one metric by which a comparison ranks its methods: accuracy where exactly one class of
  /// each clip is positive, otherwise the mean F1 of both sides, which a missing positive and a
  /// false alarm lower alike.
  public static func headline(isSingleLabel: Bool) -> Metric {
    isSingleLabel ? .accuracy : .f1MacroBoth
  }
}
