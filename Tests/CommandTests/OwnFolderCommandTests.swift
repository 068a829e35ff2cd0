/// `scant new FOLDER`, `scant FOLDER` and a folder in place of a data set's id.
import Foundation
import Testing

@Suite(.serialized) struct OwnFolderCommandTests {
  let scant: Program

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    // Without a split, a third of the cells blank, and two sounds without a row.
    let rows = (0..<22).map { i in
      "tone\(i).wav,\(i % 3 == 0 ? "" : "\(i % 2)"),\(i / 2 % 2)"
    }
    try scant.write("tones/labels.csv", (["filename,low,high"] + rows).joined(separator: "\n"))
  }

  @Test func aSessionIsWrittenOnceAndRuns() throws {
    let made = try scant("new", "tones")
    #expect(made.status == 0, "\(made.err)")
    let lines = made.out.split(separator: "\n")
    #expect(
      lines.count == 8 && lines[0].hasPrefix("clips       24 from 24 sound files"), "\(made.out)")
    #expect(lines[3].contains("add a column 'split' to labels.csv"))
    #expect(lines[4].hasPrefix("unlabelled  2 clips, in training"))
    #expect(made.out.contains("wrote sessions/tones/session.yaml"))
    let session = try String(
      contentsOf: scant.url("sessions/tones/session.yaml"), encoding: .utf8)
    #expect(session.contains("# folds: [1, 2, 3, 4, 5]") && session.contains("fixmatch"))
    let again = try scant("new", "tones")
    #expect(again.status == 1 && again.complaints.count == 1)
    #expect(again.err.contains("sessions/tones/session.yaml: is there already; expected another"))
    let elsewhere = try scant("new", "tones", "--to", "there")
    #expect(elsewhere.status == 0 && elsewhere.out.contains("wrote there/session.yaml"))
    let run = try scant(
      "run", "sessions/tones", "--set", "training.epochs=1", "--only", "seed=0", "--only",
      "method=b1,method=mean-teacher,method=classic")
    #expect(run.status == 0, "\(run.err)")
    #expect(run.out.contains("mean-teacher") && run.out.contains("classic"))
  }

  @Test func aFolderStandsForItsSession() throws {
    let first = try scant(
      "run", "tones", "--sessions", "mine", "--only", "method=b1,seed=0", "--set",
      "training.epochs=1")
    #expect(first.status == 0, "\(first.err)")
    #expect(first.err.contains("session: ") && first.err.contains("mine/tones/session.yaml"))
    let table = try scant("table", "tones", "--sessions", "mine")
    #expect(table.status == 0, "\(table.err)")
    let other = try scant("table", "tones")
    #expect(other.status == 1 && other.err.contains("expected one by: scant new tones"))
  }

  @Test func trainingHearsUnlabelledClipsWhereTheMethodCan() throws {
    for (method, words) in [
      ("b1", "cannot use what has none"), ("fixmatch", "learns from the sound"),
    ] {
      let outcome = try scant(
        "train", "--dataset", "tones", "--method", method, "--epochs", "1", "--out", method)
      #expect(outcome.status == 0, "\(outcome.err)")
      let log = try String(contentsOf: scant.url("\(method)/events.jsonl"), encoding: .utf8)
      #expect(log.contains("2 training clips have no label; \(method) \(words)"), "\(outcome.err)")
    }
  }

  @Test func aCheckSaysWhatIsUnderstood() throws {
    let outcome = try scant("data", "check", "tones")
    #expect(outcome.status == 0 && outcome.out.contains("groups      24, each clip by itself"))
    #expect(outcome.out.contains("classes     2: low, high (a class is a column of labels.csv)"))
  }

  @Test(arguments: [
    ("nothing", "nothing: no such folder; expected"), ("tones/tone1.wav", "is a file; expected"),
    ("none", "none: no sound file and no table of labels; expected"),
    ("bare", "bare: 1 sound file and no label, so nothing to train on; expected"),
  ])
  func aFolderThatCannotBeUsedIsOneLine(folder: String, expected: String) throws {
    try scant.write("none/readme.md", "words")
    try scant.write("bare/a.wav", "")
    let outcome = try scant("new", folder)
    #expect(outcome.status == 1 && outcome.errorLines.count == 1, "\(outcome.err)")
    #expect(outcome.err.contains(expected), "\(outcome.err)")
    #expect(!FileManager.default.fileExists(atPath: scant.url("sessions").path))
  }
}
