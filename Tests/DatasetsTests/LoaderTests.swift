// From spectrograms to batches.
import Acoustics
import Autograd
import Datasets
import Testing

@Suite struct LoaderTests {
  /// Two bands; band b of clip i runs from 10b + i.
  private func spectrogram(_ i: Int, frames: Int = 3) -> Spectrogram {
    let values = (0..<2).flatMap { b in (0..<frames).map { Float(10 * b + i + $0) } }
    return Spectrogram(bands: 2, frames: frames, values: values)
  }

  private func clip(_ id: String, _ labels: [Float?], truth: [Float]? = nil) -> Clip {
    Clip(id: id, audio: nil, split: .train, seconds: 1, labels: labels, truth: truth)
  }

  @Test func standardizesEveryBandOverClipsAndFrames() {
    let spectrograms = (0..<4).map { spectrogram($0) }
    let standardizer = Standardizer(fitting: spectrograms)
    #expect(standardizer.mean == [2.5, 12.5])
    // Variance of start (1.25) plus that of frame (2/3).
    #expect(abs(standardizer.std[0] - 1.384437) < 1e-5)
    let values = spectrograms.map { standardizer($0).values[3..<6] }.joined()
    #expect(abs(values.reduce(0, +)) < 1e-4)
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 12 - 1) < 1e-4)
  }

  @Test func constantBandsBecomeZero() {
    let flat = Spectrogram(bands: 1, frames: 4, values: [7, 7, 7, 7])
    let standardizer = Standardizer(fitting: [flat])
    #expect(standardizer.std == [1])
    #expect(standardizer(flat).values == [0, 0, 0, 0])
  }

  @Test func packsBatchesWithoutLeakingHiddenLabels() {
    let clips = [
      clip("a", [1, nil], truth: [1, 1]), clip("b", [nil, 0.5]), clip("lost", [1, 1]),
      clip("c", [0, 1]),
    ]
    let features = Features(["a": spectrogram(0), "b": spectrogram(1), "c": spectrogram(2)])
    let loader = Loader(
      clips: clips, features: features,
      standardizer: Standardizer(mean: [0, 10], std: [1, 2]), classes: ["x", "y"])
    #expect(loader.clips.map(\.id) == ["a", "b", "c"])
    let batch = loader.batch([2, 0])
    #expect(batch.clips == ["c", "a"])
    #expect(batch.input.shape == [2, 1, 2, 3])
    #expect(batch.input.values == [2, 3, 4, 1, 1.5, 2, 0, 1, 2, 0, 0.5, 1])
    #expect(batch.targets.values == [0, 1, 1, 0])
    #expect(batch.observed.values == [1, 1, 1, 0])
    #expect(loader.batch([1]).targets.values == [0, 0.5])
    #expect(loader.batch([1]).observed.values == [0, 1])
  }

  @Test func rowsOfUnlabelledClipsAreMarked() {
    let clips = [clip("a", [1]), clip("b", [nil]), clip("c", [nil], truth: [1])]
    let loader = Loader(
      clips: clips,
      features: Features(["a": spectrogram(0), "b": spectrogram(1), "c": spectrogram(2)]),
      standardizer: Standardizer(mean: [0, 10], std: [1, 1]), classes: ["x"])
    #expect(clips.map(\.isUnlabelled) == [false, true, false])
    #expect(loader.batch([2, 1, 0]).unlabelled == [1])
    #expect(loader.batch([0]).unlabelled.isEmpty)
  }

  @Test func padsShorterClipsWithTheMean() {
    let loader = Loader(
      clips: [clip("a", [1]), clip("b", [0])],
      features: Features(["a": spectrogram(1, frames: 2), "b": spectrogram(1)]),
      standardizer: Standardizer(mean: [0, 10], std: [1, 1]), classes: ["x"])
    #expect(loader.batch([0]).input.values == [1, 2, 0, 1, 2, 0])
  }

  @Test func ordersAreSeededPermutations() {
    let ids = (0..<50).map(String.init)
    let features = Features(Dictionary(uniqueKeysWithValues: ids.map { ($0, spectrogram(0)) }))
    let loader = Loader(
      clips: ids.map { clip($0, [1]) }, features: features,
      standardizer: Standardizer(mean: [0, 0], std: [1, 1]), classes: ["x"])
    let order = loader.order(epoch: 1, seed: 3)
    #expect(order.sorted() == Array(0..<50))
    #expect(order == loader.order(epoch: 1, seed: 3))
    #expect(order != loader.order(epoch: 2, seed: 3))
    #expect(order != loader.order(epoch: 1, seed: 4))
  }
}
