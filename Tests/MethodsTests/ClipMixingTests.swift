// Clips that are added in power: their spectrograms, and what is known of their labels.
import Acoustics
import Autograd
import Datasets
import Foundation
import Layers
import Methods
import Testing

private let frontEnd = LogMel.band

private func training(_ seed: Int) -> Mode { .training(RandomSource(Generator(seed: seed))) }

/// Half a second: a tone in soft noise.
private func sound(hertz: Double, seed: Int) -> Waveform {
  var generator = Generator(seed: seed)
  let samples = (0..<8000).map { n in
    Float(0.3 * sin(2 * .pi * hertz * Double(n) / 16_000) + generator.normal(std: 0.01))
  }
  return Waveform(samples: samples, sampleRate: 16_000)
}

@Suite struct ClipMixingTests {
  private let sounds = [sound(hertz: 440, seed: 1), sound(hertz: 2500, seed: 2)]
  private let mean = (0..<64).map { Float($0) / 40 - 5 }
  private let std = (0..<64).map { 1 + Float($0) / 64 }

  private var scale: PowerScale {
    get throws {
      let input = ModelInput.frontEnd(.band, standardized: true)
      return try #require(PowerScale(input, mean: mean, std: std))
    }
  }

  private func standardized(_ spectrogram: Spectrogram) -> [Float] {
    spectrogram.values.enumerated().map { place, value in
      let band = place / spectrogram.frames
      return (value - mean[band]) / std[band]
    }
  }

  /// Two clips: of class 0 present and unknown, of class 1 absent and absent, of class 2 absent and
  /// unknown, of class 3 unknown and unknown.
  private func batch() throws -> Batch {
    let pictures = try sounds.map { try frontEnd($0) }
    return Batch(
      clips: ["a", "b"],
      input: Tensor(
        pictures.flatMap(standardized), [2, 1, pictures[0].bands, pictures[0].frames]),
      targets: Tensor([1, 0, 0, 0, 0, 0, 0, 0], [2, 4]),
      observed: Tensor([1, 1, 1, 0, 0, 1, 0, 0], [2, 4]),
      embeddings: ["vggish": Tensor([1, 3], [2, 1])])
  }

  @Test func powersOfTheClipsAddUp() throws {
    var linear = frontEnd
    linear.compression = .none
    let powers = try sounds.map { try linear($0) }
    var sum = powers[0]
    for i in sum.values.indices {
      sum.values[i] = log(powers[0].values[i] + powers[1].values[i] + 1e-6)
    }
    let mixed = Augmentation(mixClips: 1, scale: try scale)(try batch(), training(1))
    for clip in mixed.input.values.split(count: 2) {
      for (value, expected) in zip(clip, standardized(sum)) {
        #expect(abs(value - expected) < 2e-4)
      }
    }
  }

  /// The sounds are uncorrelated, so the spectrogram of their sum is near the sum of their powers.
  @Test func mixtureSoundsLikeTheSumOfTheWaveforms() throws {
    let both = Waveform(
      samples: zip(sounds[0].samples, sounds[1].samples).map { $0 + $1 }, sampleRate: 16_000)
    let expected = standardized(try frontEnd(both))
    let mixed = Augmentation(mixClips: 1, scale: try scale)(try batch(), training(1))
    let own = try batch().input.values
    func distance(_ values: ArraySlice<Float>) -> Float {
      zip(values, expected).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(expected.count)
    }
    let apart = distance(mixed.input.values[..<expected.count])
    let before = distance(own[..<expected.count])
    #expect(apart < 0.2 && apart < 0.5 * before, "\(apart), one clip alone: \(before)")
  }

  @Test func labelsAreTheUnionOfWhatIsKnown() throws {
    let mixed = Augmentation(mixClips: 1, scale: try scale)(try batch(), training(1))
    for clip in 0..<2 {
      let places = clip * 4..<clip * 4 + 4
      #expect(Array(mixed.targets.values[places]) == [1, 0, 0, 0])
      #expect(Array(mixed.observed.values[places]) == [1, 1, 0, 0])
    }
    #expect(mixed.embeddings["vggish"]?.values == [2, 2])
  }

