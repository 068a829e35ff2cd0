// A followed run that has ended: what is asked of it is answered in words, not by system errors.
import Foundation
import Lab
import Testing

@Suite struct EndedRunTests {
  @Test func missingSocketIsReportedAsTheEndOfTheRun() throws {
    try Samples.withFolder { home in
      let folder = RunFolder(home.appendingPathComponent("b1-s0"))
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
      try Data(Recipe().yaml().utf8).write(to: folder.recipe)
      // Still locked, as while the process writes its last lines, but deaf already.
      let lock = try RunLock(folder)
      let engine = LabEngine(runs: home)
      var messages: [Message] = []
      engine.send(.sessions(.attach(folder.url)))
      let lab = LabEngineTests()
      lab.collect(engine, &messages) { messages in
        messages.contains { if case .attached(.some) = $0 { true } else { false } }
      }
      engine.send(.run(.predict(clips: ["a.wav"])))
      engine.send(.run(.pause))
      lab.collect(engine, &messages) { !lab.troubles($0).isEmpty }
      #expect(lab.troubles(messages) == ["b1-s0 has ended; expected a run that goes on"])
      engine.send(.shutDown)
      withExtendedLifetime(lock) {}
    }
  }
}
