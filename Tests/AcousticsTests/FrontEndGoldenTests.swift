// Front ends against numbers of the implementations that published networks were trained with.
import Acoustics
import Formats
import Foundation
import TestSupport
import Testing

@Suite struct FrontEndGoldenTests {
  /// torchaudio's `compliance.kaldi.fbank` in single precision. Where power is cancelled down to
  /// its own rounding (a quiet band beside a loud one) the two differ by that rounding.
  @Test func kaldiFbank() throws {
    try Golden.expect(
      KaldiFbank()(Golden.sound(16_000, seconds: 2)), "kaldi-fbank-128", absolute: 1e-3)
  }

  @Test func vggish() throws {
    try Golden.expect(
      LogMel.vggish(Golden.sound(16_000, seconds: 2)), "vggish-log-mel", absolute: 2e-5)
  }

  @Test(arguments: [128, 256])
  func openL3(_ bands: Int) throws {
    let spectrogram = try LogMel.openL3(melBands: bands)(Golden.sound(48_000, seconds: 1))
    #expect(spectrogram.frames == 199)
    try Golden.expect(spectrogram, "openl3-mel\(bands)", every: 3, absolute: 1e-3)
  }

  @Test func openL3Linear() throws {
    let spectrogram = try LinearSpectrogram.openL3(Golden.sound(48_000, seconds: 1))
    #expect(spectrogram.frames == 197)
    try Golden.expect(spectrogram, "openl3-linear", every: 3, absolute: 1e-3)
  }

  @Test func kapre() throws {
    let edge = LogMel.kapre(sampleRate: 8000, nFFT: 1024, hopLength: 160, melBands: 64)
    try Golden.expect(edge(Golden.sound(8000, seconds: 1)), "edgel3-mel64", absolute: 1e-3)
    let open = LogMel.kapre(sampleRate: 48_000, nFFT: 2048, hopLength: 242, melBands: 256)
    try Golden.expect(
      open(Golden.sound(48_000, seconds: 1)), "kapre-mel256", every: 3, absolute: 1e-3)
  }

  /// librosa in single precision.
  @Test func mfccAndDeltas() throws {
    let spectrogram = try MFCC.librosa(sampleRate: 22_050, deltas: 2)(
      Golden.sound(22_050, seconds: 2))
    try Golden.expect(spectrogram, "mfcc-20-deltas", absolute: 1e-3)
  }

  @Test func harmonicPower() throws {
    let spectrogram = try LinearSpectrogram.harmonic(Golden.sound(16_000, seconds: 2))
    try Golden.expect(spectrogram, "harmonic-power", every: 2, relative: 1e-4, absolute: 1e-5)
  }

  @Test(.enabled(if: SharedData.isPresent, "shared data absent"))
  func mfccOfARecordingMatchesTheReference() throws {
    let sound = try AudioFile.read(SharedData.data("audio/formats/mono_16000_s16.wav"))
    let wanted = try NPY.read(SharedData.data("golden/rooster16k_mfcc20.npy"))
    let ours = try MFCC.librosa(sampleRate: 16_000)(sound)
    #expect(wanted.shape == [ours.bands, ours.frames])
    expectClose(ours.values, wanted.values, absolute: 1e-3)
  }
}
