import Lab

/// Distances between clips, by the model and by the extractors it learns from.
extension Workbench {
  /// Extractors there are distances of, by name.
  var comparedExtractors: [String] { run.distances.keys.sorted() }

  /// The newest distances of the extractor under the cursor.
  var shownDistances: Distances? {
    let ids = comparedExtractors
    let place = min(max(0, cursors[.agreement] ?? 0), max(0, ids.count - 1))
    guard ids.indices.contains(place), let found = run.distances[ids[place]], found.size != nil
    else { return nil }
    return found
  }

  mutating func flipDistances() -> [Effect] {
    isFull = false
    train.showsDistances = trainView != .distances
    train.showsStep = false
    return []
  }

  /// Why there is nothing to show, and what would change that.
  var noDistances: [String] {
    let learns = ["con-reg", "dis-reg"].contains(run.hello?.method ?? "")
    if run.hello != nil, learns {
      return ["They are compared after each epoch: none is over yet."]
    }
    let now = run.hello.map { "\($0.method) learns from labels alone." }
    return [now ?? "No run yet."] + [
      "Con-Reg and Dis-Reg draw the model's embedding to the features of a pre-trained network:",
      "2 Method, con-reg or dis-reg, then R. After each epoch both are compared here.",
    ]
  }
}
