/// Clips as vectors: tones and noise measure what they are.
import Acoustics
import Foundation
import TestSupport
import Testing

@Suite struct ClipStatisticsTests {
  private let settings = ClipStatistics()

  @Test func centroidOfAToneIsItsFrequency() throws {
    let tone = Waveform(
      samples: (0..<44_100).map { Float(0.5 * sin(2 * .pi * 1000 * Double($0) / 22_050)) },
      sampleRate: 22_050)
    let found = try measures(tone)
    // The first and last frames are half silent, so the spectrum is a little wider there.
    #expect(abs((found["centroid mean"] ?? 0) - 1000) < 40)
    #expect((found["spread mean"] ?? 1e9) < 400)
    #expect(abs((found["roll-off mean"] ?? 0) - 1000) < 60)
    #expect(abs((found["zero crossings mean"] ?? 0) - 2000 / 22_050) < 0.004)
    #expect(abs((found["rms mean"] ?? 0) - 0.5 / Float(2).squareRoot()) < 0.01)
    #expect((found["flatness mean"] ?? 1) < 0.01)
    #expect((found["flux mean"] ?? 1) < 0.05)
  }

  @Test func noiseHasHighFlatness() throws {
    var state: UInt64 = 9
    let noise = Waveform(
      samples: (0..<44_100).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 23) - 1
      }, sampleRate: 22_050)
    let found = try measures(noise)
    #expect(abs((found["centroid mean"] ?? 0) - 5512) < 200)
    // The mean of ln of an exponential variable is −γ: e^−γ = 0.5615.
    #expect(abs((found["flatness mean"] ?? 0) - 0.5615) < 0.03)
    #expect(abs((found["zero crossings mean"] ?? 0) - 0.5) < 0.03)
  }

  @Test func silenceIsFinite() throws {
    let silence = Waveform(samples: [Float](repeating: 0, count: 9000), sampleRate: 8000)
    let vector = try settings(silence)
    #expect(vector.count == settings.count && vector.allSatisfy { $0.isFinite })
    #expect(settings.names.count == settings.count && Set(settings.names).count == settings.count)
    let one = try settings(Waveform(samples: [0.5], sampleRate: 22_050))
    #expect(one.allSatisfy { $0.isFinite })
  }

  @Test func invalidInputIsAnError() {
    #expect(throws: AudioError.self) { try settings(Waveform(samples: [], sampleRate: 8000)) }
    #expect(throws: AudioError.self) { try settings(Waveform(samples: [.nan], sampleRate: 8000)) }
    var odd = settings
    odd.coefficients = 41
    #expect(throws: AudioError.self) { try odd(Waveform(samples: [1], sampleRate: 8000)) }
  }

  private func measures(_ waveform: Waveform) throws -> [String: Float] {
    Dictionary(uniqueKeysWithValues: zip(settings.names, try settings(waveform)))
  }
}
