// The clips of one split as training and evaluation see them.
import Autograd
import Datasets
import Layers

/// Clips with labels, and batches of them. A `Loader` is one; tests make their own.
package protocol SplitData: Sendable {
  var clips: [Clip] { get }
  /// Indices into `clips`, shuffled for an epoch.
  func order(epoch: Int, seed: Int) -> [Int]
  /// The same batch on each call.
  func batch(_ indices: [Int]) -> Batch
  /// A batch to train on, with a segment of each longer clip that is drawn for the epoch.
  func batch(_ indices: [Int], epoch: Int, seed: Int) -> Batch
  /// The number S of segments whose mean probabilities are those of the clip.
  var segments: Int { get }
  /// The input for one segment, 0..<S, of each clip.
  func view(_ indices: [Int], segment: Int) -> Tensor
}

extension Loader: SplitData {}

/// Clips that are not cut into segments.
extension SplitData {
  package func batch(_ indices: [Int], epoch: Int, seed: Int) -> Batch { batch(indices) }
  package var segments: Int { 1 }
  package func view(_ indices: [Int], segment: Int) -> Tensor { batch(indices).input }
}

extension SplitData {
  /// The number of labels, observed or missing.
  var entries: Int { clips.reduce(0) { $0 + $1.labels.count } }
  /// The number of observed labels.
  var observed: Int { clips.reduce(0) { $0 + $1.labels.count { $0 != nil } } }
}

// MARK: scoring

extension SplitData {
  /// The probabilities [B, C] of these clips, row by row: the mean over their segments.
  func probabilities(of classifier: any Classifier, at indices: [Int]) -> [Float] {
    func scores(_ segment: Int) -> [Float] {
      classifier(view(indices, segment: segment), .evaluation()).probabilities.values
    }
    guard segments > 1 else { return scores(0) }
    var sum = scores(0)
    for segment in 1..<segments {
      for (place, value) in scores(segment).enumerated() { sum[place] += value }
    }
    return sum.map { $0 / Float(segments) }
  }

  /// The probabilities [N, C] of all clips, in their order.
  func probabilities(of classifier: any Classifier, batch size: Int) -> [Float] {
    stride(from: 0, to: clips.count, by: size).flatMap { start in
      probabilities(of: classifier, at: Array(start..<min(start + size, clips.count)))
    }
  }
}

extension LabelState {
  /// The same label, answered by a person.
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
  /// One letter per class.
  var letters: String {
    var states = labels.map { LabelState($0) }
    for column in answered { states[column] = states[column].answered }
    return String(states.map(\.letter))
  }
}
