import Foundation
import Lab

/// What `R` would do, and how long that takes.
extension Workbench {
  /// A sentence on what `R` would do now.
  var runPromise: String {
    if isTraining { return "a run is active; press S to stop it" }
    let time = promisedTime.map { ", \($0)" } ?? ""
    if screen == .method, isRecipeChanged || session.isEmpty {
      return "R adds 1 run: \(recipe.method) · \(recipe.model) · seed \(recipe.seed)\(time)"
    }
    if session.isEmpty {
      return "R trains \(recipe.method) · \(recipe.model) on \(recipe.dataset)\(time)"
    }
    switch remainingRuns {
    case 0 where session.count == 1: return "the run is done; change the recipe to add one"
    case 0: return "all \(session.count) runs are done; change the recipe to add one"
    case 1: return "R trains the remaining run\(time)"
    case let n: return "R trains \(n) runs\(time)"
    }
  }

  /// Whether `R` trains the recipe that is shown, and not what remains of the session.
  var addsRun: Bool { session.isEmpty || (screen == .method && isRecipeChanged) }

  /// "about 4 min" for all that `R` trains; nil if no finished run tells.
  var promisedTime: String? { (addsRun ? time(of: recipe) : remainingTime)?.about }

  /// Seconds that a run of this recipe takes.
  func time(of recipe: Recipe) -> Double? {
    guard let kind = RunKind(recipe) else { return nil }
    return durations.seconds(of: kind, steps: plannedSteps(kind.epochs))
  }

  /// Seconds that runs of the session take; nil unless each of them is known.
  func time(ofRuns names: [String]) -> Double? {
    let durations = durations
    let rows = Dictionary(sessionRuns.map { ($0.summary.name, $0) }) { first, _ in first }
    var sum = 0.0
    for name in names {
      guard let kind = rows[name].flatMap(RunKind.init),
        let seconds = durations.seconds(of: kind, steps: plannedSteps(kind.epochs))
      else { return nil }
      sum += seconds
    }
    return sum
  }

  /// Seconds that all unfinished runs of the session take.
  private var remainingTime: Double? {
    time(ofRuns: session.filter { $0.state != "done" }.map(\.name))
  }

  private var durations: RunDurations { RunDurations(sessions ?? [], open: sessionName) }

  /// Of one stage of a training on the open data set; nil while that is not open.
  private func plannedSteps(_ epochs: Int) -> Int? {
    guard let dataset, let batch = recipe["training.batch"].flatMap({ Int($0) }), batch > 0 else {
      return nil
    }
    return epochs * ((dataset.trainingClips.count + batch - 1) / batch)
  }

  /// Said when the first steps of a run have told what no earlier run did.
  func toldTime(_ progress: Lab.Progress, runs: Int) -> String {
    let whole = Double(run.t) / 1e9 + progress.eta
    let all = runs > 1 ? ", \((whole * Double(runs)).about) for \(runs) runs" : ""
    return "\(whole.about) for this run\(all)"
  }
}

extension Double {
  /// Seconds as "about 40 s", "about 4 min", "about 1 h 20 min".
  var about: String {
    switch self {
    case ..<5: return "a few seconds"
    case ..<55: return "about \(Int((self / 5).rounded()) * 5) s"
    case ..<3570: return "about \(max(1, Int((self / 60).rounded()))) min"
    case ..<360_000:
      let minutes = Int((self / 600).rounded()) * 10
      let rest = minutes % 60 == 0 ? "" : " \(minutes % 60) min"
      return "about \(minutes / 60) h\(rest)"
    default: return "about \(Int(self / 86_400)) days"
    }
  }
}
