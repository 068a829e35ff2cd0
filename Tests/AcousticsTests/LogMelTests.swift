// Log-mel and front ends: right band, right count, right key, clear errors.
import Acoustics
import Foundation
import TestSupport
import Testing

struct LogMelTests {
  private func sine(_ hz: Double, rate: Int = 16_000, seconds: Double = 3) -> Waveform {
    let count = Int(seconds * Double(rate))
    return Waveform(
      samples: (0..<count).map { Float(0.5 * sin(2 * .pi * hz * Double($0) / Double(rate))) },
      sampleRate: rate)
  }

  private func nearest(_ frequencies: [Float], to hz: Float) -> Int? {
    frequencies.indices.min { abs(frequencies[$0] - hz) < abs(frequencies[$1] - hz) }
  }

  @Test(arguments: [16_000, 44_100, 22_050])
  func aSinePeaksInItsBand(_ rate: Int) throws {
    for hz in [440.0, 1000, 3000] {
      let spectrogram = try FrontEnd.band(sine(hz, rate: rate))
      #expect(spectrogram.bands == 64 && spectrogram.frames == 47)
      let column = (0..<64).map { spectrogram[$0, 20] }
      let loudest = column.indices.max { column[$0] < column[$1] }
      #expect(loudest == nearest(FrontEnd.band.frequencies(), to: Float(hz)), "\(hz) Hz")
    }
  }

  @Test func bandFrontEndMatchesItsDefinition() throws {
    let sound = sine(440)
    let power = STFT(nFFT: 2048, hopLength: 1024).power(sound.samples)
    let bank = MelFilterbank(
      scale: .htk, sampleRate: 16_000, nFFT: 2048, bands: 64, fMin: 50, fMax: 8000)
    let wanted = bank(power).values.map { log($0 + 1e-6) }
    expectClose(try FrontEnd.band(sound).values, wanted, relative: 1e-5, absolute: 1e-5)
    expectClose(bank.weights.max() ?? 0, 1, absolute: 0.02)
    #expect(bank.emptyBands.isEmpty)
  }

  @Test func silenceEqualsTheLogOffset() throws {
    let silence = Waveform(samples: [Float](repeating: 0, count: 48_000), sampleRate: 16_000)
    let spectrogram = try FrontEnd.band(silence)
    expectClose(spectrogram.values, [Float](repeating: log(Float(1e-6)), count: 64 * 47))
  }

  @Test func melScalesAreInverse() {
    for scale in MelScale.allCases {
      for hz in [0, 60, 440, 999, 1000, 1001, 7999.0] {
        #expect(abs(scale.hz(scale.mel(hz)) - hz) < 1e-8 * max(1, hz))
      }
    }
    #expect(abs(MelScale.htk.mel(1000) - 999.9855) < 1e-3)
    #expect(abs(MelScale.slaney.mel(1000) - 15) < 1e-12)
    #expect(abs(MelScale.slaney.mel(6400) - 42) < 1e-9)
  }

  @Test func sparseFilterbankEqualsDense() {
    let bank = MelFilterbank(
      scale: .slaney, norm: .slaney, sampleRate: 8000, nFFT: 64, bands: 6, fMin: 0, fMax: 4000)
    let spectrum = Spectrogram(bands: 33, frames: 2, values: (0..<66).map { Float($0 % 7) })
    let weights = bank.weights
    let wanted = (0..<12).map { cell -> Float in
      (0..<33).reduce(0) { $0 + weights[cell / 2 * 33 + $1] * spectrum[$1, cell % 2] }
    }
    expectClose(bank(spectrum).values, wanted, relative: 1e-5)
  }

  @Test func compressions() throws {
    var settings = LogMel.band
    settings.compression = .none
    let energies = try settings(sine(440)).values
    let peak = energies.max() ?? 0
    settings.compression = .decibels(floor: 1e-10)
    let decibels = energies.map { 10 * log10(max($0, 1e-10)) }
    expectClose(try settings(sine(440)).values, decibels, absolute: 1e-4)
    settings.compression = .decibels(floor: 1e-10, range: 30, fromPeak: true)
    let top = 10 * log10(peak)
    expectClose(
      try settings(sine(440)).values, decibels.map { max($0 - top, -30) }, absolute: 1e-4)
    settings.compression = .log10(scale: 10_000, offset: 1)
    expectClose(
      try settings(sine(440)).values, energies.map { log10(1 + 10_000 * $0) }, absolute: 1e-5)
    settings.compression = .none
    settings.spectrum = .magnitude
    let magnitudes = try settings(sine(440)).values
    #expect((magnitudes.max() ?? 0) < peak)
    #expect(magnitudes != energies)
  }

