// Playback with a stand-in program on a search path of our own.
import Acoustics
import Foundation
import TestSupport
import Testing

struct PlayerTests {
  private func standIn(_ folder: URL, _ name: String, _ script: String) throws {
    let url = folder.appendingPathComponent(name)
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
  }

  @Test func withoutAPlayerProgramThereIsNoPlayer() throws {
    try withTemporaryFolder { folder in
      #expect(Player(path: folder.path) == nil)
      #expect(Player(path: "") == nil)
      #expect(Player(path: nil) == nil)
    }
  }

  @Test func playsAndStops() throws {
    try withTemporaryFolder { folder in
      try standIn(folder, "aplay", "cat \"$2\" > \"\(folder.path)/heard\"; exec sleep 20")
      let player = try #require(Player(path: "/nowhere:\(folder.path)"))
      #expect(player.program == "aplay")
      #expect(!player.isPlaying)
      try player.play(Waveform(samples: [0, 0.5], sampleRate: 8000))
      #expect(player.isPlaying)
      let heard = folder.appendingPathComponent("heard")
      for _ in 0..<200 where (try? Data(contentsOf: heard))?.count != 48 { usleep(10_000) }
      #expect(try AudioFile.read(heard).samples == [0, 0.5])
      player.stop()
      #expect(!player.isPlaying)
    }
  }

  @Test func playerStartFailureIsAnError() throws {
    try withTemporaryFolder { folder in
      try standIn(folder, "paplay", "")
      let player = try #require(Player(path: folder.path))
      try FileManager.default.removeItem(at: folder.appendingPathComponent("paplay"))
      #expect(throws: AudioError.self) {
        try player.play(Waveform(samples: [0], sampleRate: 8000))
      }
    }
  }
}
