import Canvas
import Lab

/// The open data set with the counts that screens show of it, made once when it arrives.
public struct OpenDataset: Sendable, Equatable {
  public private(set) var snapshot: DatasetSnapshot
  /// Over the training clips, one a class: the labels that a method learns from.
  public private(set) var counts: [LabelCounts]
  /// Train, validation, test (and whatever else the data set names), in that order.
  public let splits: [(name: String, clips: Int)]
  /// Training split, all classes together: what "observed share" means.
  public private(set) var training: LabelCounts
  /// Positions in `clips` of the training split; of all clips where there is no such split.
  public let trainingClips: [Int]
  /// From the id of a training clip to its position in `clips`.
  let places: [String: Int]
  public let seconds: Double
  public let hasTruth: Bool

  public init(_ snapshot: DatasetSnapshot) {
    self.snapshot = snapshot
    var counts = [LabelCounts](repeating: LabelCounts(), count: snapshot.classes.count)
    var training = LabelCounts()
    var splits: [String: Int] = [:]
    var seconds = 0.0
    for clip in snapshot.clips {
      splits[clip.split, default: 0] += 1
      seconds += clip.seconds
    }
    trainingClips = Self.training(snapshot.clips)
    places = Dictionary(
      trainingClips.map { (snapshot.clips[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    for index in trainingClips {
      for (c, state) in snapshot.clips[index].labels.prefix(counts.count).enumerated() {
        counts[c].add(state)
        training.add(state)
      }
    }
    self.counts = counts
    self.training = training
    self.seconds = seconds
    self.splits = Self.ordered(splits)
    hasTruth = snapshot.clips.contains { $0.truth != nil }
  }

  private static func training(_ clips: [ClipRow]) -> [Int] {
    let found = clips.indices.filter { clips[$0].split == "train" }
    return found.isEmpty ? Array(clips.indices) : found
  }

  private static func ordered(_ splits: [String: Int]) -> [(name: String, clips: Int)] {
    let known = ["train", "validation", "test"]
    let rest = splits.keys.filter { !known.contains($0) }.sorted()
    return (known + rest).compactMap { name in splits[name].map { (name, $0) } }
  }

  public static func == (a: OpenDataset, b: OpenDataset) -> Bool { a.snapshot == b.snapshot }

  public var classes: [String] { snapshot.classes }
  public var clips: [ClipRow] { snapshot.clips }
}

extension OpenDataset {
  /// Shows a training clip's label as answered by hand, or as missing again.
  mutating func set(_ state: LabelState, clip: Int, class c: Int) {
    let before = snapshot.clips[clip].labels[c]
    snapshot.clips[clip].labels[c] = state
    for (label, sign) in [(before, -1), (state, 1)] {
      counts[c].add(label, sign)
      training.add(label, sign)
    }
  }
}

extension LabelCounts {
  mutating func add(_ state: LabelState, _ sign: Int = 1) {
    total += sign
    if state.isPositive { positive += sign }
    if state.isNegative { negative += sign }
    if state.isAnswered { answered += sign }
    if !state.isObserved, state != .missing { other += sign }
  }
}

extension LabelState {
  /// As something to draw.
  var mark: LabelMark { isAnswered ? .human : LabelMark(rawValue: rawValue) ?? .missing }

  /// `1`, `0` or `?`.
  var answer: String { isPositive ? "1" : isNegative ? "0" : "?" }
}
