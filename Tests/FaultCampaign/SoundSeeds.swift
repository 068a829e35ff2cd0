// Small sound files of every format read, written by libsndfile, and one put together by hand.
import CSndfile
import Foundation

enum SoundSeeds {
  /// By file name. Formats that the library at hand cannot write are left out.
  static func make(in folder: URL) throws -> [(name: String, bytes: [UInt8])] {
    var chance = Chance(seed: 11, campaign: "sounds", case: 0)
    let samples = Tones.samples(
      [true, false, true], phase: 0.3, noise: &chance, seconds: 0.2)
    var seeds: [(name: String, bytes: [UInt8])] = []
    for (name, format) in formats {
      let file = folder / name
      if write(samples, to: file, format) {
        seeds.append((name, [UInt8](try Data(contentsOf: file))))
      }
    }
    guard seeds.count >= 4 else { throw CampaignError("libsndfile writes too few formats") }
    return seeds + [("frames.mp3", silentFrames)]
  }

  /// SF_FORMAT_… of the container, with that of the samples.
  private static let formats: [(String, Int32)] = [
    ("pcm16.wav", 0x01_0002), ("pcm24.wav", 0x01_0003), ("float.wav", 0x01_0006),
    ("adpcm.wav", 0x01_0012), ("pcm16.aiff", 0x02_0002), ("pcm16.flac", 0x17_0002),
    ("vorbis.ogg", 0x20_0060), ("opus.ogg", 0x20_0064), ("layer3.mp3", 0x23_0082),
  ]

  private static func write(_ samples: [Float], to file: URL, _ format: Int32) -> Bool {
    var info = SF_INFO()
    info.samplerate = Int32(Tones.rate)
    info.channels = 1
    info.format = format
    guard let handle = sf_open(file.path, Int32(SFM_WRITE), &info) else { return false }
    defer { sf_close(handle) }
    return sf_writef_float(handle, samples, sf_count_t(samples.count)) == sf_count_t(samples.count)
  }

  /// MPEG-1 layer III, 128 kbit/s, 44.1 kHz, one channel: frames of 417 bytes without content,
  /// and no table of contents before them.
  private static let silentFrames: [UInt8] = Array(
    repeatElement([0xff, 0xfb, 0x90, 0xc0] + [UInt8](repeating: 0, count: 413), count: 12)
      .joined())
}
