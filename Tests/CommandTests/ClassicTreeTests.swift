/// A tree of classic learners as a recipe: trained, kept, read again; refused where it cannot be.
import Foundation
import Testing

@Suite struct ClassicTreeTests {
  private let flags = [
    "train", "--dataset", "tones", "--method", "classic", "--model", "classic", "--set",
    "model.tree=clustered", "--set", "model.learner=knn", "--set", "model.neighbors=1",
  ]

  @Test func classTreeIsTrainedSavedAndRestored() throws {
    let scant = try Program()
    let data = try ToneFolder(scant.url("tones"))
    let lines = try data.lines()
    // One class a clip: neither both tones nor none.
    try data.write(lines.filter { !$0.hasSuffix(",0,0") && !$0.hasSuffix(",1,1") })
    let trained = try scant.finish(scant.start(flags + ["--out", "run", "--json"]))
    #expect(trained.status == 0, "\(trained.err)")
    let ended = try #require(try trained.jsonLines().last)
    let scores = try #require(ended["scores"] as? [String: [String: [String: Double]]])
    let live = try #require(scores["test"]?["student"])
    #expect(live["accuracy"] == 1)
    let report = try #require(
      try scant("evaluate", "run", "--json", "--draws", "0").json() as? [String: Any])
    let models = try #require(report["models"] as? [String: [String: Any]])
    #expect(models["student"]?["metrics"] as? [String: Double] == live)
    let names = try scant("weights", "inspect", "run/best.safetensors")
    #expect(names.out.contains("tree.node0.features"), "\(names.out)")
  }

  @Test func multiLabelDataIsRefusedByClassTrees() throws {
    let scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    let outcome = try scant.finish(scant.start(flags + ["--out", "run"]))
    #expect(outcome.status == 1 && outcome.complaints.count == 1, "\(outcome.err)")
    #expect(outcome.err.contains("model.tree: clustered chooses one class a clip"))
  }
}
