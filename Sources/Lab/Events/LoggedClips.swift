// Clips that a run of another program brings in its log, since no catalogue has its data set.

/// Clips of one split with their labels, as the training saw them. Several such events add up.
public struct LoggedClips: EventBody {
  public static let kind = "clips"

  /// `train`, `validation` or `test`.
  public var split: String
  /// N ids; the training clips in the order that `MaskDelta.cells` counts in.
  public var clips: [String]
  /// N texts with a letter a class, as in `LabelState`.
  public var labels: [String]
  /// The same before labels were hidden; absent if the truth is not known.
  public var truth: [String]?
  /// N sound files, relative to the run's folder or absolute; absent if there are none.
  public var files: [String]?
  /// Of each clip; absent if it is not known.
  public var seconds: [Double]?
}
