// Every sound file of the shared corpus, good and damaged, and what we write ourselves.
import Acoustics
import Foundation
import TestSupport
import Testing

struct AudioFileTests {
  private static let present = SharedData.isPresent
  private static func file(_ name: String) -> URL { SharedData.data("audio/formats/\(name)") }

  /// Name, rate in Hz, channels; all hold the same 3 s.
  static let good: [(String, Int, Int)] = [
    ("mono_16000_s16.wav", 16_000, 1), ("mono_22050_s16.wav", 22_050, 1),
    ("mono_32000_s16.wav", 32_000, 1), ("mono_44k.ogg", 44_100, 1),
    ("mono_44k_f32.wav", 44_100, 1), ("mono_44k_s16.aiff", 44_100, 1),
    ("mono_44k_s16.flac", 44_100, 1), ("mono_44k_s16.wav", 44_100, 1),
    ("mono_44k_s24.wav", 44_100, 1), ("mono_44k_u8.wav", 44_100, 1),
    ("mono_44k_ulaw.wav", 44_100, 1), ("mono_48000_s16.wav", 48_000, 1),
    ("mono_48k.opus", 48_000, 1), ("mono_8000_s16.wav", 8_000, 1),
    ("stereo_44k.mp3", 44_100, 2), ("stereo_44k_s16.wav", 44_100, 2),
    ("stereo_44k_s16_wavex.wav", 44_100, 2), ("stereo_44k_s24.flac", 44_100, 2),
  ]

  @Test(.enabled(if: present, "shared data absent"), arguments: good)
  func readsEveryFormat(_ name: String, _ rate: Int, _ channels: Int) throws {
    let info = try AudioFile.info(Self.file(name))
    #expect(info.sampleRate == rate)
    #expect(info.channels == channels)
    #expect(info.frames == 3 * rate)
    let sound = try AudioFile.read(Self.file(name))
    #expect(sound.sampleRate == rate)
    #expect(sound.samples.count == 3 * rate)
    let power = sound.samples.reduce(Float(0)) { $0 + $1 * $1 } / Float(sound.samples.count)
    #expect(power > 1e-4 && power < 1)
  }

  @Test(.enabled(if: present, "shared data absent"))
  func namesTheFormat() throws {
    let info = try AudioFile.info(Self.file("mono_44k_s16.flac"))
    #expect(info.format.contains("FLAC"))
    #expect(info.format.contains("16 bit"))
    #expect(info.seconds == 3)
  }

  @Test(
    .enabled(if: present, "shared data absent"),
    arguments: [
      ("mono_44k_s24.wav", Float(1e-4)), ("mono_44k_f32.wav", 1e-4), ("mono_44k_s16.aiff", 0),
      ("mono_44k_s16.flac", 3.1e-5), ("mono_44k_u8.wav", 0.02), ("mono_44k_ulaw.wav", 0.04),
    ])
  func encodingsDecodeToTheSameSamples(_ name: String, _ tolerance: Float) throws {
    let reference = try AudioFile.read(Self.file("mono_44k_s16.wav"))
    let sound = try AudioFile.read(Self.file(name))
    expectClose(sound.samples, reference.samples, absolute: tolerance)
  }

  @Test(
    .enabled(if: present, "shared data absent"),
    arguments: [
      ("broken_header.wav", "Malformed 'fmt ' chunk; expected WAV"),
      ("empty.wav", "empty file (0 bytes); expected WAV"),
      ("zero_samples.wav", "no samples; expected at least one"),
      ("broken_truncated.flac", "truncated, only 32768 samples; expected 132300"),
      ("broken_truncated.wav", "truncated, 132279 bytes of samples; expected 264600"),
    ])
  func damagedFilesGiveOneLineErrors(_ name: String, _ part: String) throws {
    let error = try #require(throws: AudioError.self) { try AudioFile.read(Self.file(name)) }
    #expect(error.file == Self.file(name).path)
    #expect("\(error)".hasPrefix(Self.file(name).path + ": "))
    #expect("\(error)".contains(part))
    #expect(!"\(error)".contains("\n"))
  }

