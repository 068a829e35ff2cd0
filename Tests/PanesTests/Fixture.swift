// A data set, a catalogue and a run made by hand: the same on every machine.
import Canvas
import Foundation
import Lab
import Layers
import Panes

enum Fixture {
  static let classes = [
    "bass", "bell", "brass", "clarinet", "drums", "flute", "guitar", "mallet_perc", "organ",
    "piano", "strings", "voice",
  ]

  /// 240 clips, one label in ten observed in training and validation, truth known.
  static let dataset: DatasetSnapshot = {
    let clips = (0..<240).map { i -> ClipRow in
      let split = i % 6 == 4 ? "validation" : i % 6 == 5 ? "test" : "train"
      let truth = classes.indices.map { c in (i * 7 + c * 5 + i / 9) % 4 == 0 }
      let labels = truth.enumerated().map { c, isPositive -> LabelState in
        let isSeen = split == "test" || (i * 13 + c * 29 + i / 7) % 10 == 0
        return isSeen ? (isPositive ? .positive : .negative) : .missing
      }
      let number = String(10_000 + i).dropFirst()
      return ClipRow(id: "band-\(number)", split: split, seconds: 2, labels: labels, truth: truth)
    }
    return DatasetSnapshot(
      id: "band", title: "Band", classes: classes, clips: clips,
      problems: ["take7.wav: no samples; expected at least one frame"], featuresCached: true)
  }()

  static let datasets = [
    Card(id: "band", title: "Band (built in)", summary: "rendered instruments, truth known"),
    Card(id: "esc50", title: "ESC-50 / ESC-10", summary: "environmental sounds"),
    Card(id: "folder", title: "Own folder", summary: "labels.csv beside sound files"),
  ]
  static let models = [
    Card(id: "cnn", title: "small CNN", summary: "four convolutions on log-mel"),
    Card(id: "attention", title: "attention", summary: "attention over frames"),
  ]
  static let methods = [
    Card(id: "b0", title: "missing as negative", summary: "every missing label is a no"),
    Card(
      id: "b1", title: "missing masked", summary: "only observed labels count",
      paper: "Gururani & Lerch 2021, arXiv:2111.12761"),
  ]

  /// Two fields made by hand; `training.epochs` takes 1…500, `training.schedule` two words.
  static func fields(_ epochs: String, _ schedule: String) -> [RecipeField] {
    [
      RecipeField(json: [
        "key": "training.epochs", "title": "epochs", "help": "passes over the training split",
        "value": epochs, "initial": "12", "range": "1…500", "choices": [Int](),
      ]),
      RecipeField(json: [
        "key": "training.schedule", "title": "schedule", "help": "how the learning rate falls",
        "value": schedule, "initial": "cosine", "range": "cosine | constant",
        "choices": ["cosine", "constant"],
      ]),
    ]
  }

  struct Refused: Error, CustomStringConvertible { let description: String }

  /// A catalogue whose form remembers what was set in the recipe's seed and method: enough to
  /// test the screen without the lab's schema.
  static let catalog = Catalog(
    datasets: datasets, models: models, methods: methods,
    fields: { fields("\(12 + $0.seed)", $0.method.hasSuffix("!") ? "constant" : "cosine") },
    change: { recipe, key, text in
      var copy = recipe
      switch key {
      case "method.id": copy.method = text
      case "model.id": copy.model = text
      case "dataset.id": copy.dataset = text
      case "training.schedule": copy.method = "b1" + (text == "constant" ? "!" : "")
      default:
        guard let value = Int(text), (1...500).contains(value) else {
          throw Refused(description: "\(key): '\(text)' is no number; expected 1…500")
        }
        copy.seed = value - 12
      }
      return copy
    })

  static let runs: [RunSummary] = (0..<4).map { i in
    RunSummary(json: [
      "name": "\(i < 2 ? "b0" : "b1")-cnn-s\(i % 2)", "method": i < 2 ? "b0" : "b1", "model": "cnn",
      "seed": i % 2, "state": i == 0 ? "done" : "waiting",
      "scores": i == 0 ? ["f1-macro": 0.214, "ap-macro": 0.581] : [:],
      "otherScores": [String: Double](),
    ])
  }

  static func bench(_ screen: Panes.Screen = .train) -> Workbench {
    var bench = Workbench(
      recipe: Recipe(), catalog: catalog, session: "band-missing-labels", runs: runs,
      screen: screen)
    bench.tick(100)
    return bench
  }

  static let sound = ClipSound(json: [
    "clip": "band-0000", "seconds": 2, "sampleRate": 16_000, "bands": 32, "frames": 100,
    "values": loudness, "frequencies": (0..<32).map { Float(60 + $0 * $0 * 8) },
    "file": "/sounds/band-0000.wav",
  ])

  /// A sweep upwards with an overtone over silence.
  private static var loudness: [Float] {
    var values: [Float] = []
    for band in 0..<32 {
      for frame in 0..<100 {
        let root = 16 - 4 * abs(band - frame / 5)
        let overtone = 10 - 4 * abs(band - 10 - frame / 5)
        values.append(Float(max(0, root, overtone)))
      }
    }
    return values
  }
}

extension Panes.Screen {
  /// As the header counts.
  var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
}

extension Catalog {
  /// Methods without families.
  init(
    datasets: [Card], models: [Card], methods: [Card],
    fields: @escaping @Sendable (Recipe) -> [RecipeField] = { $0.fields },
    change: @escaping @Sendable (Recipe, String, String) throws -> Recipe = {
      try $0.setting($1, to: $2)
    }
  ) {
    self.init(
      datasets: datasets, models: models, families: [Family("Methods", methods)], fields: fields,
      change: change)
  }
}
