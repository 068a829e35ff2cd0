/// Names that would steer a terminal, in every place where words are said; and columns that stay
/// columns whatever is written in them.
import Foundation
import Testing

@Suite struct WordsTests {
  let scant: Program

  init() throws { scant = try Program() }

  /// C0 but line ends, DEL, C1, and controls of the writing direction.
  private func steering(_ outcome: Outcome) -> [String] {
    (outcome.out + outcome.err).unicodeScalars.filter {
      switch $0.value {
      case 0x0A: false
      case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
      default: false
      }
    }.map { String($0.value, radix: 16) }
  }

  private static let hostile = "lo\u{1B}]0;owned\u{7}w\u{9B}31m\u{7F}\u{202E}x"

  private func folder(_ classes: [String]) throws {
    _ = try ToneFolder(scant.url("tones"))
    var lines = try String(contentsOf: scant.url("tones/labels.csv"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    lines[0] = "filename,split," + classes.map { "\"\($0)\"" }.joined(separator: ",")
    try scant.write("tones/labels.csv", lines.joined(separator: "\n") + "\n")
  }

  @Test func fileNamesCannotControlTheTerminal() throws {
    try folder([Self.hostile, "hi\ngh"])
    let check = try scant("data", "check", "tones")
    #expect(check.status == 0 && steering(check) == [], "\(check.out)")
    let table = check.out.split(separator: "\n").drop { !$0.hasPrefix("class ") }.prefix(3)
    #expect(table.dropFirst().map { $0.prefix(2) } == ["lo", "hi"])
    #expect(check.out.contains("lo^[]0;owned^Gw<U+009B>31m^?<U+202E>x"))
    let json = try scant("data", "check", "tones", "--json")
    #expect(steering(json) == [])
    let classes = try #require((try json.json() as? [String: Any])?["classes"] as? [[String: Any]])
    #expect(classes.first?["name"] as? String == Self.hostile)
    let trained = try scant(
      "train", "--dataset", "tones", "--epochs", "1", "--set", "training.batch=8", "--json",
      "--out", "run\u{1B}[2J")
    #expect(trained.status == 0 && steering(trained) == [], "\(trained.err)")
    for arguments in [
      ["evaluate", "run\u{1B}[2J", "--draws", "0"], ["predict", "run\u{1B}[2J", "tones/tone1.wav"],
      ["replay", "run\u{1B}[2J", "--dump", "-", "--screen", "clips"],
    ] {
      let outcome = try scant.finish(scant.start(arguments))
      #expect(outcome.status == 0 && steering(outcome) == [], "\(arguments[0]): \(outcome.err)")
    }
  }

  @Test func quotedValuesCannotControlTheTerminal() throws {
    try scant.write(
      "study/session.yaml",
      "title: \"t\\e[2J \\x07\"\nmethods: [b0]\nseeds: [0]\ntable: { caption: \"\\x9b31m\" }\n")
    let table = try scant("table", "study")
    #expect(table.status == 0 && steering(table) == [], "\(table.err)")
    for text in ["\u{0}", "\u{1B}[2J", "\u{202E}x", "\u{85}"] {
      try scant.write("bad/session.yaml", "methods: [b0]\nseeds: [\"\(text)\"]\n")
      let outcome = try scant("table", "bad")
      #expect(outcome.status == 1 && outcome.errorLines.count == 1, "\(outcome.err)")
      #expect(steering(outcome) == [])
    }
    let name = try scant("run", "fo\u{1B}[2Jo\nbar")
    #expect(name.status == 1 && name.errorLines.count == 1 && steering(name) == [])
    let usage = try scant("train", "--set", "train\u{9B}ing.x=1")
    #expect(usage.status == 64 && usage.errorLines.count == 1 && steering(usage) == [])
  }

  @Test func columnsAreAligned() throws {
    try folder(["弦楽器 strings", "e\u{301}le\u{301}ctrique"])
    let out = try scant("data", "check", "tones").out
    let rows = out.split(separator: "\n").filter {
      $0.contains(" %") && !$0.hasPrefix("labels")
    }
    let before = rows.map { $0[..<($0.range(of: " %")?.lowerBound ?? $0.startIndex)] }
    #expect(before.count == 2)
    // Three characters of the first name are two columns wide.
    #expect(before[0].count + 3 == before[1].count, "\(out)")
  }

  /// What shows a run opens that run's data, and a picture alone makes none.
  @Test func listingRendersNothing() throws {
    _ = try ToneFolder(scant.url("tones"))
    let trained = try scant(
      "train", "--dataset", "tones", "--epochs", "1", "--set", "training.batch=8", "--out", "run")
    #expect(trained.status == 0, "\(trained.err)")
    let band = scant.url("cache/scant/band").path
    let own = try scant("replay", "run", "--dump", "-", "--screen", "clips")
    #expect(own.status == 0 && own.out.contains("tone0.wav"), "\(own.err)")
    let text = try String(contentsOf: scant.url("run/recipe.yaml"), encoding: .utf8)
    try scant.write("run/recipe.yaml", text.replacing("  id: folder\n", with: ""))
    for screen in ["method", "clips", "missing", "data"] {
      let other = try scant("replay", "run", "--dump", "-", "--screen", screen)
      #expect(other.status == 0 && !other.out.isEmpty, "\(screen): \(other.err)")
      // Labels need no sound, a spectrogram does.
      let isTold = other.err.contains("band: its clips are not rendered yet")
      #expect(isTold == (screen == "clips"), "\(screen): \(other.err)")
      #expect(screen != "missing" || other.out.contains("accordion"), "\(other.out)")
    }
    #expect(!FileManager.default.fileExists(atPath: band))
  }

  @Test(.enabled(if: Tmux.isInstalled, "tmux absent"))
  func standaloneRunIsReplayedWithItsData() throws {
    _ = try ToneFolder(scant.url("tones"))
    _ = try scant(
      "train", "--dataset", "tones", "--epochs", "1", "--set", "training.batch=8", "--out",
      "away/run")
    for command in ["replay away/run", "away/run"] {
      let tmux = try Tmux(scant, width: 100, height: 30, arguments: command)
      #expect(try tmux.frame(with: "FINISHED").contains("FINISHED"))
      try tmux.press("4")
      #expect(try tmux.frame(with: "tone0.wav").contains("tone0.wav"))
      try tmux.press("q")
      _ = try tmux.frame(with: "EXIT")
    }
    #expect(!FileManager.default.fileExists(atPath: scant.url("cache/scant/band").path))
  }
}
