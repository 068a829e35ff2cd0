// How far apart some training clips lie, once an epoch: by the model, and by what it learns from.
import Datasets
import Foundation
import Methods

/// Cosine distances between all pairs of N ≤ 32 clips, to three decimals.
public struct Distances: Codable, Sendable, Equatable {
  public var extractor: String
  /// N ids, the same ones in every epoch.
  public var clips: [String]
  /// [N, N] each, row-major: by the model's embedding and by the extractor's features.
  public var ours, theirs: [Float]

  /// Most clips that are compared.
  public static let most = 32

  package init(extractor: String, clips: [String], ours: [Float], theirs: [Float]) {
    self.extractor = extractor
    self.clips = clips
    self.ours = ours
    self.theirs = theirs
  }

  init(_ report: DistanceReport, _ clips: [String]) {
    func short(_ values: [Float]) -> [Float] { values.map { ($0 * 1000).rounded() / 1000 } }
    self.init(
      extractor: report.extractor, clips: clips, ours: short(report.ours),
      theirs: short(report.theirs))
  }

  /// Places of the clips that are compared: equally far apart in a split of `count`.
  static func probe(of count: Int) -> [Int] {
    let wanted = min(count, most)
    return (0..<wanted).map { $0 * count / wanted }
  }
}

extension Trainer {
  /// Nothing where the method compares nothing.
  func reportDistances() {
    guard let learner, !plan.embeddings.isEmpty else { return }
    let batch = plan.train.batch(Distances.probe(of: plan.train.clips.count))
    for report in learner.method.distances(batch) {
      emit(.distances(Distances(report, batch.clips)))
    }
  }
}
