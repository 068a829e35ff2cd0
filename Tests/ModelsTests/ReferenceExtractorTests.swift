// Extractors from sound to embedding, reading weight files as other programs write them.
import Acoustics
import Autograd
import Formats
import Foundation
import Models
import TestSupport
import Testing

/// `$SCANT_REFERENCE`: the folder that `script/golden/extractors.py reference` wrote.
private let reference = ProcessInfo.processInfo.environment["SCANT_REFERENCE"].map {
  URL(fileURLWithPath: $0)
}

@Suite(.enabled(if: reference != nil, "SCANT_REFERENCE is not set"), .serialized)
struct ReferenceExtractorTests {
  private func result(_ name: String) throws -> (shape: [Int], values: [Float]) {
    try NPY.read(try #require(reference).appendingPathComponent("results/\(name).npy"))
  }

  private func sound(_ rate: Int) throws -> Waveform {
    Waveform(samples: try result("sound-\(rate)").values, sampleRate: rate)
  }

  /// Relative L2 distance of the embeddings [T, D] of a sound from the file's.
  private func error(
    _ id: String, _ layer: String, folder: String? = nil, rate: Int
  ) throws -> Double {
    let root = try #require(reference).appendingPathComponent(folder ?? id)
    let extractor = try ExtractorCatalog.open(id, layer: layer, root: root)
    let ours = try extractor.makeWorker()(try sound(rate))
    let wanted = try result("\(id)-\(layer.replacingOccurrences(of: "-music", with: ""))")
    #expect(wanted.shape == [ours.frames, ours.bands])
    let rows = (0..<ours.frames).flatMap { t in (0..<ours.bands).map { ours[$0, t] } }
    let error = relativeDistance(rows, wanted.values.map(Double.init))
    print("\(folder ?? id) \(layer): \(error)")
    return error
  }

  @Test(arguments: ["vggish", "vggish-legacy"])
  func vggish(_ folder: String) throws {
    #expect(try error("vggish", "raw", folder: folder, rate: 16_000) < 1e-4)
    // One step of 255 where a value lies at a threshold.
    #expect(try error("vggish", "embedding", folder: folder, rate: 16_000) < 5e-4)
    #expect(try error("vggish", "openmic", folder: folder, rate: 16_000) < 5e-4)
  }

  @Test(arguments: OpenL3.Layer.all.filter { $0.content == .music })
  func openL3(_ layer: OpenL3.Layer) throws {
    #expect(try error("openl3", layer.name, rate: 48_000) < 1e-4)
  }

  @Test(arguments: ["embedding", "probabilities"])
  func ast(_ layer: String) throws {
    #expect(try error("ast", layer, rate: 16_000) < 1e-4)
  }
}
