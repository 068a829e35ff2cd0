// A file that could not be looked at is no broken sound; silence and cancelling channels are told.
import Acoustics
import Foundation
import TestSupport
import Testing

struct SoundAccessTests {
  /// A file that nobody may read: the kernel answers EACCES or, to root, EIO.
  private static let unreadable = URL(fileURLWithPath: "/sys/bus/platform/drivers_probe")
  private static let isThere = FileManager.default.fileExists(atPath: unreadable.path)

  @Test(.enabled(if: isThere, "no such file in this system"))
  func permissionErrorsAreNotDamagedSounds() throws {
    for look in [AudioFile.info, AudioFile.length] {
      let error = try #require(throws: AudioError.self) { _ = try look(Self.unreadable) }
      #expect(error.isUnavailable && !error.isMissing)
      #expect(error.systemError == EACCES || error.systemError == EIO)
      #expect(error.reason.hasSuffix("; expected a readable file"))
    }
  }

  @Test func missingFilesAreReportedAsMissing() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("file")
      try Data("text, and no sound".utf8).write(to: file)
      let long = String(repeating: "x", count: 300)
      for url in [
        folder.appendingPathComponent("no.wav"), file.appendingPathComponent("no.wav"),
        folder.appendingPathComponent(long),
      ] {
        let error = try #require(throws: AudioError.self) { try AudioFile.read(url) }
        #expect(error.isMissing && !error.isUnavailable)
        #expect(error.reason == "cannot be found; expected a sound file")
      }
      let error = try #require(throws: AudioError.self) { try AudioFile.read(file) }
      #expect(!error.isMissing && !error.isUnavailable)
    }
  }

  /// The kernel gave up after forty links: a sound may lie behind them.
  @Test func cyclicLinksAreNotMissingFiles() throws {
    try withTemporaryFolder { folder in
      let loop = folder.appendingPathComponent("loop.wav")
      try FileManager.default.createSymbolicLink(
        atPath: loop.path, withDestinationPath: "loop.wav")
      let error = try #require(throws: AudioError.self) { try AudioFile.read(loop) }
      #expect(error.isUnavailable && !error.isMissing && error.systemError == ELOOP)
    }
  }

  @Test func levelsDetectSilenceAndCancellation() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("sound.wav")
      func levels(_ samples: [Int], channels: Int) throws -> SoundLevels {
        let head = WAVStream.mono(
          0, claimed: 2 * samples.count, channels: channels, frame: 2 * channels)
        try Data(head + samples.flatMap { little($0, 2) }).write(to: url)
        return try AudioFile.levels(url)
      }
      let turned = try levels([8192, -8192, -16384, 16384, 100, -100], channels: 2)
      #expect(turned.cancels && !turned.isSilent)
      #expect(turned.loudest == 0.5 && turned.mixed == 0 && turned.info.frames == 3)
      let silent = try levels([0, 0, 0, 0], channels: 2)
      #expect(silent.isSilent && !silent.cancels)
      let quiet = try levels([1, -1, 1], channels: 1)
      #expect(!quiet.isSilent && !quiet.cancels)
      let usual = try levels([8192, 8192, 0, -16384], channels: 2)
      #expect(!usual.cancels && usual.mixed == 0.25 && usual.loudest == 0.5)
    }
  }
}
