// Front ends by their definitions: counts, constants, laws and clear errors.
import Acoustics
import Foundation
import TestSupport
import Testing

@Suite struct FrontEndTests {
  private func silence(_ count: Int, rate: Int = 16_000) -> Waveform {
    Waveform(samples: [Float](repeating: 0, count: count), sampleRate: rate)
  }

  private func reason(_ body: () throws -> Spectrogram) -> String? {
    #expect(throws: AudioError.self) { _ = try body() }?.description
  }

  /// Gong et al. 2021: 10 s have 998 frames; a band that catches no bin and silence are ln 2^-23.
  @Test func kaldiConstants() throws {
    let quiet = try KaldiFbank()(silence(160_000))
    #expect(quiet.bands == 128 && quiet.frames == 998)
    expectClose(quiet.values, [Float](repeating: -15.9424, count: 128 * 998), absolute: 1e-4)
    let loud = try KaldiFbank()(Golden.sound(16_000, seconds: 1))
    expectClose(
      loud.frames(0..<10).values[3 * 10..<4 * 10].map { $0 },
      [Float](repeating: -15.9424, count: 10), absolute: 1e-4)
  }

  @Test func astIsPaddedThenNormalized() throws {
    let sound = Golden.sound(16_000, seconds: 1)
    let raw = try KaldiFbank.ast(normalize: false)(sound)
    let normalized = try KaldiFbank.ast()(sound)
    #expect(raw.frames == 1024 && normalized.frames == 1024)
    #expect(raw[5, 98] == 0)
    expectClose(normalized[5, 98], 0.467, absolute: 5e-4)
    expectClose(
      normalized.values, raw.values.map { ($0 + 4.2677393) / (2 * 4.5689974) }, absolute: 1e-5)
    let long = try KaldiFbank.ast()(silence(20 * 16_000))
    #expect(long.frames == 1024)
  }

  /// AST's loader subtracts the clip's mean; frames lose theirs anyway.
  @Test func kaldiFbankIgnoresDCOffset() throws {
    var sound = Golden.sound(16_000, seconds: 1)
    let plain = try KaldiFbank()(sound)
    for index in sound.samples.indices { sound.samples[index] += 0.25 }
    expectClose(try KaldiFbank()(sound).values, plain.values, absolute: 0.05)
  }

  /// Won et al. 2020: 257 bins; 5 s have 313 frames, 3 s 188.
  @Test func harmonicFrames() throws {
    let five = try LinearSpectrogram.harmonic(silence(80_000))
    #expect(five.bands == 257 && five.frames == 313)
    let three = try LinearSpectrogram.harmonic(silence(48_000))
    #expect(three.frames == 188)
    #expect(LinearSpectrogram.harmonic.frequencies()[256] == 8000)
  }

  @Test func linearEqualsTheSTFT() throws {
    let sound = Golden.sound(16_000, seconds: 1)
    let ours = try LinearSpectrogram.harmonic(sound)
    let same = ours == STFT(nFFT: 512, hopLength: 256).power(sound.samples)
    #expect(same)
  }

  @Test func vggishFrames() throws {
    let spectrogram = try LogMel.vggish(silence(160_000))
    #expect(spectrogram.bands == 64 && spectrogram.frames == 998)
    expectClose(spectrogram[0, 0], log(Float(0.01)), absolute: 1e-5)
    #expect(LogMel.vggish.frames(of: 399) == 0 && LogMel.vggish.frames(of: 400) == 1)
  }

  @Test(arguments: [(8000, 1024, 160, 50), (8001, 1024, 160, 51), (100, 1024, 160, 1)])
  func samePadding(_ count: Int, _ nFFT: Int, _ hop: Int, _ frames: Int) {
    let stft = STFT(nFFT: nFFT, hopLength: hop, padding: .same)
    #expect(stft.frames(of: count) == frames)
    // What TensorFlow does: the sound amid silence, then frames within.
    let samples = (0..<count).map { Float($0 % 17) - 8 }
    let total = max(0, (frames - 1) * hop + nFFT - count)
    let zeros = { (n: Int) in [Float](repeating: 0, count: n) }
    let padded = zeros(total / 2) + samples + zeros(total - total / 2)
    let inside = STFT(nFFT: nFFT, hopLength: hop, centered: false).power(padded)
    let same = stft.power(samples) == inside
    #expect(same)
  }

  /// Slope and curvature of a parabola t² are 2t and 2, but at the ends, where fits stay whole.
  @Test func deltasOfAParabola() throws {
    var settings = MFCC.librosa(sampleRate: 16_000, coefficients: 4, deltas: 2)
    settings.deltaWidth = 5
    let spectrogram = try settings(Golden.sound(16_000, seconds: 1))
    #expect(spectrogram.bands == 12 && spectrogram.bands == settings.bands)
    for frame in 2..<spectrogram.frames - 2 {
      let near = (-2...2).map { spectrogram[1, frame + $0] }
      let slope = (2 * (near[4] - near[0]) + near[3] - near[1]) / 10
      let curve = (2 * near[0] - near[1] - 2 * near[2] - near[3] + 2 * near[4]) / 7
      expectClose(spectrogram[5, frame], slope, relative: 1e-4, absolute: 1e-3)
      expectClose(spectrogram[9, frame], curve, relative: 1e-4, absolute: 1e-3)
    }
    #expect(spectrogram[5, 0] == spectrogram[5, 2] && spectrogram[9, 1] == spectrogram[9, 2])
  }

