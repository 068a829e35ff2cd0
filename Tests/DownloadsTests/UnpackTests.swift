// Archives, good and hostile: all of an archive gets into the folder, or nothing.
import Downloads
import Formats
import Foundation
import TestSupport
import Testing

@Suite struct UnpackTests {
  private func serve(_ files: [String: [UInt8]]) throws -> LocalServer {
    try LocalServer { request in
      guard let bytes = files[String(request.target.dropFirst())] else {
        return LocalServer.Answer(404)
      }
      return .file(bytes, request)
    }
  }

  private func file(_ name: String, _ server: LocalServer, _ use: RemoteFile.Use) -> RemoteFile {
    RemoteFile(name, ["\(server.address)/\(name)"], use: use)
  }

  @Test func archivesAndFilesAreJoined() throws {
    let bay = try Bay()
    let server = try serve([
      "labels.csv": Array("a,b\n".utf8),
      "one.zip": StoredZip([("top/", ""), ("top/meta/a.csv", "a"), ("top/b.txt", "b")]).bytes,
      "two.tgz": try bay.tar([("set-1/audio/c.wav", "c"), ("set-1/d.txt", "d")]),
    ])
    let files = [
      file("labels.csv", server, .place("labels.csv")),
      file("one.zip", server, .zip(folder: "", strip: 1)),
      // `tar .` begins each name with "./", which counts as a folder.
      file("two.tgz", server, .tar(folder: "more", strip: 2)),
    ]
    try bay.fetch(files)
    #expect(
      bay.files() == ["b.txt", "labels.csv", "meta/a.csv", "more/audio/c.wav", "more/d.txt"])
    #expect(try bay.bytes("more/audio/c.wav") == Array("c".utf8))
    #expect(!FileManager.default.fileExists(atPath: bay.workshop.path))
  }

  /// The user's own files stay, files of the release are replaced.
  @Test func folderThatExistsIsCompleted() throws {
    let bay = try Bay()
    let meta = bay.target.appendingPathComponent("meta")
    try FileManager.default.createDirectory(at: meta, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: meta.appendingPathComponent("notes.txt"))
    try Data("old".utf8).write(to: meta.appendingPathComponent("a.csv"))
    let server = try serve(["one.zip": StoredZip([("meta/a.csv", "new")]).bytes])
    try bay.fetch([file("one.zip", server, .zip(folder: "", strip: 0))])
    #expect(bay.files() == ["meta/a.csv", "meta/notes.txt"])
    #expect(try bay.bytes("meta/a.csv") == Array("new".utf8))
  }

  @Test(arguments: [57, 64, 100, 1_000]) func volumesMakeOneArchive(size: Int) throws {
    let bay = try Bay()
    var archive = StoredZip([("dev/a.wav", "first"), ("dev/b.wav", "second")])
    archive.add("dev/c.wav", noise(300))
    let volumes = archive.volumes(of: size)
    let names = volumes.indices.map { "dev.z\($0)" }
    let server = try serve(Dictionary(uniqueKeysWithValues: zip(names, volumes)))
    let files = names.dropLast().map { file($0, server, .volume) }
    try bay.fetch(files + [file(names[names.count - 1], server, .zip(folder: "", strip: 0))])
    #expect(bay.files() == ["dev/a.wav", "dev/b.wav", "dev/c.wav"])
    #expect(try bay.bytes("dev/c.wav") == noise(300))
  }

  /// MagnaTagATune's volumes are one archive cut anywhere; its offsets count from its beginning.
  @Test func cutArchiveIsJoined() throws {
    let bay = try Bay()
    let bytes = StoredZip([("0/a.mp3", "first"), ("f/b.mp3", "second")]).bytes
    let server = try serve([
      "m.001": Array(bytes[..<40]), "m.002": Array(bytes[40..<90]), "m.003": Array(bytes[90...]),
    ])
    try bay.fetch([
      file("m.001", server, .volume), file("m.002", server, .volume),
      file("m.003", server, .zip(folder: "audio", strip: 0)),
    ])
    #expect(bay.files() == ["audio/0/a.mp3", "audio/f/b.mp3"])
  }

  private func hostile(_ name: String, mode: Int = 0o100644) -> [UInt8] {
    var archive = StoredZip([("good.txt", "good")])
    archive.add(name, Array("/etc/passwd".utf8), mode: mode)
    return archive.bytes
  }

  @Test func hostileArchivesLeaveNothing() throws {
    var damaged = StoredZip([("good.txt", "good"), ("bad.txt", "0123456789")]).bytes
    let place = try #require(damaged.firstRange(of: Array("56789".utf8)))
    damaged[place.lowerBound] = 0
    let cases: [(String, [UInt8], String)] = [
      ("a.zip", hostile("../evil.txt"), "leads out of the folder"),
      ("b.zip", hostile("/tmp/evil.txt"), "leads out of the folder"),
      ("c.zip", hostile("x/../../evil.txt"), "leads out of the folder"),
      ("d.zip", hostile("..\\evil.txt"), "leads out of the folder"),
      ("e.zip", hostile("link", mode: 0o120777), "is a link"),
      ("f.zip", hostile("good.txt/inside"), "cannot be made"),
      ("g.zip", damaged, "wrong checksum"),
      ("h.zip", Array(damaged.dropLast(9)), "ZIP file without a directory"),
      ("i.zip", Array("<html>sign in".utf8), "ZIP file without a directory"),
    ]
    for (name, bytes, words) in cases {
      let bay = try Bay()
      let server = try serve([name: bytes])
      let problem = #expect(throws: Problem.self) {
        try bay.fetch([file(name, server, .zip(folder: "", strip: 0))])
      }
      let text = problem?.description ?? ""
      #expect(text.contains(words), "\(name): \(text)")
      #expect(Set(bay.files(bay.workshop)) == [name, "lock"])
      #expect(bay.files(bay.root).count == 2)
      #expect(try DigestLedgerText.read(bay) == nil)
    }
  }

  /// One to four bytes changed anywhere: an error, or files inside the folder, and never a trap.
  @Test func damagedArchivesStayInside() throws {
    let bay = try Bay()
    let volumes = StoredZip([("a/b.txt", "first"), ("a/c.txt", "second"), ("d.txt", "third")])
      .volumes(of: 150)
    let urls = try volumes.enumerated().map { index, volume in
      let url = bay.root.appendingPathComponent("z\(index)")
      try Data(volume).write(to: url)
      return url
    }
    var draw = Draw(seed: 11)
    var refused = 0
    for number in 0..<100 {
      let inside = bay.root.appendingPathComponent("out-\(number)")
      let changed = number % volumes.count
      var bytes = volumes[changed]
      for _ in 0..<Int.random(in: 1...4, using: &draw) {
        bytes[Int.random(in: 0..<bytes.count, using: &draw)] = .random(in: 0...255, using: &draw)
      }
      let handle = try FileHandle(forWritingTo: urls[changed])
      try handle.write(contentsOf: bytes)
      do {
        let joined = try JoinedFiles(urls)
        try ZipArchive(joined, volumes: joined.starts).extract(to: inside) { _, _ in true }
      } catch is Problem { refused += 1 }
      try handle.seek(toOffset: 0)
      try handle.write(contentsOf: volumes[changed])
    }
    #expect(refused > 50 && refused < 100, "\(refused)")
    let names = try FileManager.default.contentsOfDirectory(atPath: bay.root.path)
    #expect(names.allSatisfy { $0.hasPrefix("out-") || $0.hasPrefix("z") })
  }

  @Test func hostileTarFilesLeaveNothing() throws {
    let bay = try Bay()
    let whole = try bay.tar([("a.txt", "a"), ("b.bin", String(repeating: "b", count: 50_000))])
    let outside = try bay.tar(
      [("evil.txt", "evil")], ["--transform", "s,evil,../../evil,", "--absolute-names"])
    let folder = bay.root.appendingPathComponent("links")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.appendingPathComponent("home").path, withDestinationPath: bay.root.path)
    let links = try bay.tar([("a.txt", "a")], ["-C", folder.path, "home"])
    let cases: [(String, [UInt8], String)] = [
      ("cut.tgz", Array(whole.dropLast(20)), "cannot be unpacked"),
      ("out.tgz", outside, "cannot be unpacked"),
      ("link.tgz", links, "is a link or device"),
    ]
    for (name, bytes, words) in cases {
      let bay = try Bay()
      let server = try serve([name: bytes])
      let problem = #expect(throws: Problem.self) {
        try bay.fetch([file(name, server, .tar(folder: "", strip: 0))])
      }
      let text = problem?.description ?? ""
      #expect(text.contains(words), "\(name): \(text)")
      #expect(Set(bay.files(bay.workshop)) == [name, "lock"])
      #expect(bay.files(bay.root).count == 2)
    }
  }
}

/// What was recorded.
private enum DigestLedgerText {
  static func read(_ bay: Bay) throws -> String? {
    FileManager.default.fileExists(atPath: bay.options.ledger.path)
      ? try String(contentsOf: bay.options.ledger, encoding: .utf8) : nil
  }
}
