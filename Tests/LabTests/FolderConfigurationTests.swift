// Folders that config.yaml names: what is read, and every way to get it wrong.
import Foundation
import Lab
import Testing

@Suite struct FolderConfigurationTests {
  private func read(_ text: String) throws -> FolderConfiguration {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-configuration-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("config.yaml")
    try Data(text.utf8).write(to: file)
    let found = FolderConfiguration(file)
    #expect(found.problems.allSatisfy { $0.hasPrefix(file.path) })
    return found
  }

  @Test func foldersAreAbsoluteOrRelativeToHomeOrFile() throws {
    let found = try read(
      """
      theme: okabe-light
      data:
        esc50: /sounds/ESC-50
        openmic2018: ~/openmic
      weights: { musicnn: ../networks/musicnn, band-ast: /w }
      """)
    let home = FileManager.default.homeDirectoryForCurrentUser.path
    #expect(found.data["esc50"]?.path == "/sounds/ESC-50")
    #expect(found.data["openmic2018"]?.path == "\(home)/openmic")
    #expect(found.weights["musicnn"]?.path.hasSuffix("/networks/musicnn") == true)
    #expect(found.weights["musicnn"]?.path.contains("..") == false)
    #expect(found.weights["band-ast"]?.path == "/w")
  }

  @Test func nothingIsConfiguredWithoutTheKeys() throws {
    let none = FolderConfiguration(URL(fileURLWithPath: "/nowhere/config.yaml"))
    #expect(none.data.isEmpty && none.weights.isEmpty)
    #expect(try read("theme: mono\nkeys: { q: quit }\n") == none)
    #expect(try read("data:\nweights: ~\n") == none)
  }

  @Test(arguments: [
    ("data: { esc5: /x }", "1: data.esc5: unknown id; did you mean 'esc50'?"),
    ("theme: mono\ndata:\n  band: /x\n", "3: data.band: unknown id; "),
    ("weights: { vgish: /x }", "1: weights.vgish: unknown id; did you mean 'vggish'?"),
    ("data: /x", "1: data: is not a mapping; expected { id: folder, … }"),
    ("data: { esc50: [a, b] }", "1: data.esc50: is a list or a mapping; expected one value"),
    ("data: { esc50: \"\" }", "1: data.esc50: is empty; expected a folder"),
    ("data: { esc50: /x", "expected YAML"), ("- a", "no mapping; expected"),
  ])
  func errorsNameTheirLine(_ text: String, _ expected: String) throws {
    let problems = try read(text).problems
    #expect(problems.count == 1 && problems[0].contains(expected), "\(problems)")
  }

  @Test func validLinesStillApply() throws {
    let found = try read("data: { esc5: /x, esc50: /y, folder: [] }\nweights: { vggish: /z }\n")
    #expect(found.problems.count == 2)
    #expect(found.data == ["esc50": URL(fileURLWithPath: "/y")])
    #expect(found.weights["vggish"]?.path == "/z")
  }
}
