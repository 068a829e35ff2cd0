// Mirrors, digests and networks that fail: the right words, and nothing in the folder.
import Downloads
import Formats
import Foundation
import TestSupport
import Testing

@Suite struct MirrorTests {
  private let content = noise(200_000)

  private func file(
    _ addresses: [String], bytes: Int? = 200_000, _ digest: FileDigest? = noiseDigest
  ) -> RemoteFile {
    RemoteFile("sounds.bin", addresses, bytes: bytes, digest, use: .place("sounds.bin"))
  }

  /// The message of a fetch that fails and leaves nothing behind but the named downloads.
  private func message(_ bay: Bay, _ files: [RemoteFile], leaves: [String] = []) -> String {
    let problem = #expect(throws: Problem.self) { try bay.fetch(files) }
    #expect(!FileManager.default.fileExists(atPath: bay.target.path))
    #expect(bay.files(bay.workshop) == (leaves.isEmpty ? [] : ["lock"] + leaves))
    #expect(FileManager.default.fileExists(atPath: bay.workshop.path) == !leaves.isEmpty)
    return problem?.description ?? ""
  }

  @Test func mirrorsAreTriedInTurn() throws {
    let (bay, content) = (try Bay(), content)
    let server = try LocalServer { request in
      switch request.target {
      case "/moved": LocalServer.Answer(302, ["Location": "/new"])
      case "/new": .file(content, request)
      default: LocalServer.Answer(404)
      }
    }
    let fetched = try bay.fetch([file(["\(server.address)/gone", "\(server.address)/moved"])])
    #expect(fetched.map(\.address) == ["\(server.address)/moved"])
    #expect(try bay.bytes("sounds.bin") == content)
    #expect(server.requests.map(\.target) == ["/gone", "/moved", "/new"])
  }

  @Test func wrongDigestNamesBoth() throws {
    let (bay, other) = (try Bay(), noise(200_000, seed: 2))
    let server = try LocalServer { .file(other, $0) }
    let text = message(bay, [file([server.address, "\(server.address)/b"])])
    #expect(text.hasPrefix("sounds.bin: cannot be fetched: \(server.address): its sha256 "))
    #expect(text.contains("differs; expected \(noiseDigest)"))
    #expect(text.contains("\(server.address)/b: its sha256"))
    let short = message(bay, [file([server.address], bytes: 7, nil)])
    #expect(short.contains("has 200000 bytes; expected 7"))
  }

