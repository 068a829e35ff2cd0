import Lab

/// What 4 Clips shows of a clip beside its sound: masked ones alone, classes by time, a WAV file.
extension Workbench {
  mutating func clipView(_ id: Action.ID) -> [Effect] {
    switch id {
    case .maskedOnly: return toggleMasked()
    case .activations:
      clips.showsActivations.toggle()
      return clips.showsActivations ? askActivations() : []
    default:
      guard let clip else { return said("no clip under the cursor") }
      return [.engine(.exportSound(clip: clip.id))]
    }
  }

  private static let maskedTitle = "masked"

  private mutating func toggleMasked() -> [Effect] {
    guard clips.filter.scope?.title != Self.maskedTitle else {
      clips.filter.scope = nil
      refilter()
      return lookAtClip()
    }
    guard let dataset, let mask = missing.mask, !mask.scores.isEmpty else {
      return said("this run masks nothing; label enhancing does, once its teacher is trained")
    }
    let numbers = Set(mask.scores.keys.map { $0 / max(1, dataset.classes.count) })
    let found = numbers.sorted().map { dataset.trainingClips[$0] }
    clips.filter.scope = ClipFilter.Scope(title: Self.maskedTitle, clips: found)
    refilter()
    return lookAtClip()
  }

  /// Asks for what the model says along the clip, where that is shown.
  func askActivations() -> [Effect] {
    guard clips.showsActivations, replay == nil, let clip, hasModel else { return [] }
    return [.engine(.activations(clip: clip.id))]
  }

  // MARK: what if

  /// The reference run of 6 Compare once more with twice the labels, queued and overlaid.
  mutating func queueMoreLabels() -> [Effect] {
    guard let doubled = moreLabels(than: comparedRecipe) else {
      return said("every label of the data set is observed already; there is nothing to add")
    }
    let share = Double(doubled["dataset.observed"] ?? "") ?? 1
    let kept = 1 - (Double(doubled["dataset.removed"] ?? "") ?? 0)
    let name = "\(doubled.method)-observed\((share * kept).fixed(3))-s\(doubled.seed)"
    compare.expected.insert(name)
    say("what if: \(name) is queued; it joins the plot when it has a log")
    return [.engine(.queue(doubled, name: name))]
  }

  /// Of the run that the others are measured against; without one, the recipe on 2 Method.
  private var comparedRecipe: Recipe {
    guard let settings = reference?.settings else { return recipe }
    let first = ["dataset.id", "model.id", "method.id", "seed"]
    let keys = first + settings.keys.filter { !first.contains($0) }.sorted()
    return keys.reduce(recipe) { made, key in
      guard let value = settings[key] else { return made }
      return (try? catalog.change(made, key, value)) ?? made
    }
  }

  /// Twice the observed share, or half as few labels taken away; nil where all are there.
  private func moreLabels(than recipe: Recipe) -> Recipe? {
    func number(_ key: String) -> Double? { recipe[key].flatMap { Double($0) } }
    let hides = recipe["dataset.hiding"] != "none"
    if hides, let share = number("dataset.observed"), share < 1 {
      return try? catalog.change(recipe, "dataset.observed", "\(min(1, 2 * share))")
    }
    if let removed = number("dataset.removed"), removed > 0 {
      return try? catalog.change(recipe, "dataset.removed", "\(max(0, 2 * removed - 1))")
    }
    return nil
  }
}
