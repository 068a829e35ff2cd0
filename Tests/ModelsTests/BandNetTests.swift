// The extractor that comes with the program.
import Acoustics
import Autograd
import Formats
import Foundation
import Models
import Testing

private func tone(_ hertz: Double, seconds: Double, rate: Int = 16_000) -> Waveform {
  let count = Int(seconds * Double(rate))
  return Waveform(
    samples: (0..<count).map { Float(0.1 * sin(2 * .pi * hertz * Double($0) / Double(rate))) },
    sampleRate: rate)
}

@Suite struct BandNetTests {
  private func open() throws -> any Extractor {
    try ExtractorCatalog.open("band-net", ["SCANT_WEIGHTS": "/nowhere", "HOME": "/nowhere"])
  }

  @Test func weightsComeWithTheProgram() throws {
    let folder = try #require(try BandNet.packaged())
    let size =
      try FileManager.default.attributesOfItem(
        atPath: folder.appendingPathComponent(BandNet.fileName).path)[.size] as? Int
    #expect((size ?? 0) > 100_000 && (size ?? .max) <= 2 << 20)
  }

  @Test func threeSecondsAreFiveSegments() throws {
    let extractor = try open()
    let embed = try extractor.makeWorker()
    let spectrogram = try embed(tone(440, seconds: 3))
    #expect(spectrogram.bands == 128 && spectrogram.frames == 5)
    #expect(spectrogram.values.allSatisfy { $0.isFinite })
    // A steady tone has steady embeddings; another tone has others.
    let (first, second) = (spectrogram.frames(1..<2).values, spectrogram.frames(2..<3).values)
    let other = try embed(tone(880, seconds: 3)).frames(1..<2).values
    func distance(_ a: [Float], _ b: [Float]) -> Float {
      zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
    }
    #expect(distance(first, other) > 20 * distance(first, second))
    #expect(try embed(tone(440, seconds: 0.2)).frames == 1)
    #expect(try embed(tone(440, seconds: 1, rate: 44_100)).frames == 1)
    #expect(throws: AudioError.self) { try embed(Waveform(samples: [], sampleRate: 16_000)) }
  }

  @Test func otherWeightsAreRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(BandNet.fileName)
    let moments = Safetensors.Entry(shape: [64], values: [Float](repeating: 1, count: 64))
    try Safetensors.write(["standardizer.mean": moments], metadata: [:], to: file)
    let first = #expect(throws: Problem.self) { try BandNet(weights: folder) }
    #expect(first?.description.contains("there is no 'standardizer.std'") == true)
    try Safetensors.write(
      ["standardizer.mean": moments, "standardizer.std": moments], metadata: [:], to: file)
    let second = #expect(throws: Problem.self) { try BandNet(weights: folder) }
    #expect(second?.description.contains("no band net") == true)
  }
}
