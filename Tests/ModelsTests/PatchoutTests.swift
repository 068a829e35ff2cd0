// Patchout: training batches see fewer patches, evaluation sees all.
import Acoustics
import Autograd
import Layers
import Models
import Testing

@Suite struct PatchoutTests {
  private func model(_ share: Double) throws -> any Classifier {
    let settings = try Settings(
      [
        "width": .integer(16), "layers": .integer(2), "heads": .integer(2),
        "patchout": .real(share),
      ], of: ASTModel.card)
    return try ASTModel.make(
      classes: 3, input: InputSize(bands: 36, frames: 46), settings: settings,
      random: RandomSource(Generator(seed: 1)))
  }

  private let input: Tensor = {
    var generator = Generator(seed: 2)
    return Tensor((0..<2 * 36 * 46).map { _ in Float(generator.normal()) }, [2, 1, 36, 46])
  }()

  private func embedding(_ share: Double, seed: Int) throws -> [Float] {
    let mode = Mode.training(RandomSource(Generator(seed: seed)))
    let model = try model(share)
    return model(input, mode).embedding.values
  }

  @Test func evaluationSeesAllPatches() throws {
    let (plain, thinned) = (try model(0), try model(0.5))
    let whole = plain(input, .evaluation()).embedding.values
    #expect(thinned(input, .evaluation()).embedding.values == whole)
    #expect(try embedding(0, seed: 1) == whole, "a model without dropout")
  }

  @Test func trainingDrawsOtherPatchesEachTime() throws {
    let (first, second) = (try embedding(0.5, seed: 1), try embedding(0.5, seed: 2))
    #expect(first != second && first.allSatisfy(\.isFinite))
    #expect(try embedding(0.5, seed: 1) == first)
    #expect(try embedding(0.9, seed: 1).allSatisfy(\.isFinite), "one patch stays")
  }

  @Test func gradientsReachThePositionsOfKeptPatchesOnly() throws {
    let model = try model(0.5)
    let mode = Mode.training(RandomSource(Generator(seed: 1)))
    let slopes = gradients(of: model(input, mode).embedding.squared().sum())
    let name = "audio_spectrogram_transformer.embeddings.position_embeddings"
    let positions = try #require(model.namedParameters.first { $0.name == name }?.parameter)
    let values = try #require(slopes[positions]).values
    let count = positions.value.shape[1]
    let moved = (0..<count).count { place in
      values[place * 16..<(place + 1) * 16].contains { $0 != 0 }
    }
    #expect(moved == 2 + (count - 2) / 2)
  }
}
