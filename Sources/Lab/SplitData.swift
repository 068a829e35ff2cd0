// The clips of one split as training sees them, and how batches of them are made.
import Datasets

package struct SplitData: Sendable {
  package let clips: [Clip]
  /// Indices into `clips`, shuffled for an epoch.
  package let order: @Sendable (_ epoch: Int, _ seed: Int) -> [Int]
  package let batch: @Sendable (_ indices: [Int]) -> Batch

  package init(
    clips: [Clip], order: @escaping @Sendable (_ epoch: Int, _ seed: Int) -> [Int],
    batch: @escaping @Sendable (_ indices: [Int]) -> Batch
  ) {
    self.clips = clips
    self.order = order
    self.batch = batch
  }

  var entries: Int { clips.reduce(0) { $0 + $1.labels.count } }
  var observed: Int { clips.reduce(0) { $0 + $1.labels.count { $0 != nil } } }

  func batches(of size: Int) -> Int { (clips.count + size - 1) / size }
}

extension LabelState {
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
  var letters: String { String(labels.map { LabelState($0).letter }) }
}
