import Foundation
import Lab

/// The finished run that is held, and what its checkpoint has said.
struct HeldState: ScreenState {
  var run: HeldRun?
  /// Whether a run is to be held: one that was asked for before is not taken any more.
  var isWanted = false
  /// By model and clip.
  var predictions: [String: ClipPrediction] = [:]
  /// Clips that were asked about.
  var asked: Set<String> = []
  /// Whether all clips were asked about, and whether all are answered.
  var asksAll = false
  var knowsAll = false
  /// How far a longer answer is.
  var progress: Preparation?
  /// How missing labels are ranked; nil is the usual rule of the run.
  var rule: SuggestionRule?
  /// Predictions of other sound files; nil before any.
  var sounds: ScoredSounds?
}

extension StateKey<HeldState> {
  static var held: Self { Self() }
}

extension Workbench {
  /// The held run, where it is the run that is shown, at its end: its checkpoint answers then, and
  /// not the log.
  var answering: HeldRun? {
    guard let held = shownHeld else { return nil }
    return replay.map { $0.next == $0.recording.events.count } ?? true ? held : nil
  }

  /// The held run, where it is the run that is shown.
  var shownHeld: HeldRun? {
    guard let held = self[.held].run else { return nil }
    if let replay { return replay.recording.folder == held.folder ? held : nil }
    return !isTraining && (run.started == nil || run.run == held.run) ? held : nil
  }

  /// Whether a finished run can be held without being shown first.
  var canTakeLast: Bool {
    guard replay == nil, !isTraining, !isAttached else { return false }
    return run.started == nil ? session.contains { $0.state == "done" } : run.ended != nil
  }

  /// What a network, "student" or "teacher", says of a clip: the checkpoint of the held run, else
  /// the run's newest answer.
  func prediction(_ model: String, _ clip: String) -> ClipPrediction? {
    answering == nil
      ? run.prediction(model, clip) : self[.held].predictions["\(model)/\(clip)"]
  }

  /// Whether the open data set is that of the run that is shown: another one may be looked at while
  /// a run trains, and its clips are not asked about.
  var runSeesDataset: Bool {
    guard let started = run.started, let dataset else { return true }
    return started.dataset == dataset.snapshot.id
  }

  /// Whether the run that is shown has a second network, the teacher.
  var hasTeacher: Bool { answering?.hasTeacher ?? run.hasTeacher }

  /// `student` or `teacher`: the network that is the result of the run that is shown.
  var resultNetwork: String {
    answering?.network ?? run.started.map { ResultNetwork.of($0.method) } ?? "student"
  }
}

extension HeldRun {
  /// "best @400".
  var source: String { checkpoint + (step.map { " @\($0)" } ?? "") }
  /// "S @400": the letter of the network that is the result, and the step.
  var short: String { RunMark.network(network) + (step.map { " @\($0)" } ?? "") }
}

/// A finished run on 4 Clips: loading it, asking it about clips.
enum Holding {
  /// A run that is over is loaded when its log is shown.
  static func take(_ bench: inout Workbench, _ recording: Recording) -> [Effect] {
    bench[.held] = HeldState()
    guard let recipe = recording.recipe, recipe.outside == nil,
      recording.events.last?.body is RunEnded
    else { return [] }
    bench[.held].isWanted = true
    return [.engine(.held(.take(recording.folder)))]
  }

  static func letGo(_ bench: inout Workbench) -> [Effect] {
    guard bench[.held].isWanted else { return [] }
    bench[.held] = HeldState()
    return [.engine(.held(.letGo))]
  }

  /// Before something is asked of the run that ended last: it is loaded if it is not held.
  static func takeLast(_ bench: inout Workbench) -> [Effect] {
    guard bench.answering == nil else { return [] }
    bench[.held].isWanted = true
    return [.engine(.held(.takeLast))]
  }

  /// Asks about the clip under the cursor, then about all of them while nothing is trained.
  static func ask(_ bench: inout Workbench) -> [Effect] {
    guard bench.screen == ClipScreen.id, bench.shownHeld != nil, bench.dataset != nil else {
      return []
    }
    var effects: [Effect] = []
    if let clip = ClipScreen.clip(bench), !bench[.held].knowsAll,
      bench[.held].asked.insert(clip.id).inserted
    {
      effects.append(.engine(.held(.predict(clips: [clip.id]))))
    }
    return bench.isTraining ? effects : effects + askAll(&bench)
  }

  static func askAll(_ bench: inout Workbench) -> [Effect] {
    guard !bench[.held].asksAll else { return [] }
    bench[.held].asksAll = true
    return [.engine(.held(.predictAll))]
  }

  /// "scored 64/240" while the checkpoint is asked about all clips.
  static func note(_ bench: Workbench) -> String? {
    guard bench.answering != nil, let dataset = bench.dataset, bench[.held].asksAll,
      !bench[.held].knowsAll
    else { return nil }
    let networks = bench.hasTeacher ? 2 : 1
    return "scored \(bench[.held].predictions.count / networks)/\(dataset.clips.count)"
  }

  // MARK: answers

  static func hear(_ message: HeldMessage, _ bench: inout Workbench) -> [Effect] {
    switch message {
    case .loaded(let run): return take(&bench, run)
    case .progress(let progress): bench[.held].progress = progress
    case .predictions(let found, let folder, let isLast):
      return take(&bench, found, of: folder, isLast: isLast)
    case .suggestions(let found, let rule): return Annotation.take(&bench, found, by: rule)
    case .wrongLabels(let found): WrongLabelList.show(found, &bench)
    case .soundsBegan, .sound, .soundsEnded: ScoredSounds.hear(message, &bench)
    case .exists(let format, let path): bench.overlay = Menu.replace(path, format)
    }
    return []
  }

  private static func take(_ bench: inout Workbench, _ run: HeldRun) -> [Effect] {
    guard bench[.held].isWanted else { return [] }
    guard bench[.held].run != run else { return ask(&bench) }
    let rule = bench[.held].rule
    bench[.held] = HeldState()
    (bench[.held].run, bench[.held].rule, bench[.held].isWanted) = (run, rule, true)
    if !bench[.annotation].isOn {
      let step = run.step.map { " of step \($0)" } ?? ""
      bench.say("\(run.run): \(run.model), \(run.checkpoint) checkpoint\(step); 4 Clips asks it")
    }
    return ask(&bench)
  }

  private static func take(
    _ bench: inout Workbench, _ found: [ClipPrediction], of folder: URL, isLast: Bool
  ) -> [Effect] {
    guard bench[.held].run?.folder == folder else { return [] }
    for new in found { bench[.held].predictions["\(new.model)/\(new.clip)"] = new }
    bench[.held].progress = nil
    if isLast { bench[.held].knowsAll = true }
    return bench.answering == nil ? [] : ClipScreen.sortAgain(&bench)
  }

  /// What the engine refused ends the wait for it.
  static func fail(_ bench: inout Workbench) {
    bench[.held].progress = nil
    bench[.held].asksAll = bench[.held].knowsAll
    if bench[.annotation].rule != nil, bench[.annotation].questions.isEmpty {
      Annotation.close(&bench)
    }
  }
}
