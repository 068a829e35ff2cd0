// The transformer of the catalogue: sizes, weights from files, positions of other lengths.
import Acoustics
import Autograd
import Formats
import Foundation
import Layers
import Models
import TestSupport
import Testing

private func random(_ seed: Int = 1) -> RandomSource { RandomSource(Generator(seed: seed)) }

private let tiny: [String: SettingValue] = [
  "width": .integer(32), "layers": .integer(1), "heads": .integer(1),
]

private func make(
  _ settings: [String: SettingValue] = tiny, bands: Int = 26, frames: Int = 46,
  seed: Int = 1
) throws -> any Classifier {
  try ASTModel.make(
    classes: 3, input: InputSize(bands: bands, frames: frames),
    settings: Settings(settings, of: ASTModel.card), random: random(seed))
}

/// Weights of a transformer of width 32 that was trained on `frames` frames of 26 bands.
private func weights(frames: Int, seed: Int = 5) throws -> WeightTable {
  let network = AudioSpectrogramTransformer(
    classes: 7, width: 32, heads: 1, depth: 1, frames: frames, mels: 26, random: random(seed))
  return WeightTable(file: "tiny", network.state)
}

private func model(_ table: WeightTable, frames: Int, bands: Int = 26) throws -> ASTModel {
  try ASTModel(
    classes: 3, input: InputSize(bands: bands, frames: frames), weights: table, random: random())
}

private let positions = "audio_spectrogram_transformer.embeddings.position_embeddings"

@Suite struct ASTModelTests {
  @Test func inputOfTheModel() throws {
    guard case .frontEnd(let plain, let isStandardized) = ASTModel.input(Settings()) else { return }
    #expect(plain == FrontEnd.ast && !isStandardized)
    let raw = ASTModel.input(
      try Settings(["normalize": .flag(false), "frames": .integer(304)], of: ASTModel.card))
    guard case .frontEnd(let raw, _) = raw, case .kaldiFbank(let settings) = raw.transform else {
      Issue.record("no filter bank")
      return
    }
    #expect(settings.frames == 304 && settings.normalization == nil && raw.id == "ast-raw")
  }

  /// The short way to the embedding and the one through all patches agree.
  @Test func encodedPatchesComeWithTheSameEmbedding() throws {
    let model = try #require(try make() as? ASTModel)
    let input = Sample.normal([2, 1, 26, 46])
    let (patches, embedding) = model.encoded(input, .evaluation())
    // 2 rows of 4 patches of 16 × 16 with stride 10.
    #expect(patches.shape == [2, 8, 32] && model.patches(of: input).shape == [2, 8, 256])
    for (a, b) in zip(embedding.values, model(input, .evaluation()).embedding.values) {
      #expect(abs(a - b) < 1e-4)
    }
  }

