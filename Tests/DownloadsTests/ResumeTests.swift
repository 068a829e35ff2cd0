// Broken connections: what was fetched is kept, and the rest is asked for.
import Downloads
import Formats
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct ResumeTests {
  private let content = noise(200_000)

  private func file(_ addresses: [String], _ digest: FileDigest? = noiseDigest) -> RemoteFile {
    RemoteFile("sounds.bin", addresses, bytes: 200_000, digest, use: .place("sounds.bin"))
  }

  /// The first twenty answers end after a drawn number of bytes, 0 among them.
  @Test func twentyCutsLeaveTheWholeFile() throws {
    let (bay, content) = (try Bay(), content)
    let cuts = Mutex(Draw(seed: 7))
    let server = try LocalServer { request in
      var answer = LocalServer.Answer.file(content, request)
      let cut = cuts.withLock { Int.random(in: 0...12_000, using: &$0) }
      answer.cut = (request.start ?? 0) > 0 && cut < 600 ? 0 : cut
      return answer
    }
    let fetched = try bay.fetch([file([server.address])])
    #expect(fetched.map(\.check) == [.published])
    #expect(try bay.bytes("sounds.bin") == content)
    #expect(server.requests.count > 20)
    let starts = server.requests.map { $0.start ?? 0 }
    #expect(starts == starts.sorted() && starts[0] == 0)
    #expect(bay.files(bay.workshop).isEmpty)
  }

  /// An earlier call was stopped after any number of bytes.
  @Test func partOfAnyLengthIsResumed() throws {
    let content = content
    let server = try LocalServer { .file(content, $0) }
    var draw = Draw(seed: 3)
    let drawn = (0..<6).map { _ in Int.random(in: 2..<199_999, using: &draw) }
    for length in [0, 1, 199_999, 200_000] + drawn {
      let bay = try Bay()
      try FileManager.default.createDirectory(at: bay.workshop, withIntermediateDirectories: true)
      let part = bay.workshop.appendingPathComponent("sounds.bin.part")
      try Data(content.prefix(length)).write(to: part)
      try bay.fetch([file([server.address])])
      #expect(try bay.bytes("sounds.bin") == content, "\(length)")
    }
    #expect(server.requests.compactMap(\.start).contains(199_999))
    #expect(server.requests.count == 9)
  }

  @Test func damagedPartIsFetchedAnew() throws {
    let (bay, content) = (try Bay(), content)
    let server = try LocalServer { .file(content, $0) }
    try FileManager.default.createDirectory(at: bay.workshop, withIntermediateDirectories: true)
    let part = bay.workshop.appendingPathComponent("sounds.bin.part")
    try Data(noise(5_000, seed: 2)).write(to: part)
    try bay.fetch([file([server.address])])
    #expect(try bay.bytes("sounds.bin") == content)
    #expect(server.requests.map(\.start) == [5_000, nil])
    // Longer than the file can be.
    try FileManager.default.createDirectory(at: bay.workshop, withIntermediateDirectories: true)
    try Data(noise(300_000)).write(to: part)
    try bay.fetch([file([server.address])])
    #expect(try bay.bytes("sounds.bin") == content)
  }

  /// Python's `http.server`, for one, always sends the whole file.
  @Test func serverWithoutRangesStartsAnew() throws {
    let (bay, content) = (try Bay(), content)
    let isFirst = Mutex(true)
    let server = try LocalServer { _ in
      var answer = LocalServer.Answer()
      answer.body = content
      answer.cut = isFirst.withLock { first in
        defer { first = false }
        return first ? 70_000 : nil
      }
      return answer
    }
    try bay.fetch([file([server.address])])
    #expect(try bay.bytes("sounds.bin") == content)
    #expect(server.requests.map(\.start) == [nil, 70_000, nil])
  }

  /// Without a digest, only the entity tag tells that the file is another one by now.
  @Test func fileThatChangedBetweenAttemptsIsNotMixed() throws {
    let (bay, content, other) = (try Bay(), content, noise(200_000, seed: 9))
    let count = Mutex(0)
    let server = try LocalServer { request in
      let number = count.withLock { count in
        count += 1
        return count
      }
      var answer = LocalServer.Answer.file(
        number == 1 ? content : other, request, tag: number == 1 ? "\"a\"" : "\"b\"")
      answer.cut = number == 1 ? 90_000 : nil
      return answer
    }
    let fetched = try bay.fetch([file([server.address], nil)])
    #expect(try bay.bytes("sounds.bin") == other)
    #expect(fetched.map(\.check) == [.first])
    #expect(server.requests.dropFirst().first?.headers["if-range"] == "\"a\"")
  }

  @Test func stoppedDownloadGoesOnWithTheNextCall() throws {
    let (bay, content) = (try Bay(), content)
    let isFirst = Mutex(true)
    let server = try LocalServer { request in
      var answer = LocalServer.Answer.file(content, request)
      answer.stalls = isFirst.withLock { first in
        defer { first = false }
        return first
      }
      if answer.stalls { answer.cut = 60_000 }
      return answer
    }
    #expect(throws: CancellationError.self) {
      try bay.fetch([file([server.address])]) { _, done, total in
        #expect(total == 200_000)
        return done < 40_000
      }
    }
    #expect(!FileManager.default.fileExists(atPath: bay.target.path))
    #expect(bay.files(bay.workshop).contains("sounds.bin.part"))
    try bay.fetch([file([server.address])])
    #expect(try bay.bytes("sounds.bin") == content)
    #expect(server.requests.count == 2 && (server.requests[1].start ?? 0) >= 40_000)
  }

  @Test func secondFetchIntoTheFolderIsRefused() throws {
    let (bay, content) = (try Bay(), content)
    let server = try LocalServer { .file(content, $0) }
    var inner = ""
    try bay.fetch([file([server.address])]) { _, _, _ in
      guard inner.isEmpty else { return true }
      let other = #expect(throws: Problem.self) { try bay.fetch([file([server.address])]) }
      inner = other?.description ?? "none"
      return true
    }
    #expect(inner.contains("another scant fetch is at work here"))
  }
}
