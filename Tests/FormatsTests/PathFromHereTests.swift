// Paths are shown as somebody would type them in the working folder.
import Formats
import Foundation
import Testing

@Suite struct PathFromHereTests {
  @Test func whatLiesHereIsRelative() {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    #expect(here.appendingPathComponent("runs/a").fromHere == "runs/a")
    #expect(here.appendingPathComponent("-x").fromHere == "./-x")
    #expect(here.fromHere == ".")
    #expect(URL(fileURLWithPath: "runs/../out").fromHere == "out")
    #expect(URL(fileURLWithPath: "/nowhere/a").fromHere == "/nowhere/a")
    #expect(URL(fileURLWithPath: here.path + "-other/a").fromHere == here.path + "-other/a")
  }
}
