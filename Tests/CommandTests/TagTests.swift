/// `scant tag` and `scant extractors` from outside.
import Foundation
import TestSupport
import Testing

@Suite struct TagTests {
  let scant: Program
  let data: ToneFolder

  init() throws {
    scant = try Program()
    data = try ToneFolder(scant.url("tones"))
  }

  @Test func missingWeightsAreOneLine() throws {
    let outcome = try scant("tag", "tones/tone1.wav")
    #expect(outcome.status == 1 && outcome.out.isEmpty && outcome.errorLines.count == 1)
    for part in ["mn04 or yamnet", "without training", "mn04_as_mAP_432.pt of the releases"] {
      #expect(outcome.err.contains(part), "\(outcome.err)")
    }
  }

  @Test func extractorsSayWhereTheirWeightsAre() throws {
    let entries = try #require(try scant("extractors", "--json").json() as? [[String: Any]])
    let mn04 = try #require(entries.first { $0["id"] as? String == "mn04" })
    #expect(mn04["licence"] as? String == "MIT" && mn04["weights"] == nil)
    #expect((mn04["needs"] as? [String])?.count == 2)
    let own = try #require(entries.first { $0["id"] as? String == "band-net" })
    #expect((own["weights"] as? String)?.hasSuffix("Weights") == true)
    #expect(try scant("extractors").out.contains("MIT"))
  }

  @Test(.enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
  func dogsAreDogs() throws {
    let sound = SharedData.data("weights/yamnet/golden_dog_16k.wav").path
    let weights = SharedData.data("weights/mn04").path
    let tags = try scant("tag", sound, "gone.wav", "--by", "mn04", "--weights", weights, "--json")
    #expect(tags.status == 1 && tags.complaints.count == 1 && tags.err.contains("gone.wav"))
    let report = try #require(try tags.json() as? [String: Any])
    #expect(report["extractor"] as? String == "mn04")
    let files = try #require(report["files"] as? [[String: Any]])
    let found = try #require(files.first?["tags"] as? [[String: Any]])
    #expect(files.count == 1 && found.count == 5)
    #expect(found.contains { $0["name"] as? String == "Dog" && $0["score"] as? Double ?? 0 > 0.4 })
    let scores = found.compactMap { $0["score"] as? Double }
    #expect(scores == scores.sorted(by: >))
    let table = try scant("tag", sound, "--by", "mn04", "--weights", weights, "--top", "1")
    #expect(table.status == 0 && table.out.split(separator: "\n").count == 2, "\(table.out)")
  }

  @Test(.enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
  func tagsOfOwnClassesAreConfirmedBeforeTheyGuess() throws {
    let rows = (0..<24).map { i in "tone\(i).wav,\(i % 2),\(i < 12 ? "\(i / 2 % 2)" : "")" }
    try scant.write("tones/labels.csv", (["filename,dog,whistles"] + rows).joined(separator: "\n"))
    let weights = scant.url(".local/share/scant/weights")
    try FileManager.default.createDirectory(at: weights, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: weights.appendingPathComponent("mn04"),
      withDestinationURL: SharedData.data("weights/mn04"))
    func run(_ arguments: String...) throws -> Outcome {
      try scant.finish(scant.start(arguments + ["--sessions", "mine"]))
    }
    let proposed = try run("tag", "--classes", "tones")
    #expect(proposed.status == 0 && proposed.err.contains("--confirm"), "\(proposed.err)")
    #expect(proposed.out.contains("Whistle") && proposed.out.contains("same name"))
    let before = try run("suggest", "tones", "--by", "tags")
    #expect(before.status == 1 && before.err.contains("no tag is confirmed"), "\(before.err)")
    #expect(try run("tag", "--classes", "tones", "--confirm").err.contains("confirmed."))
    let list = try run("suggest", "tones", "--count", "99")
    #expect(list.status == 0 && list.err.contains("by tags"), "\(list.err)")
    // Reasons hold commas, between quotation marks.
    let cells = list.out.replacing(/"[^"]*"/, with: "why").split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(!cells.isEmpty && cells.allSatisfy { $0.count == 8 && $0[7].isEmpty })
    #expect(cells.allSatisfy { (0...1).contains(Double($0[6]) ?? -1) }, "\(list.out)")
    #expect(!FileManager.default.fileExists(atPath: scant.url("mine/tones/patch.csv").path))
  }

  /// The network alone is enough for embeddings, not for the names of its classes.
  @Test(.enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
  func namesOfClassesAreNeeded() throws {
    let name = "mn04_as_mAP_432.pt"
    let folder = scant.url("weights/mn04")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: SharedData.data("weights/mn04/\(name)"), to: folder.appendingPathComponent(name))
    let outcome = try scant("tag", "tones/tone1.wav", "--by", "mn04", "--weights", folder.path)
    #expect(outcome.status == 1 && outcome.errorLines.count == 1)
    #expect(outcome.err.contains("class_labels_indices.csv: no such file; expected"))
    let embedded = try scant(
      "embed", "mn04", "tones/tone1.wav", "--weights", folder.path, "--out", "e.npy")
    #expect(embedded.status == 0, "\(embedded.err)")
    try scant.write("weights/mn04/class_labels_indices.csv", "index,mid,display_name\n0,/m/1,A\n")
    let short = try scant("tag", "tones/tone1.wav", "--by", "mn04", "--weights", folder.path)
    #expect(short.err.contains("class_labels_indices.csv: 1 classes; expected 527"))
  }
}
