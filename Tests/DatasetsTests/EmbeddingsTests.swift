// Features that methods learn from: of a clip, and of the part of it that a model hears.
import Acoustics
import Autograd
import Datasets
import Testing

@Suite struct EmbeddingsTests {
  /// One feature in T frames of 1 s; frame t of clip i is 10·i + t.
  private func frames(_ i: Int, _ count: Int) -> Spectrogram {
    Spectrogram(bands: 1, frames: count, values: (0..<count).map { Float(10 * i + $0) })
  }

  private func clip(_ id: String) -> Clip {
    Clip(id: id, audio: nil, split: .train, seconds: 10, labels: [1])
  }

  private func embeddings(_ counts: [Int], keepsFrames: Bool = true) -> Embeddings {
    let clips = counts.indices.map { clip("\($0)") }
    let features = counts.enumerated().map { ("\($0)", frames($0, $1)) }
    return Embeddings(
      Features(Dictionary(uniqueKeysWithValues: features)), of: clips, train: clips,
      keepsFrames: keepsFrames)
  }

  /// The value before the standardization by the means 4.5 and 14.5 of two clips of 10 frames.
  private func raw(_ vector: [Float]?) throws -> Float {
    try #require(vector?.first) * 5 + 9.5
  }

  @Test func aPartIsTheMeanOfTheFramesInIt() throws {
    let own = embeddings([10, 10])
    #expect(own.hasParts)
    #expect(try raw(own["0"]) == 4.5 && raw(own["1"]) == 14.5)
    // 2 to 5 s: the frames with their middle at 2.5, 3.5 and 4.5 s.
    #expect(try abs(raw(own["0", 0.2..<0.5]) - 3) < 1e-5)
    #expect(try abs(raw(own["1", 0.25..<0.55]) - 13) < 1e-5)
    #expect(try abs(raw(own["1", 0.0..<1.0]) - 14.5) < 1e-5)
    // Less than a frame: the nearest one.
    #expect(try abs(raw(own["0", 0.71..<0.74]) - 7) < 1e-5)
    #expect(try abs(raw(own["0", 0.99..<1.0]) - 9) < 1e-5)
    #expect(own["nobody", 0.0..<0.5] == nil)
  }

  @Test func oneVectorAClipHasNoParts() throws {
    let single = embeddings([1, 1])
    #expect(!single.hasParts && single["0", 0.0..<0.3] == single["0"])
    let whole = embeddings([10, 10], keepsFrames: false)
    #expect(!whole.hasParts && whole["0", 0.0..<0.3] == whole["0"])
  }

  /// Spectrograms of 100 frames, of which a model hears 20: features follow what is heard.
  @Test(arguments: [true, false]) func batchesHaveFeaturesOfWhatIsHeard(isAligned: Bool) throws {
    let clips = [clip("0"), clip("1")]
    let sounds = ["0", "1"].map { id in
      (id, Spectrogram(bands: 1, frames: 100, values: (0..<100).map { Float($0) }))
    }
    let own = embeddings([10, 10], keepsFrames: isAligned)
    let loader = Loader(
      clips: clips, features: Features(Dictionary(uniqueKeysWithValues: sounds)),
      standardizer: .identity(1), classes: ["x"], frames: 20,
      segmentation: Segmentation(seconds: 2), embeddings: ["e": own])
    var heard = Set<Int>()
    for epoch in 0..<40 {
      let batch = loader.batch([1, 0], epoch: epoch, seed: 1)
      let features = try #require(batch.embeddings["e"])
      for (row, id) in ["1", "0"].enumerated() {
        let start = Int(batch.input.values[row * 20])
        let part = Double(start) / 100..<Double(start + 20) / 100
        #expect([features.values[row]] == (isAligned ? own[id, part] : own[id]))
        heard.insert(start)
      }
    }
    #expect(heard.count > 20)
    #expect(loader.batch([0]).embeddings["e"]?.values == own["0"])
  }
}
