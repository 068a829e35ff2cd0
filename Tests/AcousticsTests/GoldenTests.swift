// STFT, mel filters and log-mel against numbers made with librosa 0.11.
import Acoustics
import Formats
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: SharedData.isPresent, "shared data absent"))
struct GoldenTests {
  private func golden(_ name: String) throws -> (shape: [Int], values: [Float]) {
    try NPY.read(SharedData.data("golden/\(name).npy"))
  }

  @Test func htkFilters() throws {
    let bank = MelFilterbank(
      scale: .htk, sampleRate: 16_000, nFFT: 512, bands: 64, fMin: 125, fMax: 7500)
    let wanted = try golden("melfb_htk_sr16000_nfft512_64_125_7500_nonorm")
    #expect(wanted.shape == [64, 257])
    expectClose(bank.weights, wanted.values, absolute: 1e-6)
  }

  @Test func slaneyFilters() throws {
    let bank = MelFilterbank(
      scale: .slaney, norm: .slaney, sampleRate: 16_000, nFFT: 512, bands: 96, fMin: 0, fMax: 8000)
    let wanted = try golden("melfb_slaney_sr16000_nfft512_96")
    #expect(wanted.shape == [96, 257])
    expectClose(bank.weights, wanted.values, absolute: 1e-8)
  }

  @Test func slaneyFiltersOfALimitedBand() throws {
    let bank = MelFilterbank(
      scale: .slaney, norm: .slaney, sampleRate: 32_000, nFFT: 1024, bands: 64, fMin: 50,
      fMax: 14_000)
    let wanted = try golden("melfb_slaney_sr32000_nfft1024_64_50_14000")
    #expect(wanted.shape == [64, 513])
    expectClose(bank.weights, wanted.values, absolute: 1e-8)
  }

  @Test func shortWindowMagnitude() throws {
    let sound = try AudioFile.read(SharedData.data("audio/formats/mono_16000_s16.wav"))
    let stft = STFT(nFFT: 512, windowLength: 400, hopLength: 160, padding: .zero)
    let ours = stft.magnitude(sound.samples)
    let wanted = try golden("rooster16k_stft512_hop160_mag")
    #expect(wanted.shape == [ours.bands, ours.frames])
    expectClose(ours.values, wanted.values, absolute: 2e-5)
  }

  @Test(arguments: ["lets_go_fishin", "orchestra", "vibe_ace"])
  func musicnnLogMel(_ clip: String) throws {
    let sound = try AudioFile.read(SharedData.data("golden/\(clip)_16k.wav"))
    let ours = try LogMel.musicnn(sound)
    let wanted = try golden("\(clip)_musicnn_logmel96")
    #expect(wanted.shape == [ours.frames, ours.bands])
    let turned = (0..<ours.frames).flatMap { frame in
      (0..<ours.bands).map { ours[$0, frame] }
    }
    expectClose(turned, wanted.values, absolute: 2e-5)
  }
}