  /// Positions are cut to the length of the input; heads do not show in shapes.
  @Test func weightsOfAFileReplaceTheBody() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let body = try weights(frames: 66).tensors.filter { !$0.key.hasPrefix(ASTModel.head) }
    func write(_ recipe: String) throws {
      let entries = body.mapValues { Safetensors.Entry(shape: $0.shape, values: $0.values) }
      try Safetensors.write(entries, metadata: ["recipe": recipe], to: file)
    }
    var settings = tiny
    settings["weights"] = .choice(file.path)
    try write("model:\n  heads: 1\n")
    let started = try make(settings).state
    for (name, tensor) in body where name != positions {
      #expect(started[name]?.values == tensor.values, "\(name)")
    }
    #expect(started[positions]?.shape == [1, 10, 32])
    try write("model:\n  heads: 2\n")
    let error = #expect(throws: Problem.self) { try make(settings) }
    #expect(error.map { "\($0)".contains("heads: 2; expected model.heads 1") } == true)
  }

  @Test func spectrogramsAreTransposedForTheNetwork() throws {
    let model = try make()
    let input = Sample.normal([2, 1, 26, 46])
    let turned = input.reshape([2, 26, 46]).transpose([0, 2, 1])
    let one = model(input, .evaluation()).embedding
    #expect(one.shape == [2, 32])
    #expect(one.values == model(turned, .evaluation()).embedding.values)
  }

  @Test func impossibleSizesAreRefused() {
    var crooked = tiny
    crooked["heads"] = .integer(3)
    let first = #expect(throws: SettingsError.self) { try make(crooked) }
    #expect(first?.description.contains("3 heads do not divide the width 32") == true)
    let second = #expect(throws: SettingsError.self) { try make(bands: 12) }
    #expect(second?.description.contains("12 bands") == true)
  }

  @Test func pretrainedWeightsGetANewHead() throws {
    let table = try weights(frames: 46)
    let model = try model(table, frames: 46)
    #expect(model.origin == WeightOrigin(file: "tiny", digest: table.digest))
    #expect(model.embeddingWidth == 32)
    for (name, parameter) in model.body {
      #expect(parameter.value.values == table.tensors[name]?.values, "\(name)")
    }
    let input = Sample.normal([2, 1, 26, 46])
    #expect(model(input, .evaluation()).probabilities.shape == [2, 3])
    let original = AudioSpectrogramTransformer(
      classes: 7, width: 32, heads: 1, depth: 1, frames: 46, mels: 26, random: random(9))
    try original.restore(table.tensors)
    let turned = input.reshape([2, 26, 46]).transpose([0, 2, 1])
    #expect(
      model(input, .evaluation()).embedding.values
        == original(turned, .evaluation()).embedding.values)
  }

  /// 46 frames have four places in time, 26 bands two rows.
  @Test func positionsAreCroppedFromTheMiddle() throws {
    let table = try weights(frames: 46)
    let whole = try #require(table.tensors[positions]).values
    let cut = try #require(try model(table, frames: 26).state[positions])
    #expect(cut.shape == [1, 2 + 2 * 2, 32])
    let kept = [0, 1, 2 + 1, 2 + 2, 2 + 4 + 1, 2 + 4 + 2]
    #expect(cut.values == kept.flatMap { whole[$0 * 32..<($0 + 1) * 32] })
  }

  /// PyTorch's interpolate, bilinear, from 2 to 4 places: 0, ¼, ¾, 1 of the way.
  @Test func positionsAreInterpolated() throws {
    let table = try weights(frames: 26)
    let whole = try #require(table.tensors[positions]).values
    let wide = try #require(try model(table, frames: 46).state[positions])
    #expect(wide.shape == [1, 2 + 2 * 4, 32])
    for row in 0..<2 {
      for (place, share) in [0, 0.25, 0.75, 1].enumerated() as EnumeratedSequence<[Float]> {
        for i in 0..<32 {
          let (a, b) = (whole[(2 + 2 * row) * 32 + i], whole[(3 + 2 * row) * 32 + i])
          let found = wide.values[(2 + 4 * row + place) * 32 + i]
          #expect(abs(found - (a * (1 - share) + b * share)) < 1e-6)
        }
      }
    }
  }

  @Test func otherFilesAreOneLineErrors() throws {
    let table = try weights(frames: 46)
    let cases: [(WeightTable, Int, String)] = [
      (WeightTable(file: "x", ["a": .zeros([1])]), 26, "no transformer that is known"),
      (table, 36, "are not a grid of 3 rows"),
      (
        WeightTable(file: "x", table.tensors.filter { !$0.key.hasSuffix("key.bias") }), 26,
        "key.bias"
      ),
    ]
    for (table, bands, words) in cases {
      let error = #expect(throws: Problem.self) {
        try model(table, frames: 46, bands: bands)
      }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
  }

  /// The classes that the file was trained on, for embeddings of the network with a new head.
  @Test func oldClassesStayReadable() throws {
    let table = try weights(frames: 46)
    let whole = AudioSpectrogramTransformer(
      classes: 7, width: 32, heads: 1, depth: 1, frames: 46, mels: 26, random: random(9))
    try whole.restore(table.tensors)
    let model = try model(table, frames: 46)
    let input = Sample.normal([2, 1, 26, 46])
    let embedding = model(input, .evaluation()).embedding
    #expect(model.sourceClasses == 7)
    let frames = input.reshape([2, 26, 46]).transpose([0, 2, 1])
    let expected = whole(frames, .evaluation()).logits.values
    let found = model.sourceLogits(embedding).values
    #expect(found.count == 14)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    // Not a part of the state, and never trained.
    #expect(model.namedParameters.count == whole.namedParameters.count)
    let leaf = Parameter(embedding)
    let slopes = gradients(of: model.sourceLogits(leaf.tensor).sum())
    #expect(slopes[leaf]?.values.contains { $0 != 0 } == true)
    #expect(try (make() as? ASTModel)?.sourceClasses == 0)
  }

  @Test func missingWeightsNameFilesAndFolders() {
    let nowhere = ["SCANT_WEIGHTS": "/nowhere", "XDG_DATA_HOME": "/void"]
    let error = #expect(throws: Problem.self) {
      try PublishedTransformer.read("ast", nowhere)
    }
    #expect(error?.description.contains("/nowhere/ast or /void/scant/weights/ast") == true)
  }

  @Test func weightFolderIsRead() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = root.appendingPathComponent("ast")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let table = try weights(frames: 46)
    try Safetensors.write(
      table.tensors.mapValues { Safetensors.Entry(shape: $0.shape, values: $0.values) },
      metadata: [:], to: folder.appendingPathComponent("model.safetensors"))
    let read = try PublishedTransformer.read("ast", ["SCANT_WEIGHTS": root.path])
    #expect(read.digest == table.digest)
  }
}
