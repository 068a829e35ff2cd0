// Counts in headers are claims: what is there is read, what is missing is told.
import Acoustics
import Foundation
import TestSupport
import Testing

struct SoundLengthTests {
  private static let present = SharedData.isPresent

  /// Reads, measures and asks for the header: all three agree.
  private func samples(
    _ bytes: [UInt8], _ name: String = "sound", sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [Float] {
    var samples: [Float] = []
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(name)
      try Data(bytes).write(to: url)
      samples = try AudioFile.read(url).samples
      let length = try AudioFile.length(url)
      #expect(length.frames == samples.count, sourceLocation: sourceLocation)
      #expect(length.isExact, sourceLocation: sourceLocation)
      let info = try AudioFile.info(url)
      if info.isExact { #expect(info == length, sourceLocation: sourceLocation) }
    }
    return samples
  }

  private func reason(
    _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let error = try #require(throws: AudioError.self, sourceLocation: sourceLocation) {
      _ = try samples(bytes)
    }
    #expect(!error.isUnavailable && !error.isMissing, sourceLocation: sourceLocation)
    return error.reason
  }

  // MARK: - MPEG

  @Test(arguments: [1, 2, 3, 40])
  func allFramesAreDecoded(_ count: Int) throws {
    #expect(try samples(MPEGStream.frames(count)).count == count * 1152)
    #expect(try samples(MPEGStream.frames(count, MPEGStream.low)).count == count * 576)
  }

  /// A tag that says 0, half, one more, one fewer or twice as many frames as there are.
  @Test(arguments: [0, 20, 39, 40, 41, 80])
  func frameCountsOfTagsAreNotTrusted(_ claimed: Int) throws {
    let sound = MPEGStream.frames(40)
    let bytes = 417 + sound.count
    let tag = MPEGStream.tag(frames: claimed, bytes: bytes)
    #expect(try samples(tag + sound).count == 40 * 1152)
    let named = MPEGStream.tag(frames: claimed, bytes: bytes, lengths: (576, 1000))
    #expect(try samples(named + sound).count == 40 * 1152 - 576 - 1000)
  }

