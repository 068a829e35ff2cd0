// Where the program finds what comes with it, and that an installation stays as it is.
import Formats
import Foundation
import Testing

@Suite struct ProgramFilesTests {
  private let root: Scratch

  init() throws { root = try Scratch() }

  @Test func packageAboveTheBuildFolder() throws {
    try root.write("code/Package.swift", "")
    try root.write("share/scant/sessions/a/session.yaml", "")
    let found = try #require(ProgramFiles(of: root.url("code/.build/release/scant")))
    #expect(found.folder.path == root.url("code").path && !found.isInstalled)
    #expect(
      try found.sessions(copiedTo: root.url("data")).path == root.url("code/sessions").path)
    #expect(!FileManager.default.fileExists(atPath: root.url("data").path))
  }

  @Test func sessionsOfAnInstallationAreCopied() throws {
    try root.write("usr/share/scant/sessions/lessons/b0/session.yaml", "old")
    let found = try #require(ProgramFiles(of: root.url("usr/lib/scant/scant")))
    #expect(found.folder.path == root.url("usr/share/scant").path && found.isInstalled)
    let copy = try found.sessions(copiedTo: root.url("data"))
    #expect(copy.path == root.url("data/shipped").path)
    let file = copy.appendingPathComponent("lessons/b0/session.yaml")
    #expect(try String(contentsOf: file, encoding: .utf8) == "old")

    // An update of the program replaces its files, and runs stay.
    let run = copy.appendingPathComponent("lessons/b0/runs/b0-s0/events.jsonl")
    try FileManager.default.createDirectory(
      at: run.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("log".utf8).write(to: run)
    try root.write("usr/share/scant/sessions/lessons/b0/session.yaml", "newer")
    _ = try found.sessions(copiedTo: root.url("data"))
    #expect(try String(contentsOf: file, encoding: .utf8) == "newer")
    #expect(try String(contentsOf: run, encoding: .utf8) == "log")
  }

  @Test func copyThatCannotBeWrittenIsAProblem() throws {
    try root.write("usr/share/scant/sessions/a/session.yaml", "x")
    try root.write("data/shipped", "a file in the way")
    let found = try #require(ProgramFiles(of: root.url("usr/bin/scant")))
    #expect(throws: Problem.self) { try found.sessions(copiedTo: root.url("data")) }
  }

  @Test func programAloneHasNone() {
    #expect(ProgramFiles(of: root.url("bin/scant")) == nil)
  }
}

/// A folder that is removed at the end.
private final class Scratch {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("scant-files-\(UUID().uuidString)").resolvingSymlinksInPath()

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

  func write(_ path: String, _ text: String) throws {
    let file = url(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
