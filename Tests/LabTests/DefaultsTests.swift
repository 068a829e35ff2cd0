// The defaults of label enhancing and mean teacher hold on a short run with few labels: neither is
// below B1. With the settings of the paper's long runs on frozen embeddings, mean teacher is.
import Autograd
import Datasets
import Foundation
import Lab
import Methods
import Testing

@Suite struct DefaultsTests {
  /// f1-macro-both of the method's result on complete test labels, the mean of three seeds: 200
  /// training clips with 15 % of the labels, 40 % of them positive, and 150 steps.
  private func score(_ method: String, _ settings: [String: String] = [:]) throws -> Double {
    let seeds = [1, 2, 3]
    let scores = try seeds.map { seed in
      try Samples.withFolder { folder in
        let changes = [
          "method.id": method, "training.epochs": "6", "training.learningRate": "0.005",
          "seed": "\(seed)",
        ]
        var plan = try Tones.plan(
          folder, changes.merging(settings) { $1 }, train: split(.train, 200, seed))
        plan.validation = split(.validation, 100, seed)
        plan.test = Tones.split(.test, clips: 200, seed: seed, positive: 0.15)
        let trainer = try Tones.trainer(plan)
        trainer.start()
        let result = (MethodCatalog.find(method)?.result ?? .student).rawValue
        return try #require(trainer.wait().scores["test"]?[result]?["f1-macro-both"])
      }
    }
    return scores.reduce(0, +) / Double(seeds.count)
  }

  /// Clips of which labels are hidden as those of the built-in data set are.
  private func split(_ which: Split, _ count: Int, _ seed: Int) -> ToneSplit {
    var split = Tones.split(which, clips: count, seed: seed, missing: 0, positive: 0.15)
    split.clips = LabelMask.hide(split.clips, observed: 0.15, rule: .balanced, seed: seed)
    return split
  }

  @Test func noDefaultIsBelowB1OnAShortRun() throws {
    let b1 = try score("b1")
    for method in ["label-enhancing", "mean-teacher"] {
      let own = try score(method)
      #expect(own > b1 - 0.02, "\(method): \(own), b1: \(b1)")
    }
    // With what mean teacher had before, the check fails. Tones are too easy for it to fail with
    // label enhancing's 0.05, so that its default is named here.
    let teacher = try score(
      "mean-teacher",
      ["method.consistency": "3", "method.emaDecay": "0.999", "method.rampUp": "0"])
    #expect(teacher < b1 - 0.02, "\(teacher), b1: \(b1)")
    #expect(try Tones.recipe(["method.id": "label-enhancing"])["method.maskedShare"] == "auto")
  }

  /// Recipe, log and resolved recipe agree on what `auto` stands for.
  @Test func automaticValuesAreSaidAndWritten() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let plan = try Tones.plan(folder, ["method.id": "mean-teacher"])
      #expect(plan.recipe["method.emaDecay"] == "auto")
      let said = plan.recipe.automatic(trainingClips: 30)
      #expect(said == ["method.emaDecay": "0.9, a memory of 10 of 12 steps"])
      let trainer = try Tones.trainer(plan, recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let lines = recorder.events.compactMap { $0.body as? LogLine }
      #expect(
        lines.contains { $0.text == "method.emaDecay: 0.9, a memory of 10 of 12 steps" })
      let yaml = plan.recipe.yaml(remarks: said)
      #expect(yaml.contains("  emaDecay: auto  # 0.9, a memory of 10 of 12 steps\n"))
      #expect(try Recipe(yaml: yaml, file: "recipe.yaml") == plan.recipe)
    }
  }
}
