// The clips of one split as training sees them, and how batches of them are made.
import Autograd
import Datasets
import Layers

package struct SplitData: Sendable {
  package let clips: [Clip]
  /// Indices into `clips`, shuffled for an epoch.
  package let order: @Sendable (_ epoch: Int, _ seed: Int) -> [Int]
  /// The same clips the same way, whenever it is asked.
  package let batch: @Sendable (_ indices: [Int]) -> Batch
  /// Clips to train on: of longer ones a piece drawn for the epoch.
  package let lesson: @Sendable (_ indices: [Int], _ epoch: Int, _ seed: Int) -> Batch
  /// What is scored: S views of each clip, the mean of whose probabilities is the clip's.
  package let segments: Int
  package let view: @Sendable (_ indices: [Int], _ segment: Int) -> Tensor

  package init(
    clips: [Clip], order: @escaping @Sendable (_ epoch: Int, _ seed: Int) -> [Int],
    batch: @escaping @Sendable (_ indices: [Int]) -> Batch,
    lesson: (@Sendable (_ indices: [Int], _ epoch: Int, _ seed: Int) -> Batch)? = nil,
    segments: Int = 1, view: (@Sendable (_ indices: [Int], _ segment: Int) -> Tensor)? = nil
  ) {
    self.clips = clips
    self.order = order
    self.batch = batch
    self.lesson = lesson ?? { indices, _, _ in batch(indices) }
    self.segments = segments
    self.view = view ?? { indices, _ in batch(indices).input }
  }

  init(_ loader: Loader) {
    self.init(
      clips: loader.clips, order: { loader.order(epoch: $0, seed: $1) },
      batch: { loader.batch($0) }, lesson: { loader.batch($0, epoch: $1, seed: $2) },
      segments: loader.segments, view: { loader.view($0, segment: $1) })
  }

  var entries: Int { clips.reduce(0) { $0 + $1.labels.count } }
  var observed: Int { clips.reduce(0) { $0 + $1.labels.count { $0 != nil } } }

  func batches(of size: Int) -> Int { (clips.count + size - 1) / size }
}

// MARK: scoring

extension SplitData {
  /// [B, C] of these clips, row by row: the mean over their segments.
  func probabilities(of classifier: any Classifier, at indices: [Int]) -> [Float] {
    func answers(_ segment: Int) -> [Float] {
      classifier(view(indices, segment), .evaluation()).probabilities.values
    }
    guard segments > 1 else { return answers(0) }
    var sum = answers(0)
    for segment in 1..<segments {
      for (place, value) in answers(segment).enumerated() { sum[place] += value }
    }
    return sum.map { $0 / Float(segments) }
  }

  /// [N, C] of all, in the order of the clips.
  func probabilities(of classifier: any Classifier, batch size: Int) -> [Float] {
    stride(from: 0, to: clips.count, by: size).flatMap { start in
      probabilities(of: classifier, at: Array(start..<min(start + size, clips.count)))
    }
  }
}

extension LabelState {
  /// The same yes or no, given by hand.
  fileprivate var answered: LabelState {
    isPositive ? .answeredYes : isNegative ? .answeredNo : self
  }

  init(_ label: Float?) {
    guard let label else {
      self = .missing
      return
    }
    self = label >= 0.5 ? .positive : .negative
  }
}

extension Clip {
  /// One letter a class.
  var letters: String {
    var states = labels.map { LabelState($0) }
    for column in answered { states[column] = states[column].answered }
    return String(states.map(\.letter))
  }
}