  @Test func aTruncatedStreamWithATagIsReported() throws {
    let tag = MPEGStream.tag(frames: 40, bytes: 417 * 41)
    #expect(
      try reason(tag + MPEGStream.frames(20)) == "truncated, only 23040 samples; expected 46080")
    let countOnly = MPEGStream.tag(frames: 40, bytes: nil)
    #expect(
      try reason(countOnly + MPEGStream.frames(20))
        == "truncated, only 23040 samples; expected 46080")
  }

  /// Cut from a running stream: it begins and ends in the middle of a frame.
  @Test func partialFramesAreSkipped() throws {
    let stream = MPEGStream.frames(10)
    #expect(try samples(Array(stream[100...])).count == 9 * 1152)
    #expect(try samples(Array(stream[..<(stream.count - 100)])).count == 9 * 1152)
    #expect(try samples(Array(stream[200..<(stream.count - 1)])).count == 8 * 1152)
    #expect(try reason(Array(stream[..<200])).hasPrefix("no whole MPEG frame; expected WAV"))
  }

  @Test func nonAudioBytesAreSkipped() throws {
    let stream = MPEGStream.frames(10)
    let junk = (0..<500).map { UInt8(truncatingIfNeeded: $0 * 37) }
    #expect(try samples(stream + junk + stream).count == 20 * 1152)
    #expect(try samples(junk + stream).count == 10 * 1152)
    #expect(try samples(stream + junk).count == 10 * 1152)
    #expect(try samples(stream + [UInt8](repeating: 0, count: 5000)).count == 10 * 1152)
    let tags = MPEGStream.id3(300) + MPEGStream.id3(2000)
    #expect(try samples(tags + stream + MPEGStream.id3(50) + stream).count == 20 * 1152)
    let old = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
    #expect(try samples(stream + old).count == 10 * 1152)
    #expect(try samples(stream + ape(MPEGStream.frames(2)) + old).count == 10 * 1152)
    let empty = Array("APETAGEX".utf8) + [UInt8](repeating: 0, count: 24)
    #expect(try samples(stream + empty).count == 10 * 1152)
  }

  /// A tag whose content looks like frames.
  private func ape(_ content: [UInt8]) -> [UInt8] {
    let size = little(2000, 4) + little(content.count + 32, 4) + little(1, 4)
    let rest = [UInt8](repeating: 0, count: 8)
    return Array("APETAGEX".utf8) + size + little(0xa000_0000, 4) + rest + content
      + Array("APETAGEX".utf8) + size + little(0x8000_0000, 4) + rest
  }

  @Test func channelModesMayChangeButSampleRatesMayNot() throws {
    let mixed = MPEGStream.frames(5) + MPEGStream.frames(5, MPEGStream.stereo)
    #expect(try samples(mixed + MPEGStream.frames(5)).count == 15 * 1152)
    let faster = MPEGStream.frames(5) + MPEGStream.frames(5, MPEGStream.low)
    #expect(
      try reason(faster)
        == "sample rate changes from 44100 to 22050 Hz after 5760 samples; expected one rate")
  }

  // MARK: - FLAC

  /// 0 is FLAC's word for "unknown"; anything smaller than what is there is wrong.
  @Test(arguments: [0, 100, 4096, 12_287, 12_388])
  func totalSamplesOfFLACAreNotTrusted(_ total: Int) throws {
    let stream = FLACStreamMaker.stream(frames: 3, rest: 100, total: total)
    let sound = try samples(stream)
    #expect(sound.count == 3 * 4096 + 100)
    #expect(sound[4095] == 1000 / 32768 && sound[4096] == 1001 / 32768)
    #expect(sound.last == Float(1003) / 32768)
    #expect(try samples(MPEGStream.id3(100) + stream).count == 12_388)
  }

  @Test func truncatedFLACIsReportedWithAndWithoutATotal() throws {
    let known = FLACStreamMaker.stream(frames: 3, rest: 100, total: 12_388)
    #expect(
      try reason(Array(known.dropLast(3))) == "truncated, only 12288 samples; expected 12388")
    let unknown = FLACStreamMaker.stream(frames: 3, rest: 100, total: 0)
    #expect(
      try reason(Array(unknown.dropLast(3))) == "truncated, only 12288 samples; expected 12388")
    let double = FLACStreamMaker.stream(frames: 3, rest: 100, total: 24_776)
    #expect(try reason(double) == "truncated, only 12388 samples; expected 24776")
  }

  @Test(arguments: [12, 20, 32])
  func unsupportedBitDepthsAreReported(_ bits: Int) throws {
    let stream = FLACStreamMaker.stream(frames: 1, rest: 1, total: 4097, bits: bits)
    #expect(try reason(stream) == "FLAC with \(bits)-bit samples; expected 8, 16 or 24 bits")
  }

  // MARK: - Ogg

  @Test(.enabled(if: present, "shared data absent"), arguments: ["mono_44k.ogg", "mono_48k.opus"])
  func chainedOggAndTrailingBytesAreRead(_ name: String) throws {
    let url = SharedData.data("audio/formats/\(name)")
    let one = [UInt8](try Data(contentsOf: url))
    let alone = try AudioFile.read(url).samples
    #expect(try samples(one + one + one) == alone + alone + alone)
    #expect(try samples(one + [UInt8](repeating: 0, count: 70_000)) == alone)
    let cut = try reason(one + one.prefix(one.count / 2))
    #expect(cut == "ends within a page, so cut short; expected a complete file")
  }

  // MARK: - WAV

  @Test func wavFilesWithoutSizesAreRead() throws {
    let ramp = (1...50).map { Float($0) / 32768 }
    #expect(try samples(WAVStream.mono(50, claimed: 0)) == ramp)
    #expect(try samples(WAVStream.mono(50, claimed: 0) + [7]) == ramp)
    #expect(try samples(WAVStream.mono(50, claimed: 0xffff_ffff - 36)) == ramp)
    let list = Array("LIST".utf8) + little(4, 4) + [0, 0, 0, 0]
    #expect(
      try reason(WAVStream.mono(0) + list) == "no samples; expected at least one")
  }

  @Test func oneMissingSampleIsNotATruncation() throws {
    #expect(try samples(WAVStream.mono(50, claimed: 102)).count == 50)
    #expect(try samples(WAVStream.mono(50, claimed: 101)).count == 50)
    #expect(
      try reason(WAVStream.mono(50, claimed: 104))
        == "truncated, 100 bytes of samples; expected 104")
  }

  @Test func contradictoryWAVFieldsAreRefused() throws {
    #expect(
      try reason(WAVStream.mono(8, channels: 2, bits: 24, frame: 8))
        == "24-bit samples in frames of 8 bytes; expected 6 bytes for 2 channels")
    #expect(
      try reason(WAVStream.mono(8, bits: 16, frame: 4))
        == "16-bit samples in frames of 4 bytes; expected 2 bytes for 1 channel")
    #expect(
      try reason(WAVStream.mono(8, rate: 0)) == "sample rate 0 Hz; expected 1000 to 768000 Hz")
    #expect(try reason(WAVStream.mono(8, channels: 0)) == "0 channels; expected 1 to 1024")
  }

  /// Three hours, sparse on the disk: refused by what the header says.
  @Test func tooLongFilesAreRefusedBeforeDecoding() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("long.wav")
      let frames = 1 << 28 + 1
      try Data(WAVStream.mono(0, claimed: 2 * frames)).write(to: url)
      #expect(truncate(url.path, off_t(44 + 2 * frames)) == 0)
      #expect(try AudioFile.length(url).frames == frames)
      let error = #expect(throws: AudioError.self) { try AudioFile.read(url) }
      #expect(error?.reason == "too long, \(frames) samples; expected at most 268435456")
      var first: [Float] = []
      try AudioFile.blocks(url) { block in
        first += block
        return false
      }
      #expect(first.count == 65_536)
    }
  }
}
