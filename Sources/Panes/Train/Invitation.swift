import Canvas

/// Where the curves will be, before any run: which key starts one, and what it will learn from.
struct Invitation {
  let bench: Workbench
  let glyphs: GlyphSet

  /// The keys that start a run; while one starts, what it waits for.
  var start: [StyledText] {
    let lines = bench.isTraining ? starting : bench.isFinished ? done : waiting
    guard let preparation = bench.preparation else { return lines }
    return lines + [StyledText(""), muted(preparation.sentence)]
  }

  private var starting: [StyledText] {
    let what = bench.run.lifecycle.what ?? bench.preparation?.what ?? "the engine"
    return [title("Starting \(glyphs.ellipsis)"), StyledText(what)]
  }

  private var waiting: [StyledText] {
    [
      title("Press R to start training."),
      StyledText(bench.runPromise + (bench.sessionName.map { " of \($0)" } ?? "") + "."),
      muted("P starts it held: one phase of a batch at each P."),
    ]
  }

  private var done: [StyledText] {
    [
      title(
        bench.session.count == 1
          ? "The session's run is done." : "All \(bench.session.count) runs are done."),
      muted("6 Compare sets them side by side,"),
      muted("7 Sessions opens or replays one,"),
      muted("2 Method changes the recipe for another."),
    ]
  }

  /// What the run will learn from.
  var facts: [StyledText] {
    let recipe = muted(bench.recipeLine)
    guard let dataset = bench.dataset else {
      let isLoading = bench.preparation != nil
      return [recipe, muted(isLoading ? "" : "no data set is open: 1 Data, then enter")]
    }
    return [
      recipe,
      StyledText("\(dataset.classes.count) classes, \(dataset.clips.count) clips"),
      StyledText("\(dataset.training.observedShare.percent) of the training labels observed"),
      StyledText(""),
      muted("1 Data shows the labels,"),
      muted("2 Method changes the recipe."),
    ]
  }

  private func title(_ text: String) -> StyledText { StyledText(text, ink: .role(.title)) }
  private func muted(_ text: String) -> StyledText { StyledText(text, ink: .role(.muted)) }
}