  @Test func aShareOfTheClipsIsMixed() throws {
    let own = try batch().input.values.split(count: 2).map { Array($0) }
    var changed = 0
    for seed in 0..<200 {
      let mixed = Augmentation(mixClips: 0.25, scale: try scale)(try batch(), training(seed))
      changed += zip(mixed.input.values.split(count: 2), own).count { Array($0) != $1 }
    }
    #expect((60...140).contains(changed), "a quarter of 400: \(changed)")
    let quiet = Augmentation(mixClips: 1, scale: try scale)(try batch(), .evaluation())
    #expect(quiet.input.values == (try batch()).input.values)
  }

  @Test func backgroundsMakeNegativesUnknown() throws {
    var batch = try batch()
    let augmentation = Augmentation(background: 1, scale: try scale)
    #expect(augmentation(batch, training(1)).input.values == batch.input.values, "none came")
    batch.background = Tensor(
      Array(batch.input.values.split(count: 2)[1]), [1] + batch.input.shape.dropFirst())
    let mixed = augmentation(batch, training(1))
    #expect(mixed.observed.values == [1, 0, 0, 0, 0, 0, 0, 0])
    #expect(mixed.targets.values == batch.targets.values)
    let scale = try scale
    let frames = batch.input.shape[3], place = batch.input.count / 2 + 20 * frames + 5
    let (before, after) = (batch.input.values[place], mixed.input.values[place])
    let ratio = scale.power(of: after, band: 20) / scale.power(of: before, band: 20)
    #expect((1.009...2.001).contains(ratio), "0 to 20 dB below itself: \(ratio)")
  }

  private func synthesis(_ values: [String: SettingValue]) throws -> Synthesis {
    let random = RandomSource(Generator(seed: 3))
    let shape = Array(try batch().input.shape.dropFirst())
    return try Synthesis(
      MethodSetup(
        makeModel: {
          ToyClassifier(inputs: shape.reduce(1, *), classes: 4, random: random)
        }, classes: 4, input: shape, settings: try Settings(values, of: Synthesis.card),
        augmentation: Augmentation(scale: try scale), plannedSteps: 10, random: random))
  }

  /// Eight clips; clip n alone has class n / 2 and the rest is known to be absent.
  private func eight() throws -> Batch {
    let pictures = try batch().input.values.split(count: 2).map { Array($0) }
    let targets = (0..<8).flatMap { n in (0..<4).map { Float($0 == n / 2 ? 1 : 0) } }
    return Batch(
      clips: (0..<8).map(String.init),
      input: Tensor(
        (0..<8).flatMap { pictures[$0 % 2] }, [8] + (try batch()).input.shape.dropFirst()),
      targets: Tensor(targets, [8, 4]), observed: Tensor(repeating: 1, [8, 4]))
  }

  @Test func synthesisReplacesAShareByMixtures() throws {
    let source = try eight()
    var generator = Generator(seed: 4)
    var sizes = Set<Int>()
    for _ in 0..<20 {
      let mixed = try synthesis(["share": .real(0.5), "polyphony": .integer(4)])
        .mixed(source, &generator)
      let rows = zip(mixed.input.values.split(count: 8), source.input.values.split(count: 8))
      #expect(rows.count { Array($0) != Array($1) } == 4)
      #expect(mixed.observed.values.allSatisfy { $0 == 1 })
      for row in mixed.targets.values.split(count: 8) { sizes.insert(Int(row.reduce(0, +))) }
      for (before, after) in zip(source.targets.values, mixed.targets.values) {
        #expect(after >= before, "what is there stays there")
      }
    }
    #expect(sizes == [1, 2, 3, 4])
    var unlabelled = source
    unlabelled.unlabelled = Set(0..<8)
    let alone = try synthesis(["share": .real(1)]).mixed(unlabelled, &generator)
    #expect(alone.input.values == source.input.values, "unlabelled clips make no labelled mixture")
  }
}

extension [Float] {
  /// Equal parts.
  fileprivate func split(count parts: Int) -> [ArraySlice<Float>] {
    let size = self.count / parts
    return (0..<parts).map { self[$0 * size..<($0 + 1) * size] }
  }
}
