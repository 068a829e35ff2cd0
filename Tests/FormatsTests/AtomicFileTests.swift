// The old file or the new one, and nothing beside them.
import Formats
import Foundation
import TestSupport
import Testing

struct AtomicFileTests {
  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// Names that only look like it, and files of other programs, stay.
  @Test func leftoversOfKilledWritersAreRemoved() throws {
    try withTemporaryFolder { folder in
      let kept = [
        ".last.partial", ".last.safetensors.12-a.partial", ".x.-1.partial", "last.12-1.partial",
        "x.partial", ".x.1-2.partial.txt",
      ]
      let left = [".last.safetensors.12-1.partial", ".x.99999-120.partial"]
      for name in kept + left { try Data([1]).write(to: folder.appendingPathComponent(name)) }
      #expect(try AtomicFile.removeLeftovers(in: folder) == 2)
      #expect(try names(folder) == kept.sorted())
      #expect(try AtomicFile.removeLeftovers(in: folder.appendingPathComponent("none")) == 0)
    }
  }

  /// What a writer that is killed leaves has a name that is known for what it is.
  @Test func partialFilesOfDeadWritersAreLeftovers() throws {
    try withTemporaryFolder { folder in
      var counts: [Int] = []
      #expect(throws: Problem.self) {
        try AtomicFile.write(to: folder.appendingPathComponent("a.b"), isSynced: false) { _ in
          counts = [try names(folder).count, try AtomicFile.removeLeftovers(in: folder)]
        }
      }
      let left = try names(folder)
      #expect(counts == [1, 1] && left == [])
    }
  }

  @Test func writesAndReplaces() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x")
      try AtomicFile.write(Data("old".utf8), to: url)
      #expect(try Data(contentsOf: url) == Data("old".utf8))
      try AtomicFile.write(Data(), to: url)
      #expect(try Data(contentsOf: url).isEmpty)
      #expect(try names(folder) == ["x"])
    }
  }

  /// /dev/full answers every write as a full disk does.
  @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/full"), "no /dev/full"))
  func aFullDiskLeavesTheOldFile() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x")
      try AtomicFile.write(Data("old".utf8), to: url)
      let error = #expect(throws: Problem.self) {
        try AtomicFile.write(to: url) { file in
          try file.write(contentsOf: Data("half".utf8))
          let full = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
          defer { try? full.close() }
          try full.write(contentsOf: Data("rest".utf8))
        }
      }
      #expect(
        error?.description == "\(url.path): cannot be written (No space left on device);"
          + " expected a writable folder with free space")
      #expect(try Data(contentsOf: url) == Data("old".utf8))
      #expect(try names(folder) == ["x"])
    }
  }

  /// A new name is only safe once its folder is on the disk too.
  @Test func folderSyncFailureIsAnError() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.synchronize(folder: folder)
      // One that knows no flushing says so, and that is no fault of the file's.
      try AtomicFile.synchronize(folder: URL(fileURLWithPath: "/proc"))
      let error = #expect(throws: Problem.self) {
        try AtomicFile.synchronize(folder: folder.appendingPathComponent("none"))
      }
      #expect(
        error?.description.contains(
          "none: cannot be flushed to the disk (No such file or directory); expected") == true)
    }
  }

  @Test func invalidTargetsAreErrors() throws {
    try withTemporaryFolder { folder in
      let nowhere = folder.appendingPathComponent("no/x")
      var error = #expect(throws: Problem.self) { try AtomicFile.write(Data(), to: nowhere) }
      #expect(error?.message.contains("No such file or directory") == true)
      let occupied = folder.appendingPathComponent("folder")
      try FileManager.default.createDirectory(at: occupied, withIntermediateDirectories: true)
      error = #expect(throws: Problem.self) { try AtomicFile.write(Data([1]), to: occupied) }
      #expect(error?.message.contains("Is a directory") == true)
      #expect(try names(folder) == ["folder"])
    }
  }

  @Test func aFailedCheckpointLeavesTheOldOne() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("last.safetensors")
      try Safetensors.write(["w": .init(shape: [1], values: [1])], metadata: [:], to: url)
      let inside = url.appendingPathComponent("x.safetensors")  // a file is no folder
      #expect(throws: Problem.self) {
        try Safetensors.write(["w": .init(shape: [1], values: [2])], metadata: [:], to: inside)
      }
      #expect(try Safetensors.read(url).tensors["w"]?.values == [1])
    }
  }

  /// Many writers at once: the file is always one of the whole versions.
  @Test func concurrentWritersDoNotInterfere() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("x")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 as Range<UInt8> {
        group.addTask {
          try AtomicFile.write(Data(repeating: writer, count: 10_000), to: url)
          let seen = try Data(contentsOf: url)
          #expect(seen.count == 10_000 && Set(seen).count == 1)
        }
      }
      try await group.waitForAll()
    }
    #expect(try names(folder) == ["x"])
  }
}
