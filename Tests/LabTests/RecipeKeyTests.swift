// Keys of recipes: each data set has its own, cards start from values that exist, layers belong to
// their extractor, and a run's own recipe means what the run did.
import Datasets
import Foundation
import Lab
import Layers
import Methods
import Models
import Testing

@Suite struct RecipeKeyTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Data sets do not know the methods: what their cards say of them is a key in text.
  @Test func defaultsOfCardsAreValid() throws {
    let cards =
      DatasetCatalog.cards.map { (id: "dataset.id", card: $0.id, defaults: $0.defaults) }
      + MethodCatalog.all.map { (id: "method.id", card: $0.card.id, defaults: $0.card.defaults) }
    #expect(cards.flatMap(\.defaults).count > 5)
    for (key, id, defaults) in cards {
      for start in defaults {
        var recipe = try Recipe().setting(key, to: id)
        if let method = start.method { recipe = try recipe.setting("method.id", to: method) }
        let field = try #require(recipe.fields.first { $0.key == start.key }, "\(id) \(start.key)")
        #expect(field.value == start.value.description && field.origin == id)
        #expect(try recipe.setting(start.key, to: start.value.description) == recipe)
      }
    }
  }

  @Test func dataSetShowsOnlyItsOptions() throws {
    func options(_ id: String) throws -> [String] {
      try Recipe().setting("dataset.id", to: id).fields.map(\.key)
        .filter { $0.hasPrefix("dataset.") }.map { String($0.dropFirst("dataset.".count)) }
    }
    let always = ["observed", "hiding", "removed", "flipped", "fraction"]
    #expect(
      try options("band") == always + ["clips", "seconds", "instruments", "seed", "patch", "root"])
    #expect(
      try options("folder")
        == always + ["seconds", "seed", "testFold", "unlabelled", "patch", "root"])
    #expect(
      try options("sonyc-ust-v2")
        == always + ["seconds", "seed", "validationShare", "level", "patch", "root"])
    #expect(
      try options("mtg-jamendo")
        == always + ["seconds", "subset", "split", "absent", "patch", "root"])
    #expect(
      try options("urbansound8k")
        == always + ["seconds", "seed", "testFold", "validationShare", "patch", "root"])
    let error = #expect(throws: RecipeError.self) {
      try Recipe().setting("dataset.level", to: "coarse")
    }
    #expect(
      error?.description
        == "dataset.level: not an option of band; expected one of dataset.observed, "
        + "dataset.hiding, dataset.removed, dataset.flipped, dataset.fraction, dataset.clips, "
        + "dataset.seconds, dataset.instruments, dataset.seed, dataset.patch, dataset.root")
  }

  /// Earlier builds wrote the options of every data set into every recipe.
  @Test func optionsOfOtherDataSetsAreIgnored() throws {
    let old = """
      code: "0.1"
      dataset:
        id: "band"
        observed: 0.25
        testFold: 0
        soft: no
        level: "fine"
        minimumPositives: 10
      """
    let recipe = try Recipe(yaml: old, file: "recipe.yaml")
    #expect(try recipe == Recipe().setting("dataset.observed", to: "0.25"))
    #expect(recipe["dataset.level"] == nil && !recipe.yaml().contains("level"))
    #expect(throws: RecipeError.self) {
      try Recipe(yaml: "dataset: { id: band, levle: fine }", file: "session.yaml")
    }
  }

  /// A run of version 0.1.0: five keys of other data sets are gone, every other line stays.
  @Test func recipesOfEarlierVersionsKeepTheirMeaning() throws {
    let file = Self.root.appendingPathComponent("Tests/Golden/Lab/recipe-0.1.0.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    let recipe = try Recipe(yaml: text, file: "recipe.yaml")
    let expected = try [
      ("method.id", "mean-teacher"), ("training.epochs", "400"), ("training.threads", "1"),
      ("dataset.clips", "40"), ("model.width", "2"), ("method.emaDecay", "0.98"),
    ].reduce(Recipe()) { try $0.setting($1.0, to: $1.1) }
    #expect(recipe == expected)
    let new = [
      "  instruments: 20", "  flipped: 0.0", "  boost: 1.0", "  augment.filter: 0.0",
      "  augment.filterShape: linear", "  augment.mixClips: 0.0", "  augment.background: 0.0",
      "  augment.mixupLabels: both", "  weights: random",
    ]
    let gone = ["testFold", "validationShare", "soft", "level", "minimumPositives"]
    let kept = text.split(separator: "\n").filter { line in
      !line.hasPrefix("code:") && !gone.contains { line.hasPrefix("  \($0):") }
    }
    let written = recipe.yaml(dataDigest: "3637d8710be8c0d3").split(separator: "\n")
    #expect(new.allSatisfy { line in written.contains { $0 == line } })
    #expect(written.filter { !$0.hasPrefix("code:") && !new.contains(String($0)) } == kept)
  }

  // MARK: layers

  private func recipe(_ changes: [(String, String)]) throws -> Recipe {
    try changes.reduce(Recipe()) { try $0.setting($1.0, to: $1.1) }
  }

  @Test func layerSettingSelectsTheInput() throws {
    let recipe = try recipe([
      ("model.id", "attention"), ("model.layer", "mel256-env-512"), ("model.input", "openl3"),
    ])
    for id in ["attention", "classic"] {
      let model = try #require(ModelCatalog.find(id))
      let input = model.input(try recipe.setting("model.id", to: id).modelSettings)
      #expect(
        input == .embeddings("openl3:mel256-env-512", standardized: id == "attention"))
    }
    let field = try #require(recipe.fields.first { $0.key == "model.layer" })
    #expect(field.choices.first == "default" && field.choices.contains("linear-env-6144"))
  }

  @Test func layersOfTheSONYCSessionsMatchThePaper() throws {
    for name in ["sonyc-semi-supervised", "sonyc-label-removal"] {
      let folder = Self.root.appendingPathComponent("sessions/\(name)")
      let yaml = try String(
        contentsOf: folder.appendingPathComponent("session.yaml"), encoding: .utf8)
      let session = try Session(yaml: yaml, file: "session.yaml", folder: folder)
      #expect(session.runs.allSatisfy { $0.recipe["model.layer"] == "mel256-env-512" })
      let enhancing = session.runs.filter { $0.recipe.method == "label-enhancing" }
      #expect(!enhancing.isEmpty)
      #expect(enhancing.allSatisfy { $0.recipe["training.selectTeacher"] == "loss" })
      #expect(session.runs.allSatisfy { $0.recipe["training.select"] == "auprc-macro" })
    }
  }

  @Test func aLayerOfAnotherExtractorIsRefused() throws {
    let cases = [
      (
        [("model.id", "attention"), ("model.input", "openl3"), ("model.layer", "mtt-tags")],
        "model.layer: openl3 has no layer 'mtt-tags'; expected default, mel256-music-512, "
      ),
      (
        [("model.id", "attention"), ("model.layer", "mtt-tags")],
        "model.layer: log-mel has no layer 'mtt-tags'; expected default"
      ),
      (
        [
          ("method.id", "con-reg"), ("method.extractor", "band-net"), ("method.second", "edgel3"),
          ("method.secondLayer", "x"),
        ], "method.secondLayer: edgel3 has no layer 'x'; expected default, "
      ),
    ]
    try Samples.withFolder { folder in
      for (changes, message) in cases {
        let small = changes + [("dataset.clips", "15")]
        let executor = RunExecutor(cache: folder.appendingPathComponent("cache"))
        let error = #expect(throws: LabError.self) {
          _ = try executor.trainer(
            for: try recipe(small), in: RunFolder(folder.appendingPathComponent("run")),
            progress: nil
          ) { _ in }
        }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
      }
    }
  }

  // MARK: what runs did before a key existed

  @Test func runsOlderThanAKeyKeepTheirMeaning() throws {
    let session = "method: cnn-only\nmodel: { id: ast, weights: band-ast }\n"
    #expect(try Recipe(yaml: session, file: "a")["method.relu"] == "yes")
    let run = "code: \"0.1\"\n" + session
    #expect(try Recipe(yaml: run, file: "a")["method.relu"] == "no")
    for (method, key, before, now) in [
      ("con-reg", "align", "clip", "segment"), ("dis-reg", "align", "clip", "segment"),
      ("fixmatch", "fairness", "0.0", "0.01"),
    ] {
      let text = "method: \(method)\n"
      #expect(try Recipe(yaml: "code: \"0.1\"\n" + text, file: "a")["method.\(key)"] == before)
      #expect(try Recipe(yaml: text, file: "a")["method.\(key)"] == now)
    }
    let newer = try Recipe(yaml: session, file: "a").yaml()
    #expect(try Recipe(yaml: newer, file: "a")["method.relu"] == "yes")
  }
}