  @Test func clipsAreCroppedAndPadded() throws {
    var frontEnd = FrontEnd.band
    frontEnd.seconds = 2
    #expect(try frontEnd(sine(440)).frames == 1 + 32_000 / 1024)
    #expect(try frontEnd(sine(440, rate: 44_100, seconds: 5)).frames == 1 + 32_000 / 1024)
    let padded = try frontEnd(sine(440, seconds: 1))
    #expect(padded.frames == 1 + 32_000 / 1024)
    expectClose(padded[10, 30], log(Float(1e-6)), absolute: 1e-3)
    #expect(padded[10, 5] > -5)
    #expect(sine(440, seconds: 1).fitted(toSeconds: 1.5).samples.count == 24_000)
  }

  @Test func invalidSettingsAreReported() {
    let sound = sine(440)
    var settings = LogMel.band
    settings.hopLength = 0
    expectReason("hopLength 0; expected 1 to 1048576") { try settings(sound) }
    settings = LogMel.band
    settings.windowLength = 4096
    expectReason("windowLength 4096; expected 1 to 2048") { try settings(sound) }
    settings = LogMel.band
    settings.fMax = 9000
    expectReason("fMin 50.0 and fMax 9000.0 Hz; expected 0 <= fMin < fMax <= 8000.0") {
      try settings(sound)
    }
    settings.fMax = .nan
    #expect(throws: AudioError.self) { try settings(sound) }
    #expect(settings.frequencies().isEmpty)
    expectReason("0 samples; expected at least 1") {
      try FrontEnd.band(Waveform(samples: [], sampleRate: 16_000))
    }
    for seconds in [0, -1, Double.nan, .infinity] {
      let frontEnd = FrontEnd(id: "x", logMel: LogMel.band, seconds: seconds)
      #expect(throws: AudioError.self) { try frontEnd(sound) }
    }
  }

  private func expectReason(_ reason: String, _ body: () throws -> Spectrogram) {
    let error = #expect(throws: AudioError.self) { _ = try body() }
    #expect(error?.description == reason)
  }
}

struct FrontEndKeyTests {
  /// Written down once: a key that changes without its settings throws every cache away.
  @Test func keyIsStable() {
    #expect(FrontEnd.band.key == "755963b53f100884")
    #expect(Digest.hex("".utf8) == "cbf29ce484222325")
    #expect(Digest.hex("foobar".utf8) == "85944171f73967e8")
  }

  @Test func keyDependsOnAllSettingsExceptTheName() {
    var keys: Set<String> = [FrontEnd.band.key]
    let changes: [(inout LogMel) -> Void] = [
      { $0.sampleRate = 22_050 }, { $0.nFFT = 1024 }, { $0.windowLength = 1000 },
      { $0.hopLength = 512 }, { $0.melBands = 65 }, { $0.fMin = 51 }, { $0.fMax = 7999 },
      { $0.scale = .slaney }, { $0.normalized = true }, { $0.spectrum = .magnitude },
      { $0.centered = false }, { $0.padding = .zero },
      { $0.compression = .naturalLog(offset: 1e-5) }, { $0.compression = .none },
      { $0.compression = .decibels() },
    ]
    for change in changes {
      var settings = LogMel.band
      change(&settings)
      keys.insert(FrontEnd(id: "band", logMel: settings).key)
    }
    for seconds in [3.0, 10] {
      keys.insert(FrontEnd(id: "band", logMel: .band, seconds: seconds).key)
    }
    #expect(keys.count == changes.count + 3)
    #expect(FrontEnd(id: "other", logMel: .band).key == FrontEnd.band.key)
  }

  @Test func codableRoundTrip() throws {
    var frontEnd = FrontEnd.band
    frontEnd.seconds = 3
    let data = try JSONEncoder().encode(frontEnd)
    #expect(try JSONDecoder().decode(FrontEnd.self, from: data) == frontEnd)
  }
}
