// The harmonic CNN of the catalogue: published sizes, names, gradients and what it refuses.
import Acoustics
import Autograd
import Layers
import Models
import Testing

private func source(_ seed: Int) -> RandomSource { RandomSource(Generator(seed: seed)) }

@Suite struct HarmonicTaggerTests {
  /// Won et al. 2020, authors' code: 50 tags of MagnaTagATune, 17 classes of DCASE 2017.
  @Test func parameterCountsMatchThePaper() {
    let tagger = HarmonicTagger(classes: 50, random: source(1))
    #expect(tagger.trainableCount == 3_631_551)
    let sounds = HarmonicTagger(classes: 17, pools: .dcase, random: source(1))
    #expect(sounds.trainableCount == 3_623_070)
    #expect(tagger.namedParameters.first?.name == "hstft.bw_Q")
    #expect(tagger.state["conv_2d.res1.conv.weight"]?.shape == [128, 6, 3, 3])
  }

  @Test func qIsTrainedUnlessDisabled() throws {
    let small: [String: SettingValue] = [
      "width": .integer(2), "pools": .choice("dcase"), "dropout": .real(0),
    ]
    for learns in [true, false] {
      let model = try HarmonicTagger.make(
        classes: 3, input: InputSize(bands: 257, frames: 128),
        settings: Settings(
          small.merging(["learnQ": .flag(learns)]) { $1 }, of: HarmonicTagger.card),
        random: source(1))
      var generator = Generator(seed: 3)
      let power = (0..<2 * 257 * 128).map { _ in Float(generator.uniform()) }
      let prediction = model(Tensor(power, [2, 1, 257, 128]), .training(source(2)))
      #expect(prediction.probabilities.shape == [2, 3] && prediction.embedding.shape == [2, 4])
      let slopes = gradients(
        of: prediction.binaryCrossEntropy(
          .zeros([2, 3]), observed: Tensor(repeating: 1, [2, 3])))
      let q = try #require(model.namedParameters.first?.parameter)
      #expect(learns ? (slopes[q]?.item ?? 0) != 0 : slopes[q] == nil)
    }
  }

  @Test func segmentsHaveTheRequestedLength() throws {
    func segmentation(_ seconds: Double) throws -> Segmentation? {
      HarmonicTagger.segmentation(
        try Settings(["segment": .real(seconds)], of: HarmonicTagger.card))
    }
    #expect(HarmonicTagger.segmentation(Settings()) == Segmentation(seconds: 5, scored: 16))
    #expect(try segmentation(3)?.seconds == 3)
    #expect(try segmentation(0) == nil)
    #expect(CNN.segmentation(Settings()) == nil)
    #expect(try FrontEnd.harmonic.frames(ofSeconds: 5) == 313)
    #expect(try FrontEnd.harmonic.frames(ofSeconds: 3) == 188)
  }

  @Test(arguments: [
    (257, 287, "mtat", "model.pools: 287 frames are too few for mtat; expected at least 288"),
    (257, 127, "dcase", "model.pools: 127 frames are too few for dcase; expected at least 288"),
    (64, 313, "mtat", "harmonic-cnn takes no input of 64 bands; expected power spectra of 257"),
  ])
  func invalidInputIsAOneLineError(_ bands: Int, _ frames: Int, _ pools: String, _ expected: String)
  {
    let error = #expect(throws: SettingsError.self) {
      try HarmonicTagger.make(
        classes: 3, input: InputSize(bands: bands, frames: frames),
        settings: Settings(["pools": .choice(pools)], of: HarmonicTagger.card),
        random: source(1))
    }
    #expect(error.map { "\($0)".contains(expected) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test(arguments: [(HarmonicCNN.Pools.magnaTagATune, 288), (.dcase, 128)])
  func minimumNumberOfFramesIsAccepted(_ pools: HarmonicCNN.Pools, _ frames: Int) {
    let model = HarmonicTagger(classes: 2, width: 2, pools: pools, random: source(1))
    let x = Tensor(repeating: 0.5, [1, 1, 257, frames])
    #expect(model(x, .evaluation()).probabilities.shape == [1, 2])
  }
}