  @Test func firstDigestIsRecordedAndCompared() throws {
    let (bay, content, other) = (try Bay(), content, noise(10, seed: 2))
    let server = try LocalServer { .file($0.target == "/new" ? other : content, $0) }
    let old = file(["\(server.address)/old"], bytes: nil, nil)
    #expect(try bay.fetch([old]).map(\.check) == [.first])
    let ledger = try String(contentsOf: bay.options.ledger, encoding: .utf8)
    #expect(ledger.hasPrefix("set/sounds.bin\t\(noiseDigest.hex)\t200000\t20"))
    #expect(try bay.fetch([old]).map(\.check) == [.recorded])
    let problem = #expect(throws: Problem.self) {
      try bay.fetch([file(["\(server.address)/new"], bytes: nil, nil)])
    }
    let text = problem?.description ?? ""
    #expect(text.contains("it has changed since 20") && text.contains("its sha256 "))
    #expect(text.contains("expected \(noiseDigest), or no line set/sounds.bin in "))
    #expect(try bay.bytes("sounds.bin") == content)
    try Data("set/sounds.bin\tshort\n".utf8).write(to: bay.options.ledger)
    #expect(throws: Problem.self) { try bay.fetch([old]) }
  }

  @Test func networkErrorsAreCurlsWords() throws {
    let bay = try Bay()
    let port = try LocalServer.closedPort()
    let server = try LocalServer { _ in LocalServer.Answer(503) }
    let text = message(
      bay,
      [
        file([
          "http://127.0.0.1:\(port)/x", "\(server.address)/busy", "http://nowhere.invalid/x",
          "gopher://127.0.0.1/x",
        ])
      ])
    #expect(text.contains("http://127.0.0.1:\(port)/x: Failed to connect to 127.0.0.1 port"))
    #expect(text.contains("/busy: The requested URL returned error: 503"))
    #expect(text.contains("Could not resolve host: nowhere.invalid"))
    #expect(text.contains("gopher") && text.contains("not supported or disabled"))
    #expect(server.requests.count == bay.options.attempts)
  }

  @Test func secureAddressIsNotRedirectedToAnInsecureOne() throws {
    // Without certificates of our own, the arguments are what can be seen.
    let bay = try Bay()
    bay.options.curl = ["sh", "-c", "echo \"$@\" >&2; exit 60", "curl"]
    let text = message(bay, [file(["https://127.0.0.1/x"])])
    #expect(text.contains("--proto-redir =https --max-redirs") && text.contains("--fail"))
  }

  @Test func proxyOfTheEnvironmentIsUsed() throws {
    let (bay, content) = (try Bay(), content)
    let proxy = try LocalServer { .file(content, $0) }
    bay.options.environment["http_proxy"] = proxy.address
    try bay.fetch([file(["http://nowhere.invalid/sounds.bin"])])
    #expect(proxy.requests.map(\.target) == ["http://nowhere.invalid/sounds.bin"])
    #expect(try bay.bytes("sounds.bin") == content)
  }

  @Test func ownMirrorReplacesTheOthers() throws {
    let (bay, content) = (try Bay(), content)
    let server = try LocalServer { .file(content, $0) }
    try bay.fetch([file(["http://nowhere.invalid/x"])], from: "\(server.address)/mine")
    #expect(server.requests.map(\.target) == ["/mine/sounds.bin"])
    let folder = bay.root.appendingPathComponent("a stick")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(content).write(to: folder.appendingPathComponent("sounds.bin"))
    try FileManager.default.removeItem(at: bay.target)
    try bay.fetch([file(["http://nowhere.invalid/x"])], from: folder.path)
    #expect(try bay.bytes("sounds.bin") == content)
  }

  @Test func fullDiskIsSaidAndThePartStays() throws {
    let (bay, content) = (try Bay(), content)
    let server = try LocalServer { .file(content, $0) }
    // 64 blocks of 512 bytes in dash, of 1024 in bash.
    bay.options.curl = ["sh", "-c", "ulimit -f 64; exec curl \"$@\"", "curl"]
    let text = message(bay, [file([server.address])], leaves: ["sounds.bin.part"])
    #expect(text.contains("sounds.bin.part: cannot be written ("))
    #expect(text.contains("expected room for 200 kB"))
    bay.options.curl = ["curl"]
    try bay.fetch([file([server.address])])
    #expect(try bay.bytes("sounds.bin") == content)
    #expect((server.requests.last?.start ?? 0) > 0)
  }

  @Test func spaceIsLookedAtFirst() throws {
    let bay = try Bay()
    let text = message(bay, [file(["http://nowhere.invalid/x"], bytes: 1 << 60)])
    #expect(text.contains(" are free; expected at least 1152922 TB for the downloads"))
  }

  @Test func missingCurlIsNamed() throws {
    let bay = try Bay()
    bay.options.environment["PATH"] = bay.root.path
    let text = message(bay, [file(["http://127.0.0.1/x"])])
    #expect(text == "curl: not found in PATH; expected curl to be installed")
  }

  @Test func partsAreChosenByName() throws {
    let release = try #require(ReleaseTable.release("magnatagatune"))
    let folder = URL(fileURLWithPath: "/nowhere/magnatagatune")
    let labels = try FetchPlan(release, parts: ["labels"], to: folder)
    #expect(labels.files.map(\.name) == ["annotations_final.csv", "clip_info_final.csv"])
    #expect(try FetchPlan(release, to: folder).files.count == 5)
    let unknown = #expect(throws: Problem.self) {
      try FetchPlan(release, parts: ["tags"], to: folder)
    }
    #expect(
      unknown?.description == "magnatagatune: no part 'tags'; expected one of labels, audio")
    let kwt = try #require(ReleaseTable.release("kwt1"))
    let refused = #expect(throws: Problem.self) { try FetchPlan(kwt, to: folder) }
    #expect(refused?.description.hasPrefix("kwt1: cannot be fetched: its authors publish") == true)
  }
}
