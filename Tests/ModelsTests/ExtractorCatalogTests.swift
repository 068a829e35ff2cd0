// The list of extractors, the places their weights are looked for, and clear errors.
import Acoustics
import Autograd
import Formats
import Foundation
import Models
import TestSupport
import Testing

@Suite struct ExtractorCatalogTests {
  @Test func cardsAreComplete() {
    for type in ExtractorCatalog.all {
      let card = type.card
      #expect(ExtractorCatalog.find(card.id)?.card == card)
      #expect(!card.layers.isEmpty && !card.files.isEmpty && !card.paper.isEmpty)
      #expect(Set(card.layers.map(\.name)).count == card.layers.count)
    }
    #expect(Set(ExtractorCatalog.all.map { $0.card.id }).count == ExtractorCatalog.all.count)
  }

  @Test func idsInSettingsAreThoseOfTheCatalog() {
    #expect(ModelInput.extractors == ExtractorCatalog.ids)
  }

  @Test func weightsAreLookedForInOrder() {
    let set = ["SCANT_WEIGHTS": "/w", "XDG_DATA_HOME": "/d", "HOME": "/h"]
    #expect(
      ExtractorCatalog.folders(for: "vggish", set).map(\.path)
        == ["/w/vggish", "/d/scant/weights/vggish"])
    #expect(
      ExtractorCatalog.folders(for: "ast", ["HOME": "/h", "XDG_DATA_HOME": "relative"]).map(\.path)
        == ["/h/.local/share/scant/weights/ast"])
  }

  private func message(_ body: () throws -> any Extractor) -> String? {
    #expect(throws: Problem.self) { _ = try body() }?.description
  }

  @Test func missingWeightsNameFilesAndFolders() {
    let nowhere = ["SCANT_WEIGHTS": "/nowhere", "XDG_DATA_HOME": "/void"]
    #expect(
      message { try ExtractorCatalog.open("ast", nowhere) }
        == "/nowhere/ast: no weights for 'ast'; expected in /nowhere/ast or "
        + "/void/scant/weights/ast: model.safetensors of MIT/ast-finetuned-audioset-10-10-0.4593 "
        + "at Hugging Face; to download it: scant fetch ast")
    #expect(
      message { try ExtractorCatalog.open("vggish", root: URL(fileURLWithPath: "/nowhere")) }
        == "/nowhere/vggish-10086976.pth: no such file; expected vggish-10086976.pth of "
        + "harritaylor/torchvggish, release v0.1 and vggish_pca_params-970ea276.pth of "
        + "harritaylor/torchvggish, release v0.1 (not needed for --layer raw); to download it: "
        + "scant fetch vggish")
    for type in ExtractorCatalog.all {
      let card = type.card
      let text = message {
        try ExtractorCatalog.open(card.id, root: URL(fileURLWithPath: "/nowhere"))
      }
      #expect(text?.hasPrefix("/nowhere/") == true && text?.contains(card.files[0]) == true)
    }
    #expect(
      message { try ExtractorCatalog.open("wav2vec") }?.hasPrefix(
        "wav2vec: no such extractor; expected one of vggish, openl3") == true)
    #expect(
      message { try ExtractorCatalog.open("ast", layer: "tags", root: URL(fileURLWithPath: "/")) }
        == "ast: no layer 'tags'; expected one of embedding, probabilities")
  }

  @Test func aReferenceNamesALayer() throws {
    let env = ExtractorReference("openl3:mel256-env-512")
    #expect(env.id == "openl3" && env.layer == "mel256-env-512")
    #expect(ExtractorReference("openl3", layer: "mel256-env-512") == env)
    #expect(ExtractorReference("openl3", layer: "default").text == "openl3")
    #expect(ExtractorReference("openl3").layer == nil)
    #expect(try ExtractorCatalog.dimension(of: "openl3") == 512)
    #expect(try ExtractorCatalog.dimension(of: "openl3:linear-env-6144") == 6144)
    #expect(throws: Problem.self) { try ExtractorCatalog.dimension(of: "openl3:mtt-tags") }
    let nowhere = URL(fileURLWithPath: "/nowhere")
    let missing = message { try ExtractorCatalog.open(env.text, root: nowhere) }
    #expect(missing?.hasPrefix("/nowhere/openl3_audio_mel256_env.h5: no such file") == true)
    let unknown = message { try ExtractorCatalog.open("musicnn:x", root: nowhere) }
    #expect(unknown?.hasPrefix("musicnn: no layer 'x'; expected one of mtt-dense200, ") == true)
  }

  @Test func keysOfWeightsDependOnEveryValue() {
    let tensors = ["a": Tensor([1, 2], [2]), "b": Tensor([3], [1])]
    let changed: [[String: Tensor]] = [
      tensors, ["a": Tensor([1, 2.5], [2]), "b": Tensor([3], [1])],
      ["a": Tensor([1, 2], [1, 2]), "b": Tensor([3], [1])],
      ["a": Tensor([1, 2], [2]), "c": Tensor([3], [1])], ["a": Tensor([1, 2], [2])],
    ]
    #expect(Set(changed.map { WeightTable(file: "x", $0).digest }).count == changed.count)
    #expect(WeightTable(file: "y", tensors).digest == WeightTable(file: "x", tensors).digest)
  }

  @Test func segmentOrderDoesNotDependOnTheBatch() {
    let spectrogram = Spectrogram(bands: 2, frames: 7, values: (0..<14).map(Float.init))
    for batch in [1, 2, 5] {
      let ours = Segments.embed(4, batch: batch) { range in
        Segments.patches(spectrogram, range, length: 2)
      } network: {
        $0.reshape([$0.shape[0], 4])
      }
      #expect(
        ours.values == [0, 2, 4, 6, 7, 9, 11, 13, 1, 3, 5, 0, 8, 10, 12, 0])
    }
  }
}

@Suite struct FrontEndCatalogTests {
  @Test(arguments: FrontEndCatalog.all)
  func everyFrontEndWorks(_ frontEnd: FrontEnd) throws {
    var generator = Generator(seed: 3)
    let samples = (0..<32_000).map { _ in Float(generator.normal(std: 0.1)) }
    let spectrogram = try frontEnd(Waveform(samples: samples, sampleRate: 16_000))
    #expect(spectrogram.bands == frontEnd.transform.bands)
    #expect(spectrogram.values.allSatisfy { $0.isFinite })
    let count = frontEnd.frequencies().count
    #expect(count == spectrogram.bands || count == 0)
    let read = try JSONDecoder().decode(FrontEnd.self, from: JSONEncoder().encode(frontEnd))
    #expect(read == frontEnd)
    #expect(FrontEndCatalog.find(frontEnd.id) == frontEnd)
  }

  @Test func keysDiffer() {
    #expect(Set(FrontEndCatalog.all.map(\.key)).count == FrontEndCatalog.all.count)
    #expect(FrontEndCatalog.find("log") == nil)
  }
}
