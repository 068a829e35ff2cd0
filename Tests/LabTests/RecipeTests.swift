// Recipes: defaults, the form, `--set`, YAML both ways, and every way to get one wrong.
import Foundation
import Lab
import Testing

@Suite struct RecipeTests {
  @Test func bandStartsFromItsReferenceSettings() {
    let recipe = Recipe()
    #expect(recipe["training.learningRate"] == "0.002")
    #expect(recipe["training.epochs"] == "16")
    #expect(recipe["training.batch"] == "32")
    #expect(recipe["training.weightDecay"] == "1e-05")
    #expect(recipe["training.schedule"] == "cosine")
    #expect(recipe["training.select"] == "last")
    #expect(recipe["dataset.observed"] == "0.1")
    #expect(recipe["dataset.hiding"] == "balanced")
    #expect(recipe["nothing"] == nil)
  }

  @Test func defaultsBelongToTheDataset() throws {
    let recipe = try Recipe().setting("dataset.id", to: "esc50")
    #expect(recipe["dataset.observed"] == "1.0")
    #expect(recipe["training.epochs"] != "16")
    #expect(recipe.fields.allSatisfy { !$0.isChanged })
  }

  @Test func rootBelongsToItsDataSetOnly() throws {
    let own = try Recipe().setting("dataset.id", to: "folder")
      .setting("dataset.root", to: "/mine").setting("dataset.patch", to: "/mine/p.csv")
    #expect(try own.setting("dataset.id", to: "folder")["dataset.root"] == "/mine")
    let other = try own.setting("dataset.id", to: "openmic2018")
    #expect(other["dataset.root"] == "" && other["dataset.patch"] == "")
    #expect(try own.setting("dataset.seconds", to: "2")["dataset.root"] == "/mine")
  }

  @Test func fieldsAreUniqueAndAcceptTheirValue() throws {
    let recipe = Recipe()
    let keys = recipe.fields.map(\.key)
    #expect(Set(keys).count == keys.count)
    for field in recipe.fields {
      #expect(try recipe.setting(field.key, to: field.value) == recipe)
      #expect(!field.help.isEmpty && !field.title.isEmpty && !field.range.isEmpty)
    }
  }

  @Test func settingChangesOneField() throws {
    let recipe = try Recipe().setting("training.epochs", to: "3")
    #expect(recipe.fields.filter(\.isChanged).map(\.key) == ["training.epochs"])
    #expect(recipe != Recipe())
    #expect(try recipe.setting("training.epochs", to: "16") == Recipe())
  }

  @Test(arguments: [
    ("training.epoch", "3", "training.epoch: unknown key; did you mean 'training.epochs'?"),
    ("augment.mixup", "0.2", "augment.mixup: unknown key; did you mean 'training.augment.mixup'?"),
    ("epochs", "3", "epochs: unknown key; did you mean 'training.epochs'?"),
    ("training.epochs", "ten", "training.epochs: 'ten' is not a whole number; expected 1…100000"),
    ("training.epochs", "0", "training.epochs: 0 is out of range; expected 1…100000"),
    ("training.epochs", "1.5", "training.epochs: '1.5' is not a whole number; expected 1…100000"),
    ("training.learningRate", "nan", "training.learningRate: 'nan' is not a number; "),
    ("dataset.observed", "1.2", "dataset.observed: 1.2 is out of range; expected 0.001…1.0"),
    ("dataset.hiding", "some", "'some' is not a choice; expected balanced | quiet | random | pos"),
    ("method.id", "b2", "method.id: 'b2': unknown method; did you mean 'b"),
    ("dataset.id", "bnad", "did you mean 'band'?"),
    ("seed", "-1", "seed: -1 is out of range; expected 0…1000000000"),
    ("training.select", "ap", "'ap' is not a choice; expected last | "),
  ])
  func errorsAreOneSentence(_ key: String, _ text: String, _ expected: String) {
    let error = #expect(throws: RecipeError.self) { try Recipe().setting(key, to: text) }
    #expect(error.map { "\($0)".contains(expected) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func yamlRoundTrip() throws {
    let recipe = try Recipe(method: "b0", seed: 4)
      .setting("training.learningRate", to: "0.00037")
      .setting("dataset.root", to: "/data/my \"set\": #1\n")
      .setting("dataset.hiding", to: "none")
    let text = recipe.yaml(dataDigest: "yes")
    #expect(try Recipe(yaml: text, file: "recipe.yaml") == recipe)
    for field in recipe.fields {
      #expect(text.contains(field.key.split(separator: ".").last ?? "-"))
    }
  }

  @Test(arguments: [
    "true", "null", "~", "1", "0x1", "a: b", "- a", "#", "", " a ", "é", "\u{7f}", "%", "a\\b", "[",
    "\u{2028}", "'", "no", "*a",
  ])
  func quotedTextsRoundTrip(_ text: String) throws {
    let recipe = try Recipe().setting("dataset.root", to: text)
    let back = try Recipe(yaml: recipe.yaml(), file: "r")
    #expect(back["dataset.root"] == text)
  }

  @Test(arguments: [
    ("seed: 1\ntraining:\n  epochs: 3\n  lerningRate: 1\n", "r:4: training.lerningRate: unknown"),
    ("trainig: {}\n", "r:1: trainig: unknown key; did you mean 'training'?"),
    ("seed: 1\ntraining: { epochs: many }\n", "r:2: training.epochs: 'many' is not a whole"),
    ("training: 3\n", "r:1: training.id: unknown key"),
    ("training:\n  epochs: [1, 2]\n", "r:2: training.epochs: is a list or a mapping"),
    ("training:\n  epochs:\n", "r:2: training.epochs: has no value"),
    ("model: { id: cnnn }\n", "r:1: model.id: 'cnnn': unknown model; did you mean 'cnn'?"),
    ("seed: 1\nseed: 2\n", "'seed' occurs twice"),
    ("a: b: c\n", "r:1: "),
    ("- 1\n", "r:1: no mapping"),
    ("", "r:1: no mapping"),
    ("seed: \"\u{1}\"\n", "r"),
  ])
  func errorsInAFileNameTheirLine(_ yaml: String, _ expected: String) {
    let error = #expect(throws: RecipeError.self) { try Recipe(yaml: yaml, file: "r") }
    #expect(error.map { "\($0)".contains(expected) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func hostileYAMLIsRefused() {
    for text in [
      String(repeating: "[", count: 200_000), String(repeating: "- ", count: 100_000),
      String(repeating: "a", count: 300_000),
    ] {
      #expect(throws: RecipeError.self) { try Recipe(yaml: text, file: "r") }
    }
  }
}
