// What is compared: a folder of sounds, for which rows and folds are chosen, or a session with its
// own rows.
import Datasets
import Formats
import Foundation
import Metrics

/// The data, the wished-for plan, and the session of the runs.
package struct ComparisonSetup: Sendable {
  package let data: ComparisonData
  /// Of the sounds; nil for a session.
  let folder: URL?
  let plan: ComparisonPlan
  let places: [ComparisonPlace]
  package let remarks: [String]
  /// Whether somebody chose the methods.
  let isChosen: Bool
  /// Of the generated session; nil where somebody wrote it.
  private let draft: (@Sendable (ComparisonPlan, ComparisonRow.Candidate?) -> ComparisonDraft)?

  var isGenerated: Bool { draft != nil }

  /// For a folder of sounds. `methods`: ids; nil: all that fit. Throws `Problem`, `AudioError`
  /// and `CancellationError`.
  package init(
    folder root: URL, id: String, methods: [String]?, executor: RunExecutor,
    progress: PreparationHandler? = nil
  ) throws {
    let root = root.standardizedFileURL
    let (data, left) = try Self.data(root, id, executor, progress)
    let size = TrainingSize(clips: data.trainingClips)
    let rows = try ComparisonRows(
      wanted: methods, isMissing: data.isMissing, extractor: SessionDraft.bestExtractor(),
      size: size)
    guard !rows.rows.isEmpty else {
      throw LabError("--methods: \(rows.remarks.first ?? "no method"); expected others")
    }
    self.data = data
    folder = root
    isChosen = methods != nil
    plan = ComparisonPlan(
      rows: rows.rows, epochs: size.epochs, folds: max(1, data.folds.count),
      repeats: data.repeats, wantsCurve: true)
    places = ComparisonPlace.all(folds: data.folds, draws: 1 + data.repeats)
    remarks = left + rows.remarks
    draft = { plan, curve in
      ComparisonDraft(
        title: "\(data.name), methods compared", dataset: id, root: root,
        usesUnlabelled: left.isEmpty, isSingleLabel: data.isSingleLabel, folds: data.folds,
        batch: size.batch, plan: plan, curve: curve)
    }
  }

  /// The data of a folder, and a line if sounds without a label are left out: where they are many,
  /// hearing them would take the time of all methods.
  private static func data(
    _ root: URL, _ id: String, _ executor: RunExecutor, _ progress: PreparationHandler?
  ) throws -> (ComparisonData, [String]) {
    let recipe = try Recipe().setting("dataset.id", to: id).setting("dataset.root", to: root.path)
    let all = ComparisonData(
      try Self.withFirstFold(recipe, executor, progress), name: root.lastPathComponent)
    let (labelled, others) = (all.labelledClips, all.unlabelledClips)
    guard id == Folder.card.id, others > max(2000, 10 * labelled) else { return (all, []) }
    let fewer = try recipe.setting("dataset.unlabelled", to: "no")
    let data = ComparisonData(
      try Self.withFirstFold(fewer, executor, progress), name: root.lastPathComponent)
    return (
      data,
      [
        "\(others) clips without a label are left out: hearing them beside \(labelled) labelled "
          + "ones would take the time of all methods"
      ]
    )
  }

  /// What is going to be done, in one sentence.
  package func sentence(_ budget: TimeBudget) -> String {
    let folds = plan.folds * (1 + plan.repeats)
    let tests = folds == 1 ? "on the given split" : "on \(folds) folds"
    return "\(data.labelledClips) labelled clips, \(data.classes.count) classes: "
      + "\(plan.rows.count) methods \(tests), within \(budget.text)"
  }

  private static func withFirstFold(
    _ recipe: Recipe, _ executor: RunExecutor, _ progress: PreparationHandler?
  ) throws -> any Dataset {
    let dataset = try executor.data.open(recipe, progress: progress)
    try dataset.demandTraining()
    guard let first = dataset.folds.first else { return dataset }
    let fold = try recipe.setting("dataset.testFold", to: "\(first)")
    return try executor.data.open(fold, progress: progress)
  }

  /// For the rows of a session, as they are. Throws as the other does.
  package init(
    _ session: Session, methods: [String]?, executor: RunExecutor,
    progress: PreparationHandler? = nil
  ) throws {
    guard let first = session.runs.first else {
      throw LabError("\(session.name): no run; expected some to compare")
    }
    let (names, places) = ComparisonPlace.all(of: session)
    let rows = names.compactMap { name in Self.row(name, session) }
      .filter { methods?.contains($0.method) ?? true }
    guard !rows.isEmpty else {
      throw LabError(
        "--methods: none of them is a row of \(session.name); expected one of "
          + Set(session.runs.map(\.recipe.method)).sorted().joined(separator: ", "))
    }
    let dataset = try executor.data.open(first.recipe, progress: progress)
    try dataset.demandTraining()
    data = ComparisonData(dataset, name: session.name)
    isChosen = methods != nil
    plan = ComparisonPlan(
      rows: rows, epochs: 1, folds: places.count, repeats: 0, wantsCurve: false)
    self.places = places
    folder = nil
    remarks = []
    draft = nil
  }

  private static func row(_ name: String, _ session: Session) -> ComparisonRow? {
    let first = session.runs.first { ComparisonPlace.parts(of: $0).row == name }
    guard let run = first else { return nil }
    return ComparisonRow(
      name: name, title: name, method: run.recipe.method,
      candidates: [ComparisonRow.Candidate(name: name, settings: "")],
      epochs: run.recipe.training[TrainingSettings.epochs])
  }

  /// Writes `session.yaml` where it is generated, and reads it. `patch`: the name of a file there
  /// with answers.
  func session(
    in folder: URL, _ plan: ComparisonPlan, curve: ComparisonRow.Candidate?, patch: String?
  ) throws -> Session {
    if let draft {
      let file = folder.appendingPathComponent("session.yaml")
      var made = draft(plan, curve)
      made.patch = patch
      try AtomicFile.write(Data(made.yaml.utf8), to: file)
    }
    return try Session.read(folder)
  }
}
