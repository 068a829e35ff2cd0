/// What a run hands on to other programs: predictions, a model card, papers, a checked log.
import Formats
import Foundation
import Lab
import Testing

@Suite(.serialized) struct HandOnTests {
  let scant: Program

  /// A run of a few epochs on tones, in `runs/net`.
  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    let trained = try scant(
      "train", "--dataset", "tones", "--method", "b1", "--epochs", "4", "--out", "runs/net")
    #expect(trained.status == 0, "\(trained.err)")
  }

  @Test func predictionsAreThoseOfTheRun() throws {
    let (shape, values) = try NPY.read(scant.url("runs/net/predictions.npy"))
    let csv = try scant("export", "runs/net", "--what", "predictions")
    let rows = csv.out.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(rows.first == ["clip", "split", "class", "p", "label", "observed"])
    #expect(rows.count == 1 + values.count && shape[1] == 2)
    for (row, value) in zip(rows.dropFirst(), values) {
      #expect(Float(row[3]) == value && row[1] == "test")
      let number = try #require(Int(row[0].filter(\.isNumber)))
      let label = row[2] == "low" ? number % 2 : number / 2 % 2
      #expect(row[4] == "\(label)" && row[5] == "1", "\(row)")
    }
    try compareArchive(values, shape, rows.dropFirst().map { $0[4] })
  }

  private func compareArchive(_ values: [Float], _ shape: [Int], _ labels: [String]) throws {
    let predictions = ["export", "runs/net", "--what", "predictions", "--format", "npz"]
    let written = try scant.finish(scant.start(predictions + ["--out", "p.npz"]))
    #expect(written.status == 0, "\(written.err)")
    let archive = try NPZ(scant.url("p.npz"))
    #expect(try archive.array("p").values == values && archive.array("p").shape == shape)
    #expect(try archive.array("labels").values == labels.map { Float($0) ?? .nan })
    #expect(try archive.array("observed").values.allSatisfy { $0 == 1 })
    #expect(try archive.strings("classes").values == ["low", "high"])
    #expect(try archive.strings("splits").values.allSatisfy { $0 == "test" })
    let names = try DelimitedText.read(scant.url("runs/net/clips.csv")).rows.map { $0.fields[0] }
    #expect(try archive.strings("clips").values == names)
    let nowhere = try scant.finish(scant.start(predictions))
    #expect(nowhere.status == 64 && nowhere.err.contains("--out"), "\(nowhere.err)")
    let odd = try scant("export", "runs/net", "--what", "scalars", "--format", "jams")
    #expect(odd.status == 64 && odd.err.contains("expected one of csv, ndjson"), "\(odd.err)")
  }

  @Test func eachClipHasItsTracks() throws {
    for format in ["jams", "audacity"] {
      let written = try scant(
        "export", "runs/net", "--what", "predictions", "--format", format, "--out", format)
      #expect(written.status == 0, "\(written.err)")
    }
    let clips = try DelimitedText.read(scant.url("runs/net/clips.csv")).rows.map { $0.fields[0] }
    for clip in clips {
      let stem = URL(fileURLWithPath: clip).deletingPathExtension().lastPathComponent
      let data = try Data(contentsOf: scant.url("jams/\(stem).jams"))
      let whole = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let note = try #require((whole["annotations"] as? [[String: Any]])?.first)
      #expect(note["namespace"] as? String == "tag_open")
      #expect((whole["file_metadata"] as? [String: Any])?["duration"] as? Double == 1)
      let found = (note["data"] as? [[String: Any]] ?? []).compactMap { $0["value"] as? String }
      let track = try String(contentsOf: scant.url("audacity/\(stem).txt"), encoding: .utf8)
      let lines = track.split(separator: "\n")
      #expect(lines.map { String($0.split(separator: "\t")[2]) } == found)
      #expect(lines.allSatisfy { $0.hasPrefix("0.000000\t1.000000\t") })
    }
  }

  @Test func withoutItsDataPredictionsHaveNoLabels() throws {
    try FileManager.default.removeItem(at: scant.url("tones"))
    let csv = try scant("export", "runs/net", "--what", "predictions")
    #expect(csv.status == 0 && csv.err.contains("labels are not known"), "\(csv.err)")
    #expect(csv.out.split(separator: "\n").dropFirst().allSatisfy { $0.hasSuffix(",,") })
  }

  @Test func theCardSaysWhatIsKnownAndWhatIsNot() throws {
    let card = try scant("card", "runs/net").out
    let end = try #require(try RunFolder(scant.url("runs/net")).tests().first)
    let ap = try #require(end.metrics["ap-macro"])
    #expect(card.hasPrefix("---\nlicense: unknown\nlibrary_name: scant\n"))
    #expect(card.contains("| ap-macro | \(String(format: "%.3f", ap)) | "), "\(card)")
    #expect(card.contains("| licence | unknown (a folder of one's own) |"))
    #expect(card.contains("- `training.epochs`: 4\n") && card.contains("| seed | 0 |"))
    #expect(card.contains("**Intended use**: unknown"))
    #expect(card.contains("@misc{gururani2021,"))
    #expect(!card.contains(scant.folder.path + "/runs"), "no path of this machine")
  }

  @Test func thePapersAreBibTeX() throws {
    let text = try scant("cite", "runs/net").out
    #expect(text.contains("% method b1"))
    #expect(text.contains("  author = {Gururani and Lerch},\n"))
    #expect(text.contains("  eprint = {2111.12761},\n  archiveprefix = {arXiv}\n}"))
    #expect(text.contains("% no paper: ") && text.contains("data set folder"))
    #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
  }

  @Test func theLogOfATrainingIsChecked() throws {
    let good = try scant("events", "check", "runs/net")
    #expect(good.status == 0 && good.out.hasSuffix(" lines, 0 faults\n"), "\(good.out)\(good.err)")
    #expect(!good.out.contains("unknown"), "\(good.out)")
    let log = scant.url("runs/net/events.jsonl")
    var lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
    lines[1] = lines[1].replacing("\"state\":\"", with: "\"state\":\"\\u001b[2J")[...]
    try lines.joined(separator: "\n").write(
      to: scant.url("bad.jsonl"), atomically: true, encoding: .utf8)
    let bad = try scant("events", "check", "bad.jsonl")
    #expect(bad.status == 1, "\(bad.out)")
    #expect(bad.out.hasPrefix("bad.jsonl:2: state: is '"), "\(bad.out)")
    #expect(bad.out.contains("expected `idle`") && !bad.out.contains("\u{1B}"))
    let none = try scant("events", "check", "nowhere")
    #expect(none.status == 1 && none.complaints.count == 1, "\(none.err)")
  }
}
