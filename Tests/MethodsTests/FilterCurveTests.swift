// FilterAugment: its curve against the authors' code, and what it does to a batch.
import Autograd
import Datasets
import Foundation
import Layers
import Methods
import TestSupport
import Testing

@Suite struct FilterCurveTests {
  @Test(
    .enabled(if: SharedData.isPresent, "the golden values lie in ../shared/data/golden/losses"),
    arguments: try GoldenLoss.all("filteraugment"))
  func curve(of golden: GoldenLoss) throws {
    let isPrototype = golden.words["type"] == "prototype"
    let curve = FilterCurve(
      golden.words["type"] == "linear" ? .linear : .step, bands: 40,
      draws: try golden.values("in_raw_boundary_ints").map { Int($0) },
      leastWidth: isPrototype ? 0 : nil)
    try golden.expect(curve.boundaries.map { Float($0) }, equal: "out_boundaries")
    let levels = try golden.values("out_band_db").map { Double($0) }
    var filtered = try golden.values("in_features")
    for clip in 0..<3 {
      let own = Array(levels[clip * curve.levelCount..<(clip + 1) * curve.levelCount])
      let gains = curve.values(own).map { Float(pow(10, $0 / 20)) }
      try golden.expect(gains, equal: "out_filter", row: clip)
      for place in 0..<160 { filtered[clip * 160 + place] *= gains[place / 4] }
    }
    try golden.expect(filtered, equal: "out_features_out")
  }

  private func batch(bands: Int) -> Batch {
    Batch(
      clips: ["a", "b"], input: .zeros([2, 1, bands, 3]), targets: .zeros([2, 1]),
      observed: .zeros([2, 1]))
  }

  @Test(arguments: [FilterCurve.Shape.linear, .step])
  func everyFrameOfAClipGetsTheSameCurve(shape: FilterCurve.Shape) {
    let augmentation = Augmentation(filter: 0.5, filterShape: shape)
    let mode = Mode.training(RandomSource(Generator(seed: 3)))
    let values = augmentation(batch(bands: 40), mode).input.values
    for row in stride(from: 0, to: values.count, by: 3) {
      #expect(Set(values[row..<row + 3]).count == 1)
    }
    let first = stride(from: 0, to: 120, by: 3).map { values[$0] }
    let second = stride(from: 120, to: 240, by: 3).map { values[$0] }
    #expect(first != second, "each clip has its own levels")
    #expect((first + second).allSatisfy { abs($0) <= 0.5 })
    #expect(Set(first).count <= (shape == .step ? 4 : 40) && Set(first).count > 1)
  }

  @Test func fewBandsAreLeftAlone() {
    let mode = Mode.training(RandomSource(Generator(seed: 3)))
    #expect(Augmentation(filter: 1)(batch(bands: 1), mode).input.values == [0, 0, 0, 0, 0, 0])
    for seed in 0..<40 {
      let mode = Mode.training(RandomSource(Generator(seed: seed)))
      let values = Augmentation(filter: 1)(batch(bands: 7), mode).input.values
      #expect(values.contains { $0 != 0 })
    }
  }
}
