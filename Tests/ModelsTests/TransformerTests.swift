// The audio spectrogram transformer: names, shapes, and PyTorch's numbers where they are present.
import Autograd
import Formats
import Foundation
import Layers
import Models
import TestSupport
import Testing

/// `$SCANT_ACCURACY`: the folder that bench/accuracy_peers.py wrote.
private let accuracy = ProcessInfo.processInfo.environment["SCANT_ACCURACY"].map {
  URL(fileURLWithPath: $0).appendingPathComponent("ast-small")
}
/// `$SCANT_AST_BASE`: model.safetensors of random weights in the default configuration, with
/// reference.safetensors holding `input` [1, 1024, 128] and `output`.
private let base = ProcessInfo.processInfo.environment["SCANT_AST_BASE"].map {
  URL(fileURLWithPath: $0)
}

private func tensors(_ url: URL) throws -> [String: Tensor] {
  try Safetensors.read(url).tensors.mapValues { Tensor($0.values, $0.shape) }
}

@Suite struct TransformerTests {
  private func tiny() -> AudioSpectrogramTransformer {
    AudioSpectrogramTransformer(
      classes: 3, width: 24, heads: 2, depth: 2, frames: 47, mels: 37,
      random: RandomSource(Generator(seed: 1)))
  }

  @Test func namesAreThoseOfPublishedCheckpoints() {
    let names = Set(tiny().namedParameters.map(\.name))
    let layer = "audio_spectrogram_transformer.encoder.layer.1"
    for name in [
      "audio_spectrogram_transformer.embeddings.cls_token",
      "audio_spectrogram_transformer.embeddings.distillation_token",
      "audio_spectrogram_transformer.embeddings.position_embeddings",
      "audio_spectrogram_transformer.embeddings.patch_embeddings.projection.weight",
      "\(layer).attention.attention.query.weight", "\(layer).attention.attention.key.bias",
      "\(layer).attention.attention.value.weight", "\(layer).attention.output.dense.bias",
      "\(layer).intermediate.dense.weight", "\(layer).output.dense.weight",
      "\(layer).layernorm_before.weight", "\(layer).layernorm_after.bias",
      "audio_spectrogram_transformer.layernorm.weight", "classifier.layernorm.weight",
      "classifier.dense.bias",
    ] {
      #expect(names.contains(name), "\(name)")
    }
    #expect(names.count == 2 * 16 + 5 + 2 + 2 + 2)
  }

  @Test func smallHasTheStatedSize() {
    let model = AudioSpectrogramTransformer(
      classes: 20, width: 192, heads: 3, depth: 4, frames: 398, mels: 128,
      random: RandomSource(Generator(seed: 1)))
    #expect(model.trainableCount == 1_924_052)
  }

  @Test func gradientReachesInputAndEveryParameter() {
    let model = tiny()
    let input = Parameter(Sample.normal([2, 1, 47, 37]))
    let mode = Mode.training(RandomSource(Generator(seed: 2)))
    let slopes = gradients(of: model(input.tensor, mode).probabilities.sum())
    #expect(slopes[input]?.shape == [2, 1, 47, 37])
    for (name, parameter) in model.namedParameters {
      #expect(slopes[parameter]?.shape == parameter.value.shape, "\(name)")
    }
    let frozen = gradients(of: model(input.tensor, .evaluation()).probabilities.sum())
    #expect(frozen[input]?.values == slopes[input]?.values)
    #expect(model.namedParameters.allSatisfy { frozen[$0.parameter] == nil })
  }

  @Test func inputGradientAgreesWithDifferences() {
    let model = AudioSpectrogramTransformer(
      classes: 2, width: 8, heads: 2, depth: 2, frames: 26, mels: 16,
      random: RandomSource(Generator(seed: 3)))
    #expect(
      checkGradient("input", Sample.normal([1, 26, 16])) {
        model($0[0], .evaluation()).probabilities
      } == [])
  }

  @Test(.enabled(if: accuracy != nil, "SCANT_ACCURACY is not set"))
  func agreesWithTheDoubleReference() throws {
    let folder = try #require(accuracy)
    for (mode, limit) in [
      (Mode.training(RandomSource(Generator(seed: 1))), 1e-5),
      (Mode.training(RandomSource(Generator(seed: 1)), precision: .bf16), 2e-2),
    ] {
      let worst = try errors(folder, mode).max { $0.value < $1.value }
      print("ast-small \(mode.precision): worst \(worst?.key ?? ""), \(worst?.value ?? -1)")
      #expect(try #require(worst).value <= limit, "\(mode.precision) \(worst?.key ?? "")")
    }
  }

  /// L2-relative errors of output and gradients. Keys' biases have a gradient of exactly 0 and
  /// are measured against the queries'.
  private func errors(_ folder: URL, _ mode: Mode) throws -> [String: Double] {
    let model = AudioSpectrogramTransformer(
      classes: 20, width: 192, heads: 3, depth: 4, frames: 398, mels: 128,
      random: RandomSource(Generator(seed: 1)))
    try model.restore(tensors(folder.appendingPathComponent("weights.safetensors")))
    let given = try tensors(folder.appendingPathComponent("fp32.safetensors"))
    let expected = try tensors(folder.appendingPathComponent("fp64.safetensors"))
    let input = Parameter(try #require(given["input"]))
    let prediction = model(input.tensor, mode)
    guard case .logits(let logits) = prediction.output else { return [:] }
    let slopes = gradients(
      of: prediction.binaryCrossEntropy(
        try #require(given["target"]), observed: try #require(given["observed"])))
    var found = ["output": logits, "gradient.input": slopes[input] ?? logits]
    for (name, parameter) in model.namedParameters {
      found["gradient.\(name)"] = slopes[parameter]
    }
    var errors: [String: Double] = [:]
    for (name, tensor) in found {
      var wanted = try #require(expected[name], "\(name)").values.map(Double.init)
      if name.hasSuffix("key.bias") {
        let query = name.replacingOccurrences(of: "key.bias", with: "query.bias")
        let scale = try #require(expected[query]).values
        wanted = zip(wanted, scale).map { $0 + Double($1) }
        errors[name] = relativeDistance(zip(tensor.values, scale).map(+), wanted)
      } else {
        errors[name] = relativeDistance(tensor.values, wanted)
      }
    }
    return errors
  }

  @Test(.enabled(if: base != nil, "SCANT_AST_BASE is not set"))
  func baseAgreesWithPublishedImplementation() throws {
    let folder = try #require(base)
    let model = AudioSpectrogramTransformer(
      classes: 527, random: RandomSource(Generator(seed: 1)))
    try model.restore(tensors(folder.appendingPathComponent("model.safetensors")))
    let reference = try tensors(folder.appendingPathComponent("reference.safetensors"))
    let input = try #require(reference["input"])
    let wanted = try #require(reference["output"]).values.map(Double.init)
    for (precision, limit) in [(Precision.fp32, 1e-5), (.bf16, 2e-2)] {
      let prediction = model(input, .evaluation(precision: precision))
      guard case .logits(let logits) = prediction.output else { continue }
      let error = relativeDistance(logits.values, wanted)
      let largest = zip(logits.values, wanted).map { abs(Double($0) - $1) }.max() ?? 0
      print("ast-base \(precision): \(error), largest difference \(largest)")
      #expect(error <= limit)
    }
  }
}
