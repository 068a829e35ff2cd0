// From the lists of a session to its runs: every seed, fold and swept value of every row.
import Foundation

struct SessionPlan {
  /// A row of the table: a method, or a variant of one under a name of its own.
  struct Contender {
    let name: String?
    let method: String
    let line: Int
    let entries: [YAMLDocument.Entry]
  }

  let base: Recipe
  let contenders: [Contender]
  let sweeps: [[YAMLDocument.Entry]]
  let seeds: [(text: String, line: Int)]
  /// Test folds whose runs are averaged like those of seeds; none: the recipe's fold alone.
  let folds: [(text: String, line: Int)]

  private static let most = 10_000

  /// Seed by seed, so that rows can be compared early. Throws `RecipeError`.
  func runs(_ document: YAMLDocument) throws -> [Session.Run] {
    let places = folds.isEmpty ? [nil] : folds.map { Optional($0) }
    guard seeds.count * places.count * sweeps.count * contenders.count <= Self.most else {
      throw RecipeError(
        file: document.file, line: 1, message: "makes over \(Self.most) runs; expected fewer")
    }
    var runs: [Session.Run] = []
    for seed in seeds {
      for fold in places {
        for point in sweeps {
          for contender in contenders {
            runs.append(try run(contender, point, seed, fold, document.file))
          }
        }
      }
    }
    try checkNames(runs, document)
    return runs
  }

  private func run(
    _ contender: Contender, _ point: [YAMLDocument.Entry], _ seed: (text: String, line: Int),
    _ fold: (text: String, line: Int)?, _ file: String
  ) throws -> Session.Run {
    var entries = [
      YAMLDocument.Entry(key: "method.id", text: contender.method, line: contender.line),
      YAMLDocument.Entry(key: "seed", text: seed.text, line: seed.line),
    ]
    if let fold {
      entries.append(
        YAMLDocument.Entry(key: "dataset.testFold", text: fold.text, line: fold.line))
    }
    let recipe = try base.applying(entries, file: file)
      .applying(contender.entries, file: file).applying(point, file: file)
    var name = Self.fileSafe(contender.name ?? recipe.method)
    var sweep: [String: String] = [:]
    for entry in point {
      let value = recipe[entry.key] ?? entry.text
      sweep[entry.key] = value
      let key =
        entry.key.hasSuffix(".id") ? "" : entry.key.split(separator: ".").last.map(String.init)
      name += "-\(key ?? "")\(Self.fileSafe(value))"
    }
    if let fold { name += "-fold\(Self.fileSafe(fold.text))" }
    return Session.Run(
      name: "\(name)-s\(recipe.seed)", recipe: recipe, sweep: sweep, variant: contender.name)
  }

  private static func fileSafe(_ text: String) -> String {
    String(
      text.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0)) ? $0 : "_" })
  }

  private func checkNames(_ runs: [Session.Run], _ document: YAMLDocument) throws {
    var names: Set<String> = []
    for run in runs where !names.insert(run.name).inserted {
      throw RecipeError(
        file: document.file, line: 1,
        message: "two runs are called \(run.name); expected methods, seeds and values once each")
    }
  }
}
