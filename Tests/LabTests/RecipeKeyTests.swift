// Keys of recipes: those that the source asks for are declared, layers belong to their extractor,
// and a run's own recipe means what the run did.
import Foundation
import Lab
import Layers
import Methods
import Models
import Testing

@Suite struct RecipeKeyTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Calls that a pattern finds in the Swift files of some folders: what is asked for, and its key.
  private func asked(
    _ folders: [String], _ call: Regex<(Substring, Substring, Substring)>
  ) throws -> [(file: String, kind: String, key: String)] {
    try folders.flatMap { folder -> [(file: String, kind: String, key: String)] in
      let place = Self.root.appendingPathComponent("Sources/\(folder)")
      let files = try #require(FileManager.default.enumerator(atPath: place.path))
      return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
        .flatMap { file in
          try String(contentsOf: place.appendingPathComponent(file), encoding: .utf8)
            .matches(of: call).map { (file, String($0.1), String($0.2)) }
        }
    }
  }

  private func kind(_ range: Hyperparameter.Range) -> String {
    switch range {
    case .real: "real"
    case .integer: "integer"
    case .flag: "flag"
    case .choice: "choice"
    }
  }

  @Test func everySettingThatIsAskedForIsOnACard() throws {
    let cards = MethodCatalog.all.map { $0.card } + ModelCatalog.all.map { $0.card }
    let declared = Set(cards.flatMap(\.hyperparameters).map { "\(kind($0.range)) \($0.key)" })
    let asked = try asked(
      ["Methods", "Models"], /settings\??\.(real|integer|flag|choice)\("([A-Za-z]+)"\)/)
    #expect(asked.count > 20)
    for call in asked {
      #expect(declared.contains("\(call.kind) \(call.key)"), "\(call.file): \(call.key)")
    }
  }

  @Test func everyKeyThatTheLabAsksForIsInTheTable() throws {
    let known = Set(
      MethodCatalog.ids.flatMap { Recipe(method: $0).fields.map(\.key) }
        + ModelCatalog.all.flatMap { Recipe(model: $0.card.id).fields.map(\.key) })
    let asked = try asked(
      ["Lab"], /(real|integer|flag|text|resolved)\("([a-z]+\.[A-Za-z.]+)"\)/)
    #expect(asked.count > 30)
    for call in asked { #expect(known.contains(call.key), "\(call.file): \(call.key)") }
  }

  // MARK: layers

  private func recipe(_ changes: [(String, String)]) throws -> Recipe {
    try changes.reduce(Recipe()) { try $0.setting($1.0, to: $1.1) }
  }

  @Test func aLayerReachesTheInput() throws {
    let recipe = try recipe([
      ("model.id", "attention"), ("model.layer", "mel256-env-512"), ("model.input", "openl3"),
    ])
    for id in ["attention", "classic"] {
      let model = try #require(ModelCatalog.find(id))
      let input = model.input(try recipe.setting("model.id", to: id).hyperparameters(of: "model"))
      #expect(
        input == .embeddings("openl3:mel256-env-512", standardized: id == "attention"))
    }
    let field = try #require(recipe.fields.first { $0.key == "model.layer" })
    #expect(field.choices.first == "default" && field.choices.contains("linear-env-6144"))
  }

  @Test func theLayersOfTheSONYCSessionsAreThePapers() throws {
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

  @Test func aRunOlderThanAKeyMeansWhatItDid() throws {
    let session = "method: cnn-only\nmodel: { id: ast, weights: band-ast }\n"
    #expect(try Recipe(yaml: session, file: "a")["method.relu"] == "yes")
    let run = "code: \"0.1\"\n" + session
    #expect(try Recipe(yaml: run, file: "a")["method.relu"] == "no")
    let newer = try Recipe(yaml: session, file: "a").yaml()
    #expect(try Recipe(yaml: newer, file: "a")["method.relu"] == "yes")
  }
}
