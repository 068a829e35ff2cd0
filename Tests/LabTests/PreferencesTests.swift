// `config.yaml`: what it may say, what is reported, and that writing keeps what a person wrote.
import Foundation
import Lab
import Testing

@Suite struct PreferencesTests {
  private static let whole = """
    # my own
    theme: solarized-dark
    glyphs: block
    color: "256"
    keys:
      Z: suspend      # like vi
      C-t: theme
    data:
      openmic2018: /data/openmic
    layout:
      screen: clips
      widths: { loss: 80, terms: -40 }
      folded: [log]
    weights: { vggish: /w/vggish.h5 }
    """

  @Test func allPreferencesAreRead() {
    let read = Preferences(yaml: Self.whole, file: "c.yaml")
    #expect(read.problems == [] && !read.isUnreadable)
    #expect(read.theme == "solarized-dark" && read.glyphs == "block" && read.color == "256")
    #expect(
      read.keys == [
        .init(key: "Z", action: "suspend", line: 6), .init(key: "C-t", action: "theme", line: 7),
      ])
    #expect(read.layout.screen == "clips" && read.layout.folded == ["log"])
    #expect(read.layout.widths == ["loss": 80, "terms": -40] && read.layout.heights == [:])
  }

  @Test func invalidPreferencesDoNotAffectOthers() {
    let read = Preferences(
      yaml: """
        theme: [a]
        glyfs: block
        glyphs: big
        color: 16
        keys:
          Z:
          F2: theme
        layout: { widths: { loss: wide }, fold: [log], heights: { loss: 901 } }
        """, file: "c.yaml")
    #expect(
      read.problems == [
        "c.yaml:1: theme: is a list or a mapping; expected one value",
        "c.yaml:2: glyfs: unknown key; did you mean 'glyphs'?",
        "c.yaml:3: glyphs: 'big' is unknown; expected one of auto, unicode, block, ascii",
        "c.yaml:6: keys.Z: has no value; expected one",
        "c.yaml:8: layout.widths.loss: 'wide' is not a share; expected -900 to 900 thousandths",
        "c.yaml:8: layout.fold: unknown key; did you mean 'folded'?",
        "c.yaml:8: layout.heights.loss: '901' is not a share; expected -900 to 900 thousandths",
      ])
    #expect(read.color == "16" && read.keys.map(\.action) == ["theme"])
  }

  @Test(arguments: ["theme: [", "- a", "plain", "theme: a\ntheme: b\n", "\u{0}"])
  func nonMappingFileIsOneProblem(text: String) {
    let read = Preferences(yaml: text, file: "c.yaml")
    #expect(read.problems.count == 1 && read.isUnreadable)
    #expect(read.problems.first?.hasPrefix("c.yaml") == true)
  }

  @Test(arguments: ["", "\n\n", "# nothing yet\n"]) func emptyFileIsNotAProblem(text: String) {
    #expect(Preferences(yaml: text, file: "c.yaml") == Preferences())
  }

  @Test func fileIsFoundInTheUsersFolder() {
    func path(_ environment: [String: String]) -> String {
      Preferences.file(environment: environment).path
    }
    #expect(path(["XDG_CONFIG_HOME": "/x", "HOME": "/h"]) == "/x/scant/config.yaml")
    #expect(path(["XDG_CONFIG_HOME": "", "HOME": "/h"]) == "/h/.config/scant/config.yaml")
    #expect(path(["XDG_CONFIG_HOME": "relative", "HOME": "/h"]) == "/h/.config/scant/config.yaml")
  }

  @Test func savingKeepsTheUsersLines() throws {
    try Samples.withFolder { folder in
      let file = folder.appendingPathComponent("deep/scant/config.yaml")
      var first = Preferences(reading: file)
      first.theme = "mono"
      try first.remember(in: file)
      #expect(try String(contentsOf: file, encoding: .utf8) == "theme: mono\n")

      try Data((Self.whole + "\n").utf8).write(to: file)
      var read = Preferences(reading: file)
      read.theme = "okabe-light"
      read.color = "direct"
      read.layout.folded = []
      read.layout.heights = ["log": 120]
      read.layout.columns = ["method", "dataset.removed", "seconds"]
      try read.remember(in: file)
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(
        text == """
          # my own
          theme: okabe-light
          glyphs: block
          color: direct
          keys:
            Z: suspend      # like vi
            C-t: theme
          data:
            openmic2018: /data/openmic
          layout:
            screen: clips
            widths: { loss: 80, terms: -40 }
            heights: { log: 120 }
            columns: [method, dataset.removed, seconds]
          weights: { vggish: /w/vggish.h5 }

          """)
      let before = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber]
      try read.remember(in: file)
      let after = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber]
      #expect(before as? Int == after as? Int, "written although nothing changed")
    }
  }

  /// A file of another form is left alone rather than damaged.
  @Test(arguments: ["{ theme: mono }\n", "theme: [\n", "\"theme\": mono\n", "theme: a\n...\n"])
  func uneditableFilesStayUnchanged(text: String) throws {
    try Samples.withFolder { folder in
      let file = folder.appendingPathComponent("config.yaml")
      try Data(text.utf8).write(to: file)
      var changed = Preferences(reading: file)
      changed.theme = "default"
      changed.layout.screen = "clips"
      #expect(throws: LabError.self) { try changed.remember(in: file) }
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
  }

  @Test func invalidValuesAreNotRemovedSilently() throws {
    try Samples.withFolder { folder in
      let file = folder.appendingPathComponent("config.yaml")
      try Data("glyphs: big\n".utf8).write(to: file)
      var read = Preferences(reading: file)
      read.theme = "mono"
      try read.remember(in: file)
      #expect(try String(contentsOf: file, encoding: .utf8) == "glyphs: big\ntheme: mono\n")
    }
  }
}