  @Test func invalidSettingsAreReported() {
    let second = silence(16_000)
    #expect(
      reason { try KaldiFbank(nFFT: 256)(second) } == "windowLength 400; expected 1 to 256")
    #expect(
      reason { try KaldiFbank(fMax: 9000)(second) }
        == "fMin 20.0 and fMax 9000.0 Hz; expected 0 <= fMin < fMax <= 8000.0")
    #expect(reason { try KaldiFbank(frames: 0)(second) } == "frames 0; expected 1 to 1048576")
    #expect(
      reason { try KaldiFbank(preemphasis: .nan)(second) } == "preemphasis nan; expected 0 to 1")
    let flat = KaldiFbank.Normalization(mean: 0, std: 0)
    #expect(
      reason { try KaldiFbank(normalization: flat)(second) }
        == "normalization by 0.0; expected more than 0")
    #expect(reason { try KaldiFbank()(silence(399)) } == "399 samples; expected at least 400")
    var cepstra = MFCC.librosa(sampleRate: 16_000, coefficients: 129)
    #expect(reason { try cepstra(second) } == "coefficients 129; expected 1 to 128")
    (cepstra.coefficients, cepstra.deltas, cepstra.deltaWidth) = (20, 1, 8)
    #expect(reason { try cepstra(second) } == "deltaWidth 8; expected an odd number")
    cepstra.deltaWidth = 9
    #expect(
      reason { try cepstra(silence(1000)) } == "2 frames; expected at least deltaWidth 9")
    #expect(
      reason { try LinearSpectrogram(sampleRate: 16_000, nFFT: 512, hopLength: 0)(second) }
        == "hopLength 0; expected 1 to 1048576")
  }

  @Test func segmentsAreCroppedOrZeroPadded() {
    let spectrogram = Spectrogram(bands: 2, frames: 3, values: [1, 2, 3, 4, 5, 6])
    #expect(spectrogram.frames(1..<3).values == [2, 3, 5, 6])
    #expect(spectrogram.fitted(toFrames: 2).values == [1, 2, 4, 5])
    #expect(spectrogram.fitted(toFrames: 4).values == [1, 2, 3, 0, 4, 5, 6, 0])
  }
}

@Suite struct FrontEndCatalogTests {
  @Test func keysDependOnEverySetting() {
    let fbanks = [
      KaldiFbank(), KaldiFbank(sampleRate: 16_001), KaldiFbank(nFFT: 1024),
      KaldiFbank(windowLength: 399), KaldiFbank(hopLength: 161), KaldiFbank(melBands: 127),
      KaldiFbank(fMin: 21), KaldiFbank(fMax: 7999), KaldiFbank(preemphasis: 0.96),
      KaldiFbank(frames: 1024), KaldiFbank(normalization: .audioSet),
    ]
    let plain = MFCC.librosa(sampleRate: 16_000)
    var changed = [plain, plain, plain, plain, plain]
    changed[1].coefficients = 19
    changed[2].deltas = 1
    changed[3].deltaWidth = 7
    changed[4].logMel.fMin = 1
    let spectra = [
      LinearSpectrogram.harmonic, .openL3,
      LinearSpectrogram(sampleRate: 16_000, nFFT: 512, hopLength: 256, padding: .zero),
    ]
    let all =
      fbanks.map { FrontEnd.Transform.kaldiFbank($0) } + changed.map { .mfcc($0) }
      + spectra.map { .linear($0) }
    #expect(Set(all.map { FrontEnd(id: "x", $0).key }).count == all.count)
  }

  /// As written before there were other transforms.
  @Test func readsFrontEndsOfEarlierVersions() throws {
    let text = """
      {"id":"band","seconds":3,"logMel":{"sampleRate":16000,"nFFT":2048,"windowLength":2048,
      "hopLength":1024,"melBands":64,"fMin":50,"fMax":8000,"scale":"htk","normalized":false,
      "spectrum":"power","centered":true,"padding":"reflect",
      "compression":{"naturalLog":{"offset":1e-6}}}}
      """
    let read = try JSONDecoder().decode(FrontEnd.self, from: Data(text.utf8))
    #expect(read == FrontEnd(id: "band", logMel: .band, seconds: 3))
    let unknown = text.replacingOccurrences(of: "logMel", with: "melLog")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(FrontEnd.self, from: Data(unknown.utf8))
    }
  }
}
