// Pieces of clips: where they begin, what fills them up, and vectors joined to what is scored.
import Acoustics
import Autograd
import Datasets
import Testing

@Suite struct SegmentTests {
  /// Two bands; frame t of clip i is 100·i + t in the first, its negative in the second.
  private func spectrogram(_ i: Int, frames: Int) -> Spectrogram {
    let row = (0..<frames).map { Float(100 * i + $0) }
    return Spectrogram(bands: 2, frames: frames, values: row + row.map { -$0 })
  }

  private func clip(_ id: String) -> Clip {
    Clip(id: id, audio: nil, split: .train, seconds: 1, labels: [1])
  }

  private func loader(_ lengths: [Int], scored: Int = 16, frames: Int = 5) -> Loader {
    let ids = lengths.indices.map { "\($0)" }
    let spectrograms = lengths.enumerated().map { ("\($0)", spectrogram($0, frames: $1)) }
    return Loader(
      clips: ids.map(clip), features: Features(Dictionary(uniqueKeysWithValues: spectrograms)),
      standardizer: .identity(2), classes: ["x"], frames: frames,
      segmentation: Segmentation(seconds: 1, scored: scored))
  }

  @Test func scoringSegmentsAreEvenlySpaced() {
    // 29.1 s and 5 s of the harmonic CNN: 1819 and 313 frames, a piece every 94.
    let starts = (0..<16).map { Segmentation.start($0, of: 16, length: 313, total: 1819) }
    #expect(starts == (0..<16).map { 94 * $0 })
    #expect(Segmentation.start(15, of: 16, length: 313, total: 200) == 0)
    let loader = loader([21, 5], scored: 4)
    #expect(loader.segments == 4 && loader.frames == 5)
    #expect(loader.view([0], segment: 0).values.prefix(5) == [0, 1, 2, 3, 4])
    #expect(loader.view([0], segment: 3).values.prefix(5) == [12, 13, 14, 15, 16])
    #expect(loader.view([1], segment: 3).values.prefix(5) == [100, 101, 102, 103, 104])
    #expect(loader.view([0, 1], segment: 1).shape == [2, 1, 2, 5])
  }

  @Test func shortClipsAreScoredOnce() {
    let loader = loader([5, 3])
    #expect(loader.segments == 1)
    #expect(loader.view([1], segment: 0).values == [100, 101, 102, 0, 0, -100, -101, -102, 0, 0])
  }

  @Test func trainingDrawsOneSegmentPerEpoch() {
    let loader = loader([40, 40])
    func start(_ clip: Int, _ epoch: Int, seed: Int = 1) -> Int {
      Int(loader.batch([clip], epoch: epoch, seed: seed).input.values[0]) - 100 * clip
    }
    let starts = (0..<200).map { start(0, $0) }
    #expect(starts.min() == 0 && starts.max() == 35 && Set(starts).count > 30)
    #expect(starts == (0..<200).map { start(0, $0) })
    #expect(starts != (0..<200).map { start(1, $0) })
    #expect(starts != (0..<200).map { start(0, $0, seed: 2) })
    let piece = loader.batch([0], epoch: 3, seed: 1).input.values
    #expect((1..<5).allSatisfy { piece[$0] == piece[0] + Float($0) })
    #expect((0..<5).allSatisfy { piece[5 + $0] == -piece[$0] })
  }

  @Test func shortClipsAreZeroPaddedAtRandomPositions() {
    let loader = loader([40, 3])
    let rows = (0..<60).map { Array(loader.batch([1], epoch: $0, seed: 1).input.values.prefix(5)) }
    let known: Set<[Float]> = [
      [100, 101, 102, 0, 0], [0, 100, 101, 102, 0], [0, 0, 100, 101, 102],
    ]
    #expect(Set(rows) == known)
  }

  @Test func croppingPadsWithZeros() {
    let whole = spectrogram(0, frames: 4)
    #expect(whole.cut(from: 1, frames: 2).values == [1, 2, -1, -2])
    #expect(whole.cut(from: -1, frames: 3).values.prefix(3) == [0, 0, 1])
    #expect(whole.cut(from: 3, frames: 3).values.prefix(3) == [3, 0, 0])
    #expect(whole.cut(from: 9, frames: 2).values == [0, 0, 0, 0])
  }

  @Test func wholeClipsAreTheSameInTrainingAndScoring() {
    let features = Features(["0": spectrogram(0, frames: 4), "1": spectrogram(1, frames: 6)])
    let loader = Loader(
      clips: [clip("0"), clip("1")], features: features, standardizer: .identity(2),
      classes: ["x"])
    #expect(loader.segments == 1 && loader.frames == 6)
    let batch = loader.batch([1, 0])
    #expect(batch.input.values == loader.batch([1, 0], epoch: 4, seed: 2).input.values)
    #expect(batch.input.values == loader.view([1, 0], segment: 0).values)
  }

  @Test func featureVectorsAreAppendedForScoring() {
    let vectors = Features([
      "0": Spectrogram(bands: 3, frames: 1, values: [1, 2, 3]),
      "1": Spectrogram(bands: 3, frames: 1, values: [5, 6, 7]),
    ])
    let features = Features([
      "0": spectrogram(0, frames: 2), "1": spectrogram(1, frames: 2),
      "2": spectrogram(2, frames: 2),
    ])
    let loader = Loader(
      clips: ["0", "1", "2"].map(clip), features: features,
      standardizer: Standardizer(mean: [0, 0, 1, 0, 0], std: [1, 1, 1, 2, 1]),
      classes: ["x"], companions: vectors, companionSize: 3)
    #expect(loader.clips.map(\.id) == ["0", "1"], "a clip without a vector is left out")
    #expect(loader.batch([1]).input.shape == [1, 1, 2, 2])
    let scored = loader.view([1, 0], segment: 0)
    #expect(scored.shape == [2, 7])
    #expect(scored.values.prefix(7) == [100, 101, -100, -101, 4, 3, 7])
    #expect(scored.values.suffix(3) == [0, 1, 3])
  }

  @Test func poolingConcatenatesMeans() {
    let clips = ["0", "1"].map(clip)
    let parts = [
      Features(["0": spectrogram(0, frames: 3), "1": spectrogram(1, frames: 3)]),
      Features(["0": spectrogram(2, frames: 1)]),
    ]
    let pooled = Features.pooled(parts, of: clips)
    #expect(pooled["0"]?.values == [1, -1, 200, -200])
    #expect(pooled["1"] == nil)
  }
}

@Suite struct TrainingFractionTests {
  private let clips = composedClips(60) + composedClips(10, split: .test)

  @Test func fractionsAreNestedAndDrawnPerSeed() {
    let some = TrainingFraction.keep(0.1, of: clips, seed: 1)
    let more = TrainingFraction.keep(0.5, of: clips, seed: 1)
    func train(_ clips: [Clip]) -> [String] { clips.filter { $0.split == .train }.map(\.id) }
    #expect(train(some).count == 6 && train(more).count == 30)
    #expect(Set(train(some)).isSubset(of: train(more)))
    #expect(more.filter { $0.split == .test } == clips.filter { $0.split == .test })
    #expect(train(some) != train(TrainingFraction.keep(0.1, of: clips, seed: 2)))
    #expect(train(more) == train(clips).filter(Set(train(more)).contains))
    #expect(TrainingFraction.keep(1, of: clips, seed: 1) == clips)
    #expect(train(TrainingFraction.keep(0.0001, of: clips, seed: 1)).count == 1)
  }
}
