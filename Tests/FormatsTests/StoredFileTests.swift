// "There is none" and "could not look" are two answers, and errors are in the system's words.
import Formats
import Foundation
import TestSupport
import Testing

struct StoredFileTests {
  @Test func existenceIsReported() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("a")
      try Data([1, 2]).write(to: file)
      #expect(try StoredFile.exists(file))
      #expect(try StoredFile.exists(folder))
      #expect(try StoredFile.isFolder(folder))
      #expect(try StoredFile.isFolder(file) == false)
      #expect(try StoredFile.bytes(file) == Data([1, 2]))
      #expect(try StoredFile.stamp(file)?.bytes == 2)
      #expect(try StoredFile.names(in: folder) == ["a"])
      // No such name, a name below a file, a name longer than names are.
      for name in ["b", "a/b", String(repeating: "x", count: 300)] {
        let none = folder.appendingPathComponent(name)
        #expect(try StoredFile.exists(none) == false)
        #expect(try StoredFile.isFolder(none) == false)
        #expect(try StoredFile.bytes(none) == nil)
        #expect(try StoredFile.stamp(none) == nil)
        #expect(try StoredFile.names(in: none) == [])
      }
    }
  }

  /// A link to itself can be looked at by nobody, not even by root.
  @Test func inaccessibleFilesAreErrors() throws {
    try withTemporaryFolder { folder in
      let loop = folder.appendingPathComponent("loop")
      try FileManager.default.createSymbolicLink(
        atPath: loop.path, withDestinationPath: "loop")
      let looks: [() throws -> Void] = [
        { _ = try StoredFile.exists(loop) }, { _ = try StoredFile.isFolder(loop) },
        { _ = try StoredFile.names(in: loop) }, { _ = try StoredFile.bytes(loop) },
        { _ = try StoredFile.stamp(loop) },
      ]
      for look in looks {
        let error = #expect(throws: Problem.self) { try look() }
        #expect(error?.systemError == ELOOP)
        #expect(
          error?.description == "\(loop.path): cannot be looked at (Too many levels of symbolic "
            + "links); expected it to be readable")
      }
    }
  }

  @Test func piecesAreReadInOrder() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("big")
      let content = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
      try Data(content).write(to: file)
      var (pieces, sizes): ([UInt8], [Int]) = ([], [])
      let isThere = try StoredFile.pieces(of: file.path) {
        pieces += $0
        sizes.append($0.count)
      }
      #expect(isThere && pieces == content)
      #expect(sizes == [1 << 20, 1 << 20, 2_500_000 - 2 << 20])
      #expect(try StoredFile.pieces(of: file.path + "x") { _ in } == false)
      let error = #expect(throws: Problem.self) { try StoredFile.bytes(folder) }
      #expect(error?.description == "\(folder.path): not a regular file; expected a file")
    }
  }

  @Test func linkedFoldersAreFolders() throws {
    try withTemporaryFolder { folder in
      let link = folder.appendingPathComponent("link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
      #expect(try StoredFile.kind(link) == .folder)
      #expect(try StoredFile.isOwnFolder(link.path) == false)
      #expect(try StoredFile.isOwnFolder(folder.path))
      #expect(try StoredFile.kind("/dev/null") == .other)
      #expect(try StoredFile.isFile(link) == false)
    }
  }

  @Test func folderNamesKeepAllBytes() throws {
    try withTemporaryFolder { folder in
      let names = ["한국어", "ä", String(repeating: "n", count: 255), ".hidden", "a b"]
      for name in names { try Data().write(to: folder.appendingPathComponent(name)) }
      #expect(try Set(StoredFile.names(in: folder)) == Set(names))
    }
  }

  @Test func errorsContainTheSystemsMessage() throws {
    let nowhere = URL(fileURLWithPath: "/nowhere/at/all")
    let reading = #expect(throws: (any Error).self) { try Data(contentsOf: nowhere) }
    let writing = #expect(throws: (any Error).self) { try Data().write(to: nowhere) }
    let error = Problem("a", "b; expected c")
    for wrapped in [reading, writing].compactMap({ $0 }) {
      #expect(SystemWords.of(wrapped) == "No such file or directory")
      #expect(SystemWords.sentence(wrapped) == "/nowhere/at/all: No such file or directory")
    }
    #expect(SystemWords.of(error) == "a: b; expected c")
    #expect(SystemWords.sentence(error) == "a: b; expected c")
    for code in [4, 256, 257, 260, 512, 513, 516, 640, 642, 9999] {
      let words = SystemWords.of(NSError(domain: NSCocoaErrorDomain, code: code))
      #expect(!words.contains("Cocoa") && !words.contains("operation"), "\(code): \(words)")
    }
  }
}
