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
  /// From the position of a training clip in `clips` to its number in `trainingClips`.
  let trainingNumbers: [Int: Int]
  /// Element n: the training clips with n known labels.
  private(set) var knownLabels: [Int]
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
    trainingNumbers = Dictionary(
      uniqueKeysWithValues: trainingClips.enumerated().map { ($1, $0) })
    for index in trainingClips {
      for (c, state) in snapshot.clips[index].labels.prefix(counts.count).enumerated() {
        counts[c].add(state)
        training.add(state)
      }
    }
    var known = [Int](repeating: 0, count: snapshot.classes.count + 1)
    for index in trainingClips {
      known[min(snapshot.classes.count, snapshot.clips[index].known)] += 1
    }
    knownLabels = known
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
  func trainingClip(_ number: Int) -> ClipRow { clips[trainingClips[number]] }
}

extension OpenDataset {
  /// Shows a training clip's label as answered by hand, or as missing again.
  mutating func set(_ state: LabelState, clip: Int, class c: Int) {
    let before = snapshot.clips[clip].labels[c]
    knownLabels[min(classes.count, snapshot.clips[clip].known)] -= 1
    snapshot.clips[clip].labels[c] = state
    knownLabels[min(classes.count, snapshot.clips[clip].known)] += 1
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

extension ClipRow {
  /// Missing where the data set says nothing of the class.
  func label(of c: Int) -> LabelState { labels[at: c] ?? .missing }

  /// Labels that are not missing.
  var known: Int { labels.count { $0.isObserved } }

  /// Whether the clip holds the class in truth; nil where that is unknown.
  func truth(of c: Int) -> Bool? { truth?[at: c] }
}

extension LabelState {
  /// As something to draw.
  var mark: LabelMark { isAnswered ? .human : LabelMark(rawValue: rawValue) ?? .missing }

  /// `1`, `0` or `?`.
  var answer: String { isPositive ? "1" : isNegative ? "0" : "?" }
}

/// How many labels of a class are positive, negative, missing …
public struct LabelCounts: Sendable, Equatable {
  public var positive = 0
  public var negative = 0
  /// Masked and teacher-filled labels.
  public var other = 0
  public var total = 0
  /// Of the positive and negative ones, those answered by hand.
  public var answered = 0

  public init(
    positive: Int = 0, negative: Int = 0, other: Int = 0, total: Int = 0, answered: Int = 0
  ) {
    self.positive = positive
    self.negative = negative
    self.other = other
    self.total = total
    self.answered = answered
  }

  public var missing: Int { total - positive - negative - other }
  public var observed: Int { positive + negative }
  /// Missing labels per label, 0…1; 0 where there are none at all.
  public var missingShare: Double { total == 0 ? 0 : Double(missing) / Double(total) }
  public var observedShare: Double { total == 0 ? 0 : Double(observed) / Double(total) }

  public static func + (a: LabelCounts, b: LabelCounts) -> LabelCounts {
    LabelCounts(
      positive: a.positive + b.positive, negative: a.negative + b.negative,
      other: a.other + b.other, total: a.total + b.total, answered: a.answered + b.answered)
  }
}

extension LabelCounts {
  /// The mark of a cell for several labels: the most frequent one.
  var prevailing: LabelMark {
    if other > observed { return .masked }
    if 2 * answered > observed { return .human }
    return positive >= negative ? .positive : .negative
  }
}

/// Running sums of the labels of clips in some order, so that the counts of any class over any
/// range of clips cost two look-ups: the missingness map draws thousands of them a frame.
public struct LabelSums: Sendable, Equatable {
  public let classes: Int
  public let clips: Int
  /// `[C, N + 1]`: labels of the first n clips.
  private let positive, negative, other, answered: [Int32]

  /// `label(class, position)` answers for the clip at `position` of the order.
  public init(classes: Int, clips: Int, label: (Int, Int) -> LabelState) {
    self.classes = classes
    self.clips = clips
    var positive = [Int32](repeating: 0, count: classes * (clips + 1))
    var negative = positive, other = positive, answered = positive
    for c in 0..<classes {
      let row = c * (clips + 1)
      for n in 0..<clips {
        let state = label(c, n), i = row + n
        positive[i + 1] = positive[i] + (state.isPositive ? 1 : 0)
        negative[i + 1] = negative[i] + (state.isNegative ? 1 : 0)
        other[i + 1] = other[i] + (state.isObserved || state == .missing ? 0 : 1)
        answered[i + 1] = answered[i] + (state.isAnswered ? 1 : 0)
      }
    }
    (self.positive, self.negative, self.other) = (positive, negative, other)
    self.answered = answered
  }

  /// Counts of class `c` over the clips at these positions; positions outside are dropped.
  public func counts(of c: Int, in range: Range<Int>) -> LabelCounts {
    let range = range.clamped(to: 0..<clips)
    guard (0..<classes).contains(c) else { return LabelCounts() }
    let low = c * (clips + 1) + range.lowerBound, high = c * (clips + 1) + range.upperBound
    return LabelCounts(
      positive: Int(positive[high] - positive[low]), negative: Int(negative[high] - negative[low]),
      other: Int(other[high] - other[low]), total: range.count,
      answered: Int(answered[high] - answered[low]))
  }
}