  /// A cut Ogg stream has no end mark, a cut AIFF claims too many bytes.
  @Test(
    .enabled(if: present, "shared data absent"),
    arguments: ["mono_44k.ogg", "mono_48k.opus", "mono_44k_s16.aiff", "stereo_44k_s24.flac"])
  func truncatedFilesAreErrors(_ name: String) throws {
    let whole = try Data(contentsOf: Self.file(name))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(name)
      for length in [3, 40, 1000, whole.count / 2] {
        try whole.prefix(length).write(to: url)
        #expect(throws: AudioError.self, "cut to \(length)") { try AudioFile.read(url) }
      }
    }
  }

  @Test func nonAudioFilesAreReported() throws {
    try withTemporaryFolder { folder in
      let missing = folder.appendingPathComponent("missing.wav")
      var error = #expect(throws: AudioError.self) { try AudioFile.read(missing) }
      #expect(error?.reason == "cannot be found; expected a sound file")
      error = #expect(throws: AudioError.self) { try AudioFile.read(folder) }
      #expect(error?.reason == "not a regular file; expected a sound file")
      error = #expect(throws: AudioError.self) {
        try AudioFile.read(URL(fileURLWithPath: "/dev/zero"))
      }
      #expect(error?.reason == "not a regular file; expected a sound file")
      let text = folder.appendingPathComponent("text.wav")
      try Data("this is no sound at all, only words".utf8).write(to: text)
      error = #expect(throws: AudioError.self) { try AudioFile.read(text) }
      #expect(error?.reason.hasSuffix("expected WAV, AIFF, FLAC, Ogg Vorbis, Opus or MP3") == true)
    }
  }

  /// 44 bytes that claim a gigabyte, or a rate no recorder has.
  @Test func invalidHeadersAreErrors() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("lie.wav")
      try AudioFile.write(Waveform(samples: [0, 0.5], sampleRate: 8000), to: url)
      let honest = try Data(contentsOf: url)
      var long = honest
      long.replaceSubrange(40..<44, with: [0, 0, 0, 0x40])
      try long.write(to: url)
      var error = #expect(throws: AudioError.self) { try AudioFile.read(url) }
      #expect(error?.reason == "truncated, 4 bytes of samples; expected 1073741824")
      var fast = honest
      fast.replaceSubrange(24..<28, with: [0xff, 0xff, 0xff, 0x7f])
      try fast.write(to: url)
      error = #expect(throws: AudioError.self) { try AudioFile.read(url) }
      #expect(error?.reason == "sample rate 2147483647 Hz; expected 1000 to 768000 Hz")
    }
  }

  /// Seeded changes of single header bytes: a value or an error, never a trap.
  @Test func damagedHeadersNeverTrap() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("damaged.wav")
      let samples = (0..<100).map { Float($0) / 100 }
      try AudioFile.write(Waveform(samples: samples, sampleRate: 8000), to: url)
      let honest = try Data(contentsOf: url)
      for position in 0..<44 {
        for value in [0, 0x7f, 0xff] as [UInt8] {
          var bytes = honest
          bytes[position] = value
          try bytes.write(to: url)
          if let sound = try? AudioFile.read(url) { #expect(sound.samples.count <= 200) }
        }
      }
    }
  }

  @Test func stereoIsAveragedToMono() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("stereo.wav")
      try AudioFile.write(Waveform(samples: [0.5, 0.25, -0.5, 0], sampleRate: 8000), to: url)
      var bytes = try Data(contentsOf: url)
      bytes[22] = 2  // channels
      bytes[32] = 4  // bytes a frame
      bytes.replaceSubrange(28..<32, with: [0, 0x7d, 0, 0])  // bytes a second
      try bytes.write(to: url)
      #expect(try AudioFile.read(url).samples == [0.375, -0.25])
    }
  }

  @Test func writtenSamplesReadBackUnchanged() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out.wav")
      let samples: [Float] = [0, 0.5, -1, 1.7, -3, 0.999969482421875, -0.25]
      try AudioFile.write(Waveform(samples: samples, sampleRate: 22_050), to: url)
      let back = try AudioFile.read(url)
      #expect(back.sampleRate == 22_050)
      #expect(back.samples == [0, 0.5, -1, 0.999969482421875, -1, 0.999969482421875, -0.25])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.wav"])
    }
  }

  @Test func writeFailuresAreErrors() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out.wav")
      var error = #expect(throws: AudioError.self) {
        try AudioFile.write(Waveform(samples: [0, .nan], sampleRate: 8000), to: url)
      }
      #expect(error?.reason == "sample 1 is not a number; expected finite samples")
      let nowhere = folder.appendingPathComponent("no/folder/out.wav")
      error = #expect(throws: AudioError.self) {
        try AudioFile.write(Waveform(samples: [0], sampleRate: 8000), to: nowhere)
      }
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test(.enabled(if: present, "shared data absent"))
  func filesAreReadFromManyThreads() async throws {
    let names = Self.good.map(\.0) + ["broken_header.wav", "empty.wav"]
    let alone = names.map { try? AudioFile.read(Self.file($0)) }
    await withTaskGroup(of: (Int, Waveform?).self) { group in
      for round in 0..<40 {
        let index = round % names.count
        group.addTask { (index, try? AudioFile.read(Self.file(names[index]))) }
      }
      for await (index, sound) in group { #expect(sound == alone[index]) }
    }
  }
}
