// Pre-training of our own networks: the same file twice, and one that its reader takes. Needs
// FluidSynth and its SoundFont.
import Acoustics
import Datasets
import Foundation
import Lab
import Models
import Testing

@Suite(
  .enabled(if: (try? SoundFont.find()) != nil, "FluidSynth or its SoundFont absent"), .serialized)
struct PretrainingTests {
  @Test func pretrainingIsReproducible() throws {
    try Samples.withFolder { folder in
      let files = try ["a", "b"].map { name in
        let file = folder.appendingPathComponent("\(name)/\(BandNet.fileName)")
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let score = try Pretraining(.bandNet, seed: 3, notes: 1, epochs: 1)(to: file) { _, _, _ in
          true
        }
        #expect(score.notes == 112 && score.parameters == 118_161)
        return file
      }
      let isSame = try Data(contentsOf: files[0]) == Data(contentsOf: files[1])
      #expect(isSame)
      _ = try BandNet(weights: files[0].deletingLastPathComponent())
    }
  }

  @Test func pretrainingCanBeCancelled() throws {
    try Samples.withFolder { folder in
      let file = folder.appendingPathComponent("x.safetensors")
      #expect(throws: CancellationError.self) {
        _ = try Pretraining(.bandNet, notes: 1, epochs: 1)(to: file) { _, done, _ in done < 3 }
      }
      #expect(!FileManager.default.fileExists(atPath: file.path))
    }
  }
}
